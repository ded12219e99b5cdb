from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_add_contact(self):
        """Ask for one contact with this client."""
        self.ensure_one()
        return self.env["construction.contact.record"]._prepare_quick_entry(partner_id=self.id)

    def action_view_contacts(self):
        """Show the whole history with this client and the client's people."""
        self.ensure_one()
        return self.env["construction.interaction"]._prepare_history(
            self.env._("Contacts of %(document)s", document=self.display_name),
            [("partner_id", "child_of", self.commercial_partner_id.id)],
            partner_id=self.id,
        )
