from odoo import models


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    def _action_send_mail(self, auto_commit=False):
        # What stock sends by a template carries the quote or the link to it; a plain message does not.
        for composer in self.filtered(lambda composer: composer.model == "sale.order" and composer.template_id):
            self.env["sale.order"].browse(composer._evaluate_res_ids())._check_approved()
        return super()._action_send_mail(auto_commit=auto_commit)
