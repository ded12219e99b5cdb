from odoo import api, fields, models


class ConstructionDelivery(models.Model):
    """One row of the delivery plan: what is to be on site, and when."""

    _name = "construction.delivery"
    _description = "Planned Delivery"
    _order = "contract_id desc, date_planned, id"
    _check_company_auto = True

    contract_id = fields.Many2one("construction.contract", required=True, ondelete="cascade", index=True)
    # record rules of companies read it
    company_id = fields.Many2one(related="contract_id.company_id", store=True)
    lead_id = fields.Many2one(related="contract_id.lead_id", store=True, index="btree_not_null")
    date_planned = fields.Date(string="Planned On", required=True, default=fields.Date.context_today)
    name = fields.Char(string="Description", required=True)
    product_id = fields.Many2one("product.product", check_company=True, index="btree_not_null")
    quantity = fields.Float(digits="Product Unit", default=1.0)
    quantity_delivered = fields.Float(string="Delivered", digits="Product Unit", copy=False)
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("partial", "Partly delivered"),
            ("delivered", "Delivered"),
        ],
        compute="_compute_state",
        # lists are filtered and grouped by it
        store=True,
    )

    _quantity_not_negative = models.Constraint(
        "CHECK(quantity >= 0 AND quantity_delivered >= 0)",
        "The quantities of a delivery cannot be negative.",
    )

    @api.depends("quantity", "quantity_delivered")
    def _compute_state(self):
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        for delivery in self:
            if round(delivery.quantity_delivered, digits) <= 0:
                delivery.state = "planned"
            elif round(delivery.quantity_delivered - delivery.quantity, digits) < 0:
                delivery.state = "partial"
            else:
                delivery.state = "delivered"
