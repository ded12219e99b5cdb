from odoo import api, fields, models

from ..estimate.construction_recipe_cost import COST_GROUP


class CrmLead(models.Model):
    """What a deal is expected to cost and to earn, for those who may see it."""

    _inherit = "crm.lead"

    amount_cost_expected = fields.Monetary(
        string="Estimated Cost",
        compute="_compute_expected_margin",
        compute_sudo=True,
        currency_field="company_currency",
        groups=COST_GROUP,
        help="Cost of the current quotes; without a quote, that of the latest evaluation sheet.",
    )
    amount_margin_expected = fields.Monetary(
        string="Estimated Margin",
        compute="_compute_expected_margin",
        compute_sudo=True,
        currency_field="company_currency",
        groups=COST_GROUP,
        help="What the current quotes leave above their cost, without taxes.",
    )
    margin_percent_expected = fields.Float(
        string="Estimated Margin (%)",
        compute="_compute_expected_margin",
        compute_sudo=True,
        digits=(16, 1),
        groups=COST_GROUP,
    )

    # === COMPUTE === #

    @api.depends("construction_type_id", "order_ids.margin", "order_ids.state", "order_ids.superseded_by_id")
    def _compute_expected_margin(self):
        for lead in self:
            price, cost = lead._get_expected_price_and_cost() if lead.construction_type_id else (0.0, 0.0)
            lead.amount_cost_expected = cost
            lead.amount_margin_expected = price - cost
            lead.margin_percent_expected = (price - cost) / price * 100 if price else 0.0

    # === HOOKS === #

    def _get_expected_price_and_cost(self):
        """What this deal is expected to bring and to cost, without taxes, in the currency of its company.

        Called with sudo. Extend it to count what a firm pays besides: commissions, finance.

        :return: tuple (price, cost)
        """
        self.ensure_one()
        currency = self.company_currency or self.env.company.currency_id
        orders = self._get_live_orders()
        if orders:
            price = self._add_up_orders(orders, "amount_untaxed")
            return price, currency.round(price - self._add_up_orders(orders, "margin"))
        sheet = self.evaluation_ids.filtered(lambda sheet: sheet.state != "cancelled").sorted("id")[-1:]
        if not sheet:
            return 0.0, 0.0
        today = fields.Date.context_today(self)
        price, cost = (
            sheet.currency_id._convert(amount, currency, sheet.company_id, today)
            for amount in (sheet.amount_total, sheet.amount_cost)
        )
        return price, cost
