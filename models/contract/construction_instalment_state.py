from odoo import api, fields, models

from .construction_contract import LIVE_STATES
from .ledger import NO_MONEY, add_money, read_money


class ConstructionInstalment(models.Model):
    """What the accounting says of an instalment: its sums and its state."""

    _inherit = "construction.instalment"

    # === COMPUTE === #

    @api.depends(
        "amount",
        "kind",
        "date_due",
        "contract_id.state",
        "amount_booked",
        # matches and states, not amounts: see ledger.py
        "invoice_ids.state",
        "invoice_ids.line_ids.matched_debit_ids",
        "invoice_ids.line_ids.matched_credit_ids",
        "collection_ids.amount_open",
    )
    def _compute_money(self):
        today = fields.Date.context_today(self)
        idle = self.filtered(lambda row: not (row.invoice_ids or row.collection_ids))
        idle._set_zero("amount_invoiced", "amount_collected", "amount_overdue")
        idle._set_each("amount_residual", idle.mapped("amount"))
        states = [instalment._get_open_state(today) for instalment in idle]
        idle._set_each("state", [state for state, _date in states])
        idle._set_each("date_next_check", [date for _state, date in states])
        # a draft has no money to tell of
        posted = self.invoice_ids.filtered(lambda move: move.state == "posted")
        money_by_move = read_money(posted)
        for instalment in self - idle:
            money = NO_MONEY
            for move in instalment.invoice_ids & posted:
                money = add_money(money, instalment.contract_id._convert_money(move, money_by_move[move]))
            collected = money.received + sum(instalment.collection_ids.mapped("amount_open"))
            instalment.amount_invoiced = money.invoiced
            instalment.amount_collected = collected
            asked = instalment.amount
            if instalment.amount_booked:
                asked = instalment.amount_booked + instalment._get_coins()
            instalment.amount_residual = asked - collected
            instalment.amount_overdue = 0.0
            instalment._set_state(money, today)

    # === BUSINESS === #

    def _set_state(self, money, today):
        """Set state, overdue amount where there is one, and the next day time alone may change them."""
        self.ensure_one()
        currency = self.currency_id or self.env.company.currency_id
        if self.contract_id.state == "cancelled" or currency.compare_amounts(self.amount_booked, 0.0) <= 0:
            self.state, self.date_next_check = self._get_open_state(today)
        else:
            self._set_billed_state(money, currency)

    def _get_open_state(self, today):
        """Give the state of a row nobody was billed, and the next day time alone may change it."""
        if self.contract_id.state == "cancelled":
            return "cancelled", False
        is_live = self.contract_id.state in LIVE_STATES
        is_due = is_live and self.date_due and self.date_due <= today
        return ("due", False) if is_due else ("waiting", is_live and self.date_due)

    def _set_billed_state(self, money, currency):
        open_amount = money.invoiced - money.received
        overdue = min(money.overdue, open_amount)
        self.date_next_check = money.next_date
        if currency.compare_amounts(overdue, 0.0) > 0:
            self.state = "overdue"
            self.amount_overdue = overdue
        elif currency.compare_amounts(self.amount_residual, 0.0) <= 0 and not currency.is_zero(money.invoiced):
            self.state = "collected"
        elif currency.compare_amounts(self.amount_collected, 0.0) > 0:
            self.state = "partial"
        else:
            self.state = "invoiced"
