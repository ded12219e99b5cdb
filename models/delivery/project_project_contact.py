from odoo import api, fields, models


class ProjectProject(models.Model):
    """The contacts with the client on a project, those of its deal among them."""

    _inherit = "project.project"

    contact_record_ids = fields.One2many(
        "construction.contact.record",
        "project_id",
        string="Contacts",
        groups="base.group_user",
    )
    last_contact_date = fields.Datetime(
        string="Last Contact",
        compute="_compute_last_contact_date",
        # Stored: lists sort and filter by it; precomputed, so that a new project costs no query.
        store=True,
        precompute=True,
        copy=False,
        groups="base.group_user",
        help="When someone last wrote down a contact with the client.",
    )

    @api.depends("contact_record_ids.date")
    def _compute_last_contact_date(self):
        self.env["construction.contact.record"]._fill_last_contact(self, "project_id")

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        projects = super().create(vals_list)
        if any(vals.get("lead_id") for vals in vals_list):
            projects._take_contacts_of_deal()
        return projects

    def write(self, vals):
        res = super().write(vals)
        if vals.get("lead_id"):
            self._take_contacts_of_deal()
        return res

    # === ACTION === #

    def action_add_contact(self):
        """Ask for one contact with the client of this project."""
        self.ensure_one()
        return self.env["construction.contact.record"]._prepare_quick_entry(
            project_id=self.id, partner_id=self.partner_id.id
        )

    def action_view_contacts(self):
        """Show the whole history of this project and of its deal, as far as the user may see it."""
        self.ensure_one()
        domain = [("project_id", "=", self.id)]
        if self.lead_id:
            domain = ["|", *domain, ("lead_id", "=", self.lead_id.id)]
        return self.env["construction.interaction"]._prepare_history(
            self.env._("Contacts of %(document)s", document=self.name),
            domain,
            project_id=self.id,
            partner_id=self.partner_id.id,
        )

    # === BUSINESS === #

    def _take_contacts_of_deal(self):
        """Have the contacts of the deals stand on their projects too, except where another running one has them."""
        # sudo: who starts a project may not read the contacts of its deal
        records = self.env["construction.contact.record"].sudo()
        records = records.with_context(active_test=False).search([("lead_id", "in", self.sudo().lead_id.ids)])
        loose = records.filtered(lambda record: not record.project_id.active)
        for project in self.sudo().filtered("active"):
            loose.filtered(lambda record, deal=project.lead_id: record.lead_id == deal).project_id = project
