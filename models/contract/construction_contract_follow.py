from odoo import api, fields, models
from odoo.fields import Domain

from .overdue_limit import describe, is_beyond, read_overdue_dates


class ConstructionContract(models.Model):
    """Following up: the limit of overdue money, and the roads to reminders and statement."""

    _inherit = "construction.contract"

    is_over_limit = fields.Boolean(
        string="Overdue Beyond Limit",
        compute="_compute_is_over_limit",
        search="_search_is_over_limit",
    )
    overdue_warning = fields.Char(compute="_compute_is_over_limit")

    # === COMPUTE === #

    @api.depends("amount_overdue", "construction_type_id", "company_id")
    def _compute_is_over_limit(self):
        late = self.filtered(lambda contract: contract.amount_overdue > 0)
        # reason of sudo: the warning is the same for everybody who sees the contract
        dates = read_overdue_dates(self.env["construction.instalment"].sudo(), "contract_id", late)
        today = fields.Date.context_today(self)
        for contract in self:
            contract.is_over_limit = contract.overdue_warning = False
            if contract not in late:
                continue
            company, date = contract.company_id, dates.get(contract._origin.id)
            amount = contract.currency_id._convert(contract.amount_overdue, company.currency_id, company, today)
            if is_beyond(company, contract.construction_type_id, amount, date):
                contract.is_over_limit = True
                contract.overdue_warning = describe(contract, contract.amount_overdue, contract.currency_id, date)

    def _search_is_over_limit(self, operator, value):
        if operator != "in":
            return NotImplemented
        # few contracts have overdue money
        late = self.search([("amount_overdue", ">", 0)]).filtered("is_over_limit")
        return Domain("id", "in", late.ids)

    # === ACTION === #

    def action_view_overdue(self):
        """What is overdue on this contract."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("construction_crm.construction_instalment_action_overdue")
        return {**action, "domain": [("contract_id", "=", self.id)], "context": {"search_default_overdue": 1}}

    def action_print_statement(self):
        """Ask for the period of the statement of this contract."""
        self.ensure_one()
        return {
            "name": self.env._("Statement of Account"),
            "type": "ir.actions.act_window",
            "res_model": "construction.statement",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_partner_id": self.partner_id.commercial_partner_id.id,
                "default_company_id": self.company_id.id,
                "default_contract_ids": self.ids,
            },
        }
