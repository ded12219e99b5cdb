from odoo import api, fields, models
from odoo.fields import Domain

from .overdue_limit import describe, is_beyond, read_overdue_dates


class ConstructionOverdueMixin(models.AbstractModel):
    """The warning of too much overdue money, and the roads to what is overdue and to the statement.

    For records with `amount_overdue`, a construction type and a company.
    """

    _name = "construction.overdue.mixin"
    _description = "Warning of Overdue Money"

    # The warning is the same for everybody who sees the record, whether or not he reads its instalments.
    is_over_limit = fields.Boolean(
        string="Overdue Beyond Limit",
        compute="_compute_is_over_limit",
        search="_search_is_over_limit",
        compute_sudo=True,
    )
    overdue_warning = fields.Char(compute="_compute_is_over_limit", compute_sudo=True)

    # === COMPUTE === #

    def _compute_is_over_limit(self):
        late = self.filtered(lambda record: record.amount_overdue > 0)
        (self - late).is_over_limit = False
        (self - late).overdue_warning = False
        dates = read_overdue_dates(self.env["construction.instalment"], self._get_instalment_link(), late)
        today = fields.Date.context_today(self)
        for record in late:
            company, date = record.company_id or self.env.company, dates.get(record._origin.id)
            currency = record._get_overdue_currency()
            amount = currency._convert(record.amount_overdue, company.currency_id, company, today)
            is_over = is_beyond(company, record.construction_type_id, amount, date)
            record.is_over_limit = is_over
            record.overdue_warning = is_over and describe(record, record.amount_overdue, currency, date)

    @api.model
    def _search_is_over_limit(self, operator, value):
        if operator != "in":
            return NotImplemented
        # few have overdue money
        late = self.search([("amount_overdue", ">", 0)]).filtered("is_over_limit")
        return Domain("id", "in", late.ids)

    # === ACTION === #

    def action_view_overdue(self):
        """What is overdue here."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("construction_crm.construction_instalment_action_overdue")
        domain = [(self._get_instalment_link(), "=", self.id)]
        return {**action, "domain": domain, "context": {"search_default_overdue": 1}}

    def action_print_statement(self):
        """Ask for the period of the statement of account."""
        self.ensure_one()
        contracts = self._get_statement_contracts()
        client = (contracts.partner_id or self.partner_id).commercial_partner_id[:1]
        return {
            "name": self.env._("Statement of Account"),
            "type": "ir.actions.act_window",
            "res_model": "construction.statement",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_partner_id": client.id,
                "default_company_id": (contracts.company_id or self.company_id or self.env.company)[:1].id,
                "default_contract_ids": contracts.ids,
            },
        }

    # === HOOKS === #

    @api.model
    def _get_instalment_link(self):
        """The field of instalments that leads here."""
        raise NotImplementedError

    def _get_overdue_currency(self):
        """The currency of `amount_overdue`."""
        raise NotImplementedError

    def _get_statement_contracts(self):
        """The contracts a statement asked for here is about."""
        raise NotImplementedError
