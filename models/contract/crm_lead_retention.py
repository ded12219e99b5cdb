from odoo import api, fields, models

from .ledger import read_money


class CrmLead(models.Model):
    _inherit = "crm.lead"

    amount_retained = fields.Monetary(
        string="Kept Back",
        compute="_compute_retained",
        store=True,
        compute_sudo=True,
        currency_field="company_currency",
        help="What the client keeps back of this deal and was not released yet.",
    )
    amount_retention_released = fields.Monetary(
        string="Retention Released",
        compute="_compute_retained",
        store=True,
        compute_sudo=True,
        currency_field="company_currency",
    )

    # === COMPUTE === #

    # apart from `_compute_money`: the ledger of a deal need not be read again because a plan was edited
    @api.depends("has_contract", "instalment_ids.amount_retained", "instalment_ids.amount_retention_released")
    def _compute_retained(self):
        """As the ledger has it where it is billed; an instalment of its own counts before its invoice, too."""
        for lead in self:
            rows = lead.instalment_ids if lead.has_contract else self.env["construction.instalment"]
            rows = rows.filtered(lambda row: row.amount_retained or row.amount_retention_released)
            retained = released = 0.0
            own = rows.filtered(lambda row: row.kind == "retention")
            for row in own:
                order = row.contract_id.order_ids[:1]
                retained += lead._convert_order(order, row.amount_retained)
                released += lead._convert_order(order, row.amount_retention_released)
            moves = (rows - own).invoice_ids.filtered(lambda move: move.state == "posted")
            for money in read_money(moves, company_currency=True).values():
                retained += money.retained
                released += money.released
            lead.amount_retained = retained
            lead.amount_retention_released = released
