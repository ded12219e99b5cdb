from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.pipeline.row_lock import take


class ConstructionDeliver(models.TransientModel):
    """How much of a planned delivery came, and when."""

    _name = "construction.deliver"
    _description = "Deliver"

    delivery_id = fields.Many2one("construction.delivery", required=True, readonly=True, ondelete="cascade")
    quantity = fields.Float(
        digits="Product Unit",
        compute="_compute_quantity",
        # proposed: all that is missing
        store=True,
        readonly=False,
    )
    quantity_before = fields.Float(
        string="Delivered Before",
        digits="Product Unit",
        compute="_compute_quantity_before",
        # what the dialog was opened on: a second click finds another quantity
        store=True,
        readonly=False,
    )
    uom_name = fields.Char(related="delivery_id.uom_name")
    date = fields.Date(string="Delivered On", default=fields.Date.context_today, required=True)

    # === COMPUTE === #

    @api.depends("delivery_id")
    def _compute_quantity(self):
        for wizard in self:
            delivery = wizard.delivery_id
            wizard.quantity = max(delivery.quantity - delivery.quantity_delivered, 0.0)

    @api.depends("delivery_id")
    def _compute_quantity_before(self):
        for wizard in self:
            wizard.quantity_before = wizard.delivery_id.quantity_delivered

    # === ACTION === #

    def action_deliver(self):
        """Record the delivery, once.

        :raises UserError: nothing to deliver, a day to come, or somebody recorded a delivery meanwhile
        """
        self.ensure_one()
        delivery = self.delivery_id
        delivery.check_access("write")
        # whoever waited here runs again, with what is true by then
        take(self.delivery_id)
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        if round(self.quantity, digits) <= 0:
            raise UserError(self.env._("Say how much of “%(delivery)s” was delivered.", delivery=delivery.name))
        if self.date > fields.Date.context_today(self):
            raise UserError(self.env._("A delivery cannot be recorded before its day."))
        if round(delivery.quantity_delivered - self.quantity_before, digits):
            raise UserError(
                self.env._(
                    "A delivery of “%(delivery)s” was recorded meanwhile: %(quantity)s are delivered by now.",
                    delivery=delivery.name,
                    quantity=delivery.quantity_delivered,
                )
            )
        values = {"quantity_delivered": delivery.quantity_delivered + self.quantity}
        if round(values["quantity_delivered"] - delivery.quantity, digits) >= 0:
            values["date_delivered"] = self.date
        delivery.write(values)
        return {"type": "ir.actions.act_window_close"}
