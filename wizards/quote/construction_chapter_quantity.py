from odoo import api, fields, models


class ConstructionChapterQuantity(models.TransientModel):
    """How much of a chapter to offer. The chapter does the rest."""

    _name = "construction.chapter.quantity"
    _description = "Change the Quantity of a Chapter"

    line_id = fields.Many2one("sale.order.line", string="Chapter", required=True, readonly=True, ondelete="cascade")
    uom_id = fields.Many2one(related="line_id.chapter_uom_id", string="Unit")
    quantity = fields.Float(
        compute="_compute_quantity",
        store=True,
        readonly=False,
        precompute=True,
        digits="Product Unit",
        help="Everything in the chapter is scaled to it; prices stay.",
    )

    @api.depends("line_id")
    def _compute_quantity(self):
        for wizard in self:
            wizard.quantity = wizard.line_id.chapter_quantity

    def action_apply(self):
        """Scale the chapter."""
        self.ensure_one()
        self.line_id._set_chapter_quantity(self.quantity)
        return {"type": "ir.actions.act_window_close"}
