from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


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
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_from_line",
        # typed by hand where no order line tells it
        store=True,
        readonly=False,
        check_company=True,
        index="btree_not_null",
    )
    sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Order Line",
        domain="[('order_id.contract_id', '=', contract_id), ('display_type', '=', False), "
        "('is_downpayment', '=', False)]",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="What is delivered here is delivered on this line of the order, where its quantity is kept by hand.",
    )
    uom_name = fields.Char(string="Unit", compute="_compute_uom_name", compute_sudo=True)
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
    quantity_fed = fields.Float(
        digits="Product Unit",
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="How much of the delivered quantity of the order line came from here: undoing gives back no more.",
    )
    is_late = fields.Boolean(
        string="Late",
        compute="_compute_is_late",
        search="_search_is_late",
        help="Planned for a day that has passed, and not delivered yet.",
    )
    days_late = fields.Integer(compute="_compute_is_late")
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

    @api.depends("sale_line_id")
    def _compute_from_line(self):
        for delivery in self:
            # reason of sudo: a project user may not read orders
            delivery.product_id = delivery.sudo().sale_line_id.product_id or delivery.product_id

    @api.depends("sale_line_id.product_uom_id", "product_id.uom_id")
    def _compute_uom_name(self):
        for delivery in self:
            delivery.uom_name = (delivery.sale_line_id.product_uom_id or delivery.product_id.uom_id).name

    @api.depends("date_planned", "state")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for delivery in self:
            late = delivery.state != "delivered" and delivery.date_planned and delivery.date_planned < today
            delivery.is_late = late
            delivery.days_late = (today - delivery.date_planned).days if late else 0

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("date_planned", "<", fields.Date.context_today(self)), ("state", "in", ("planned", "partial"))]

    # === CONSTRAINT === #

    @api.constrains("sale_line_id", "contract_id")
    def _check_sale_line(self):
        # reason of sudo: a project user may not read orders
        for delivery in self.sudo().filtered("sale_line_id"):
            if delivery.sale_line_id.order_id.contract_id != delivery.contract_id:
                raise ValidationError(
                    self.env._(
                        "Delivery “%(delivery)s” belongs to contract %(contract)s: its order line must, too.",
                        delivery=delivery.name,
                        contract=delivery.contract_id.name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        deliveries = super().create(vals_list)
        deliveries._follow_state({})
        deliveries.filtered("quantity_delivered")._feed_order()
        return deliveries

    def write(self, vals):
        before = {delivery: (delivery.state, delivery.date_delivered) for delivery in self}
        if "sale_line_id" in vals:
            self.filtered(lambda delivery: delivery.sale_line_id.id != vals["sale_line_id"])._give_back()
        res = super().write(vals)
        if vals.keys() & {"quantity", "quantity_delivered", "date_delivered"}:
            self._follow_state(before)
        if vals.keys() & {"quantity_delivered", "sale_line_id"}:
            self._feed_order()
        return res

    def unlink(self):
        self._give_back()
        return super().unlink()

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

    # === ACTION === #

    def action_deliver(self):
        """Ask how much was delivered, and when."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Deliver"),
            "res_model": "construction.deliver",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_delivery_id": self.id},
        }

    def action_undo_delivery(self):
        """Nothing of this row was delivered after all.

        :raises UserError: an instalment the delivery made due is invoiced
        """
        self.filtered("quantity_delivered").quantity_delivered = 0
        return True

    # === BUSINESS === #

    def _feed_order(self):
        """Deliver on the order what was delivered here: only lines whose quantity is kept by hand, never above it."""
        # reason of sudo: who receives goods on site may have no rights on orders
        for delivery in self.sudo():
            line = delivery.sale_line_id
            if not line or line.qty_delivered_method != "manual":
                continue
            more = delivery.quantity_delivered - delivery.quantity_fed
            if more > 0:
                more = min(more, max(line.product_uom_qty - line.qty_delivered, 0.0))
            else:
                more = max(more, -line.qty_delivered)
            if more:
                line.qty_delivered += more
                delivery.quantity_fed += more

    def _give_back(self):
        """Take from the order line what this row delivered there."""
        # reason of sudo: as in `_feed_order`
        for delivery in self.sudo().filtered("quantity_fed"):
            line = delivery.sale_line_id
            if line.qty_delivered_method == "manual":
                line.qty_delivered -= min(delivery.quantity_fed, line.qty_delivered)
            delivery.quantity_fed = 0.0

    def _get_order_value(self):
        """What this delivery is worth by its order line, taxes included; 0 without one."""
        self.ensure_one()
        line = self.sale_line_id
        return line.product_uom_qty and line.price_total * self.quantity / line.product_uom_qty

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
