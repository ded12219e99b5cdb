from odoo import api, models

VALUE_FIELDS = {"product_uom_qty", "price_unit", "discount", "tax_ids", "order_id", "product_id"}


class SaleOrderLine(models.Model):
    """A change of an order changes its contract: what moves in the plan is told."""

    _inherit = "sale.order.line"

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        # a down payment has its own line, which adds nothing to the order
        order_ids = {
            vals["order_id"]
            for vals in vals_list
            if vals.get("order_id") and not vals.get("is_downpayment") and not vals.get("display_type")
        }
        self.env["sale.order"].browse(order_ids)._watch_contract_plan()
        return super().create(vals_list)

    def write(self, vals):
        if vals.keys() & VALUE_FIELDS:
            self.filtered(lambda line: not line.is_downpayment).order_id._watch_contract_plan()
        return super().write(vals)

    def unlink(self):
        self.order_id._watch_contract_plan()
        return super().unlink()

    # === BUSINESS === #

    def _is_goods_to_deliver(self):
        """Whether this line is of goods that come to the site; hours and machines do not."""
        self.ensure_one()
        is_goods = self.product_id.type == "consu" and not self.display_type and not self.is_downpayment
        return is_goods and self.state == "sale"
