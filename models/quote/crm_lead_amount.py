from odoo import api, fields, models

from ..pipeline.crm_lead_amount import keep_amount

# Quotes and orders that stand for something a client may still pay, or has ordered.
LIVE_STATES = ("draft", "sent", "sale")
# What the form of a deal takes from its orders.
ORDER_FIELDS = (
    "amount_untaxed",
    "company_id",
    "currency_id",
    "date_order",
    "margin",
    "original_id",
    "project_id",
    "state",
    "superseded_by_id",
    "variant_of_id",
)


class ConstructionType(models.Model):
    _inherit = "construction.type"

    amount_mode = fields.Selection(
        selection_add=[("quote", "Its Quotes"), ("orders", "Its Orders")],
        ondelete={"quote": "set default", "orders": "set default"},
        default="quote",
    )


class CrmLead(models.Model):
    """The expected revenue of a deal by its quotes and orders, each job counted once."""

    _inherit = "crm.lead"

    amount_mode = fields.Selection(
        selection_add=[("quote", "Its Quotes"), ("orders", "Its Orders")],
        ondelete={"quote": keep_amount, "orders": keep_amount},
    )

    # === COMPUTE === #

    @api.depends(
        "order_ids.state",
        "order_ids.amount_untaxed",
        "order_ids.currency_id",
        "order_ids.superseded_by_id",
        "order_ids.variant_of_id",
    )
    def _compute_expected_revenue(self):
        return super()._compute_expected_revenue()

    # === BUSINESS === #

    def _update_revenues_from_so(self, order):
        # A deal with a mode follows it, downwards too, or stays as it was typed.
        return super(CrmLead, self.filtered(lambda lead: not lead.amount_mode))._update_revenues_from_so(order)

    def _get_live_orders(self):
        """The quotes and orders of this deal that count, one of each job.

        Of the issues and variants of a quote these are one job: what was confirmed; else what the client has in
        hand, the latest of it; else the latest draft. A quote that was replaced, closed or cancelled counts nothing.

        :return: sale.order
        """
        self.ensure_one()
        jobs = {}
        for order in self.order_ids:
            if order.state in LIVE_STATES and not order.superseded_by_id:
                root = order.variant_of_id or order.original_id or order
                jobs.setdefault(root, []).append(order)
        rank = {state: place for place, state in enumerate(LIVE_STATES)}
        chosen = [max(orders, key=lambda order: (rank[order.state], order._origin.id or 0)) for orders in jobs.values()]
        return self.env["sale.order"].union(*chosen)

    def _add_up_orders(self, orders, field):
        """Add up an amount of orders in the currency of the deal's company, each at the rate of its day."""
        self.ensure_one()
        return sum(self._convert_order(order, order[field]) for order in orders)

    def _convert_order(self, order, amount):
        """An amount of an order in the currency of the deal, at the rate of the order."""
        target = self.company_currency or self.env.company.currency_id
        if order.currency_id == target:
            return amount
        return order.currency_id._convert(
            amount, target, order.company_id, order.date_order or fields.Date.context_today(self)
        )

    # === HOOKS === #

    @api.model
    def _get_fields_for_form(self):
        return {**super()._get_fields_for_form(), "order_ids": ORDER_FIELDS}

    def _get_amount_by_mode(self):
        if self.amount_mode == "quote":
            orders = self._get_live_orders()
        elif self.amount_mode == "orders":
            orders = self.order_ids.filtered(lambda order: order.state == "sale")
        else:
            return super()._get_amount_by_mode()
        return self._add_up_orders(orders, "amount_untaxed") if orders else None
