from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .construction_contract import LIVE_STATES
from .construction_instalment import BILLED_STATES

JOINABLE_STATES = ("draft", "signed", "running", "completed")


class ConstructionContract(models.Model):
    """The orders of a contract, and what they make it worth: as signed, and now."""

    _inherit = "construction.contract"

    amount_original = fields.Monetary(
        string="Original Value",
        readonly=True,
        copy=False,
        help="What the contract was worth when it was signed, taxes included.",
    )
    amount_variations = fields.Monetary(
        string="Variations",
        compute="_compute_amount_variations",
        # lists sum it
        store=True,
        help="What was added to the contract, or taken out of it, since it was signed.",
    )

    # === COMPUTE === #

    @api.depends("state", "amount_original", "amount_total")
    def _compute_amount_variations(self):
        for contract in self:
            variations = contract.amount_total - contract.amount_original if contract.state in LIVE_STATES else 0.0
            contract.amount_variations = (contract.currency_id or contract.company_id.currency_id).round(variations)

    # === CRUD === #

    def _init_column(self, column_name):
        """Contracts signed before this column was there: their value of today is the original one."""
        if column_name != "amount_original":
            return super()._init_column(column_name)
        self.env.cr.execute(
            SQL("UPDATE construction_contract SET amount_original = amount_total WHERE state IN %s", LIVE_STATES)
        )
        return None

    # === BUSINESS === #

    def _prepare_sign_values(self):
        return {**super()._prepare_sign_values(), "amount_original": self.amount_total}

    def _is_settled(self):
        """Whether the account is drawn up: what comes later needs a contract of its own."""
        self.ensure_one()
        # reason of sudo: a salesperson may not read every invoice
        contract = self.sudo()
        finals = contract.instalment_ids.filtered(lambda row: row.kind == "final" and row.state in BILLED_STATES)
        return bool(finals) or any(order._has_regular_invoice() for order in contract.order_ids)

    def _get_join_refusal(self, order):
        """Why an order cannot become part of this contract.

        :return: a sentence, empty when it can
        """
        self.ensure_one()
        values = {"order": order.name, "contract": self.name}
        if self.state not in JOINABLE_STATES:
            return self.env._("Order %(order)s cannot join contract %(contract)s: it is closed or cancelled.", **values)
        if order.company_id != self.company_id:
            return self.env._("Order %(order)s cannot join contract %(contract)s of another company.", **values)
        if order.partner_id.commercial_partner_id != self.partner_id.commercial_partner_id:
            return self.env._("Order %(order)s cannot join contract %(contract)s of another client.", **values)
        if self.order_ids and order.currency_id != self.currency_id:
            return self.env._(
                "Order %(order)s cannot join contract %(contract)s: their currencies are different.", **values
            )
        if self._is_settled():
            return self.env._(
                "Order %(order)s cannot join contract %(contract)s: its final invoice is made. "
                "Create a contract of its own.",
                **values,
            )
        return ""

    def _join_orders(self, orders):
        """Make confirmed orders part of this contract: its value and its plan follow.

        :raises UserError: one of them cannot join, nothing is changed then
        """
        self.ensure_one()
        self._lock_rows()
        for order in orders:
            if reason := self._get_join_refusal(order):
                raise UserError(reason)
        before = self._get_plan_amounts()
        total = self.amount_total
        orders._set_contract(self)
        reason = self.env._(
            "Joined the contract: %(orders)s. Its value went from %(before)s to %(after)s.",
            orders=", ".join(orders.mapped("name")),
            before=self.currency_id.format(total),
            after=self.currency_id.format(self.amount_total),
        )
        if not self._log_plan_change(before, reason):
            self.message_post(body=reason)

    def _release_orders(self, orders):
        """Take cancelled orders out of a draft that has others; the contract goes on with those."""
        self.ensure_one()
        before = self._get_plan_amounts()
        orders._set_contract(self.browse())
        reason = self.env._("Left the contract: %(orders)s.", orders=", ".join(orders.mapped("name")))
        if not self._log_plan_change(before, reason):
            self.message_post(body=reason)
