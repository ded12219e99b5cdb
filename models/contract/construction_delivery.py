from odoo import api, fields, models
from odoo.exceptions import UserError


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
    date_delivered = fields.Date(
        string="Delivered On",
        copy=False,
        help="The day the whole quantity was on site.",
    )
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
    instalment_ids = fields.One2many("construction.instalment", "delivery_id", readonly=True)

    _quantity_not_negative = models.Constraint(
        "CHECK(quantity >= 0 AND quantity_delivered >= 0)",
        "The quantities of a delivery cannot be negative.",
    )

    # === COMPUTE === #

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

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        deliveries = super().create(vals_list)
        deliveries._follow_state({})
        return deliveries

    def write(self, vals):
        before = {delivery: (delivery.state, delivery.date_delivered) for delivery in self}
        res = super().write(vals)
        if vals.keys() & {"quantity", "quantity_delivered", "date_delivered"}:
            self._follow_state(before)
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_awaited(self):
        for delivery in self:
            # reason of sudo: only the name of the row that is in the way
            if row := delivery.sudo().instalment_ids[:1]:
                raise UserError(
                    self.env._(
                        "Delivery “%(delivery)s” cannot be deleted: instalment “%(name)s” waits for it.",
                        delivery=delivery.name,
                        name=row.name,
                    )
                )

    # === BUSINESS === #

    def _follow_state(self, before):
        """Date what is delivered, and tell the payment plan.

        :param dict before: delivery → (state, day) before the change
        """
        for delivery in self:
            state, day = before.get(delivery, ("planned", False))
            if delivery.state == "delivered":
                if not delivery.date_delivered:
                    super(ConstructionDelivery, delivery).write({"date_delivered": fields.Date.context_today(self)})
                contract = delivery.contract_id
                contract._raise_event("delivery", delivery.date_delivered, delivery_id=delivery.id)
                if state == "delivered" and day != delivery.date_delivered:
                    contract._move_event("delivery", delivery.date_delivered, delivery_id=delivery.id)
            elif state == "delivered":
                delivery.contract_id._undo_event("delivery", delivery_id=delivery.id)
                super(ConstructionDelivery, delivery).write({"date_delivered": False})
