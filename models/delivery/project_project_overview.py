from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import date_utils, format_amount, format_date

from ..pipeline.compute_again import compute_again

# Those who may read every contract, with its sums.
MONEY_GROUPS = (
    "project.group_project_user,sales_team.group_sale_salesman_all_leads,"
    "account.group_account_invoice,account.group_account_readonly"
)
# Those who may read some: each sees the instalments of his own.
INSTALMENT_GROUPS = f"{MONEY_GROUPS},sales_team.group_sale_salesman"
SIGNED_STATES = ("signed", "running", "completed", "closed")


class ProjectProject(models.Model):
    """Where each construction project stands: its next stage, its money, its delay."""

    _inherit = "project.project"

    # Stored: lists sort, filter and group by them. Stages of works refresh them, see `_refresh_next_stage`.
    next_stage_milestone_id = fields.Many2one(
        "project.milestone",
        string="Next Stage",
        compute="_compute_next_stage",
        store=True,
        precompute=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
        help="The first stage of works that is not reached yet.",
    )
    next_stage_date = fields.Date(
        string="Next Stage Due",
        compute="_compute_next_stage",
        store=True,
        precompute=True,
        copy=False,
        groups="base.group_user",
    )
    days_late = fields.Integer(
        compute="_compute_days_late",
        search="_search_days_late",
        groups="base.group_user",
        help="Days by which the next stage of works, or the end of the project, is overdue.",
    )
    # Stored, to sum and compare them in lists; all of them follow the contracts by themselves.
    overview_currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_contract_sums",
        store=True,
        precompute=True,
        copy=False,
        groups=MONEY_GROUPS,
        export_string_translation=False,
    )
    amount_contract = fields.Monetary(
        string="Contract Value",
        compute="_compute_contract_sums",
        store=True,
        precompute=True,
        copy=False,
        currency_field="overview_currency_id",
        groups=MONEY_GROUPS,
        help="Of the signed contracts of the deal, taxes included.",
    )
    percent_invoiced = fields.Float(
        string="Invoiced (%)",
        compute="_compute_contract_sums",
        store=True,
        precompute=True,
        copy=False,
        digits=(7, 2),
        aggregator="avg",
        groups=MONEY_GROUPS,
    )
    percent_collected = fields.Float(
        string="Collected (%)",
        compute="_compute_contract_sums",
        store=True,
        precompute=True,
        copy=False,
        digits=(7, 2),
        aggregator="avg",
        groups=MONEY_GROUPS,
    )
    percent_to_invoice = fields.Float(
        string="Done, Not Invoiced (%)",
        compute="_compute_percent_to_invoice",
        store=True,
        copy=False,
        digits=(7, 2),
        aggregator=None,
        groups=MONEY_GROUPS,
        help="By how much the works are ahead of the invoices. Nothing without a signed contract.",
    )
    next_instalment_name = fields.Char(
        string="Next Instalment",
        compute="_compute_next_instalment",
        groups=INSTALMENT_GROUPS,
        help="The first row of the payment plan that is not invoiced yet.",
    )
    next_instalment_date = fields.Date(
        string="Instalment On",
        compute="_compute_next_instalment",
        groups=INSTALMENT_GROUPS,
        help="The day it is due, or expected to be.",
    )
    next_instalment_amount = fields.Monetary(
        string="Instalment Amount",
        compute="_compute_next_instalment",
        currency_field="next_instalment_currency_id",
        groups=INSTALMENT_GROUPS,
    )
    next_instalment_currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_next_instalment",
        groups=INSTALMENT_GROUPS,
        export_string_translation=False,
    )

    # === COMPUTE === #

    def _compute_next_stage(self):
        known = self._origin
        by_project = {}
        if known:
            milestones = self.env["project.milestone"].search(
                [("project_id", "in", known.ids), ("project_stage_id", "!=", False), ("is_reached", "=", False)]
            )
            by_project = milestones.grouped("project_id")
        for project in self:
            stage = by_project.get(project._origin, self.env["project.milestone"])[:1]
            project.next_stage_milestone_id = stage
            project.next_stage_date = stage.deadline

    @api.depends("next_stage_date", "next_stage_milestone_id", "date")
    def _compute_days_late(self):
        today = fields.Date.context_today(self)
        for project in self:
            days = [project.next_stage_date] if project.next_stage_date else []
            if project.next_stage_milestone_id and project.date:
                days.append(project.date)
            project.days_late = max((today - min(days)).days, 0) if days else 0

    def _search_days_late(self, operator, value):
        if operator == "in":
            return Domain.OR(
                self._get_late_domain(days - 1) & ~self._get_late_domain(days) if days else ~self._get_late_domain(0)
                for days in (int(days) for days in value)
            )
        if operator in (">", "<="):
            late = self._get_late_domain(int(value))
        elif operator in (">=", "<"):
            late = self._get_late_domain(int(value) - 1)
        else:
            return NotImplemented
        return late if operator in (">", ">=") else ~late

    @api.model
    def _get_late_domain(self, days):
        """Projects that are late by more than so many days."""
        if days < 0:
            return Domain.TRUE
        before = date_utils.subtract(fields.Date.context_today(self), days=days)
        return Domain("next_stage_date", "<", before) | (
            Domain("next_stage_milestone_id", "!=", False) & Domain("date", "<", before)
        )

    @api.depends(
        "lead_id.contract_ids.state",
        "lead_id.contract_ids.amount_total",
        "lead_id.contract_ids.amount_invoiced",
        "lead_id.contract_ids.amount_collected",
    )
    def _compute_contract_sums(self):
        for project in self:
            contracts = project.lead_id.contract_ids.filtered(lambda contract: contract.state in SIGNED_STATES)
            currency = contracts.company_id[:1].currency_id
            value, invoiced, collected = (
                sum(self._convert_sum(contract, contract[name], currency) for contract in contracts)
                for name in ("amount_total", "amount_invoiced", "amount_collected")
            )
            project.overview_currency_id = currency
            project.amount_contract = value
            project.percent_invoiced = 100 * invoiced / value if value else 0.0
            project.percent_collected = 100 * collected / value if value else 0.0

    def _convert_sum(self, contract, amount, currency):
        """A sum of a contract in another currency, at the rate of the day it was signed."""
        if contract.currency_id == currency:
            return amount
        day = contract.date_signed or fields.Date.context_today(self)
        return contract.currency_id._convert(amount, currency, contract.company_id, day)

    @api.depends("progress_percent", "percent_invoiced", "amount_contract")
    def _compute_percent_to_invoice(self):
        for project in self:
            ahead = project.progress_percent - project.percent_invoiced
            project.percent_to_invoice = max(ahead, 0.0) if project.amount_contract else 0.0

    @api.depends_context("uid", "allowed_company_ids")
    @api.depends("lead_id")
    def _compute_next_instalment(self):
        Instalment = self.env["construction.instalment"]
        by_lead = {}
        if self.lead_id and Instalment.has_access("read"):
            # The rules of the reader leave a salesperson those of his own deals.
            rows = Instalment.search(
                [
                    ("lead_id", "in", self.lead_id.ids),
                    ("state", "in", ("waiting", "due")),
                    ("contract_id.state", "in", SIGNED_STATES),
                ],
                order="date_expected, sequence, id",
            )
            by_lead = rows.grouped("lead_id")
        for project in self:
            row = by_lead.get(project.lead_id, Instalment)[:1]
            project.next_instalment_name = row.name
            project.next_instalment_date = row.date_expected
            project.next_instalment_amount = row.amount
            project.next_instalment_currency_id = row.currency_id

    # === ACTION === #

    def get_panel_data(self):
        """The side panel of stock's project dashboard, with our figures on a construction project."""
        data = super().get_panel_data()
        if data and self.construction_type_id:
            data["construction"] = self._get_overview_rows()
        return data

    # === BUSINESS === #

    def _refresh_next_stage(self):
        """Find the next stage anew: a stage of works was added, dated, reached, moved or removed."""
        compute_again(self, "next_stage_milestone_id", "next_stage_date")

    def _get_overview_rows(self):
        """What the dashboard tells of this project, as far as the user may see it.

        :return: list of dicts ``name``, ``label``, ``text``, ``percent`` (or None), ``is_late``
        """
        self.ensure_one()
        rows = [self._prepare_overview_row("progress_percent", percent=self.progress_percent)]
        for name in ("percent_invoiced", "percent_collected"):
            if self._has_field_access(self._fields[name], "read") and self.amount_contract:
                rows.append(self._prepare_overview_row(name, percent=self[name]))
        stage = self.next_stage_milestone_id
        if stage:
            text = [stage.name, self.next_stage_date and format_date(self.env, self.next_stage_date)]
            rows.append(self._prepare_overview_row("next_stage_milestone_id", text=text, is_late=self.days_late > 0))
        if self._has_field_access(self._fields["next_instalment_name"], "read") and self.next_instalment_name:
            text = [
                self.next_instalment_name,
                self.next_instalment_date and format_date(self.env, self.next_instalment_date),
                format_amount(self.env, self.next_instalment_amount, self.next_instalment_currency_id),
            ]
            rows.append(self._prepare_overview_row("next_instalment_name", text=text))
        if self.last_contact_date:
            day = fields.Datetime.context_timestamp(self, self.last_contact_date).date()
            rows.append(self._prepare_overview_row("last_contact_date", text=[format_date(self.env, day)]))
        return rows

    def _prepare_overview_row(self, name, text=(), percent=None, is_late=False):
        return {
            "name": name,
            "label": self._fields[name]._description_string(self.env),
            "text": " · ".join(part for part in text if part),
            "percent": percent,
            "is_late": is_late,
        }
