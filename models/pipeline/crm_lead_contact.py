from odoo import api, fields, models


class CrmLead(models.Model):
    """The contacts with the client on a deal."""

    _inherit = "crm.lead"

    contact_record_ids = fields.One2many("construction.contact.record", "lead_id", string="Contacts")
    last_contact_date = fields.Datetime(
        string="Last Contact",
        compute="_compute_last_contact_date",
        # Stored: lists sort and filter by it; precomputed, so that a new deal costs no query.
        store=True,
        precompute=True,
        copy=False,
        help="When someone last wrote down a contact with the client.",
    )

    @api.depends("contact_record_ids.date")
    def _compute_last_contact_date(self):
        self.env["construction.contact.record"]._fill_last_contact(self, "lead_id")

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        # sudo: whoever may merge the deals may not see every contact.
        opportunities.sudo().contact_record_ids._relink_lead(self.sudo())
        return result

    # === ACTION === #

    def action_add_contact(self):
        """Ask for one contact with the client of this deal."""
        self.ensure_one()
        return self.env["construction.contact.record"]._prepare_quick_entry(
            lead_id=self.id, partner_id=self.partner_id.id
        )

    def action_view_contacts(self):
        """Show the whole history with the client of this deal."""
        self.ensure_one()
        return self.env["construction.interaction"]._prepare_history(
            self.env._("Contacts of %(document)s", document=self.name),
            [("lead_id", "=", self.id)],
            lead_id=self.id,
            partner_id=self.partner_id.id,
        )
