from odoo import api, models


class AccountMoveSend(models.AbstractModel):
    _inherit = "account.move.send"

    @api.model
    def _get_default_mail_partner_ids(self, move, mail_template, mail_lang):
        """Propose the parties of the deal that get invoices, for the invoices of its payment plan."""
        partners = super()._get_default_mail_partner_ids(move, mail_template, mail_lang)
        if not move.instalment_id:
            return partners
        # reason of sudo: who sends the invoice need not see the deal
        return partners | move.sudo().instalment_id.lead_id.party_ids._get_recipients("invoice").sudo(self.env.su)
