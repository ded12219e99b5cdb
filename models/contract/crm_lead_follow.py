from odoo import api, fields, models
from odoo.fields import Domain

from .overdue_limit import describe, is_beyond, read_overdue_dates


class CrmLead(models.Model):
    """The limit of overdue money on a deal, and the roads to reminders and statement."""

    _inherit = "crm.lead"

    is_over_limit = fields.Boolean(
        string="Overdue Beyond Limit",
        compute="_compute_is_over_limit",
        search="_search_is_over_limit",
        compute_sudo=True,
    )
    overdue_warning = fields.Char(compute="_compute_is_over_limit", compute_sudo=True)

    # === COMPUTE === #

    @api.depends("amount_overdue", "construction_type_id", "company_id")
    def _compute_is_over_limit(self):
        late = self.filtered(lambda lead: lead.amount_overdue > 0)
        dates = read_overdue_dates(self.env["construction.instalment"], "lead_id", late)
        (self - late).is_over_limit = False
        (self - late).overdue_warning = False
        for lead in late:
            company, date = lead.company_id or self.env.company, dates.get(lead._origin.id)
            is_over = is_beyond(company, lead.construction_type_id, lead.amount_overdue, date)
            lead.is_over_limit = is_over
            lead.overdue_warning = is_over and describe(lead, lead.amount_overdue, lead.company_currency, date)

    def _search_is_over_limit(self, operator, value):
        if operator != "in":
            return NotImplemented
        # few deals have overdue money
        late = self.search([("amount_overdue", ">", 0)]).filtered("is_over_limit")
        return Domain("id", "in", late.ids)

    # === ACTION === #

    def action_view_overdue(self):
        """What is overdue on this deal."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("construction_crm.construction_instalment_action_overdue")
        return {**action, "domain": [("lead_id", "=", self.id)], "context": {"search_default_overdue": 1}}

    def action_print_statement(self):
        """Ask for the period of the statement of this deal's contracts."""
        self.ensure_one()
        client = (self.contract_ids.partner_id or self.partner_id).commercial_partner_id[:1]
        return {
            "name": self.env._("Statement of Account"),
            "type": "ir.actions.act_window",
            "res_model": "construction.statement",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_partner_id": client.id, "default_contract_ids": self.contract_ids.ids},
        }
