from odoo import api, fields, models

from ..pipeline.crm_lead_amount import keep_amount


class ConstructionType(models.Model):
    _inherit = "construction.type"

    amount_mode = fields.Selection(
        selection_add=[("invoices", "Its Invoices"), ("payments", "What Was Collected")],
        ondelete={"invoices": "set default", "payments": "set default"},
    )


class CrmLead(models.Model):
    """The expected revenue of a deal by its invoices and by the money that came in."""

    _inherit = "crm.lead"

    amount_mode = fields.Selection(
        selection_add=[("invoices", "Its Invoices"), ("payments", "What Was Collected")],
        ondelete={"invoices": keep_amount, "payments": keep_amount},
    )

    # === COMPUTE === #

    @api.depends("amount_invoiced", "amount_collected")
    def _compute_expected_revenue(self):
        return super()._compute_expected_revenue()

    # === HOOKS === #

    def _get_amount_by_mode(self):
        if self.amount_mode == "invoices":
            amount = self.amount_invoiced
        elif self.amount_mode == "payments":
            amount = self.amount_collected
        else:
            return super()._get_amount_by_mode()
        return self._get_untaxed_part(amount) if amount else None

    def _get_untaxed_part(self, amount):
        """What is left of a sum of this deal without taxes: by what its confirmed orders come to with and without.

        Fully invoiced and fully paid, it is what the orders come to, to the cent.
        """
        self.ensure_one()
        orders = self.order_ids.filtered(lambda order: order.state == "sale")
        gross = self._add_up_orders(orders, "amount_total")
        if not gross:
            return amount
        currency = self.company_currency or self.env.company.currency_id
        return currency.round(amount * self._add_up_orders(orders, "amount_untaxed") / gross)
