from odoo import api, fields, models

# What a presentation sets on the sections: (collapse_prices, collapse_composition).
PRESENTATION_FLAGS = {
    "full": (False, False),
    "no_prices": (True, False),
    "chapters": (False, True),
    "total": (False, True),
}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    evaluation_id = fields.Many2one(
        "construction.evaluation",
        string="Evaluation Sheet",
        readonly=True,
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The sheet this quote was generated from.",
    )
    is_construction_quote = fields.Boolean(
        compute="_compute_is_construction_quote",
        search="_search_is_construction_quote",
        export_string_translation=False,
    )
    presentation = fields.Selection(
        [
            ("full", "Full"),
            ("no_prices", "Components without prices"),
            ("chapters", "Chapters only"),
            ("total", "One total"),
        ],
        help="How much of the quote the client sees, printed and online. The totals are the same in all.",
    )
    chapter_ids = fields.Many2many(
        "sale.order.line",
        string="Chapters",
        compute="_compute_chapter_ids",
        help="The chapters of this quote with the figures their components make.",
    )

    rounding_difference = fields.Monetary(
        string="Rounding",
        compute="_compute_rounding_difference",
        help="What lies between the sum of the rounded lines and the untaxed total, when the company "
        "rounds taxes globally. It stands in a row of its own, so that the rows make the total.",
    )

    # === COMPUTE === #

    @api.depends("evaluation_id", "opportunity_id.construction_type_id")
    def _compute_is_construction_quote(self):
        for order in self:
            order.is_construction_quote = order._is_construction_quote()

    def _search_is_construction_quote(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [
            "|",
            ("evaluation_id", "!=", False),
            ("opportunity_id.construction_type_id", "!=", False),
        ]

    @api.depends(
        "order_line.display_type",
        "order_line.chapter_product_id",
        "order_line.chapter_uom_id",
        "order_line.sequence",
    )
    def _compute_chapter_ids(self):
        for order in self:
            order.chapter_ids = order.order_line.filtered(
                lambda line: line._is_chapter() and line.display_type == "line_section"
            )

    @api.depends("amount_untaxed", "order_line.price_subtotal")
    def _compute_rounding_difference(self):
        for order in self:
            difference = 0.0
            if order._is_construction_quote():
                lines = order.order_line.filtered(lambda line: not line.display_type)
                difference = order.amount_untaxed - sum(lines.mapped("price_subtotal"))
            order.rounding_difference = order.currency_id.round(difference)

    def _compute_amount_undiscounted(self):  # pylint: disable=missing-return
        """What rounding takes off is no advantage to show to a client."""
        super()._compute_amount_undiscounted()
        for order in self.filtered("rounding_difference"):
            order.amount_undiscounted += order.rounding_difference

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        presented = [order for order, vals in zip(orders, vals_list) if vals.get("presentation")]
        orders.concat(*presented)._apply_presentation()
        return orders

    def write(self, vals):
        result = super().write(vals)
        if vals.get("presentation"):
            self._apply_presentation()
        return result

    # === ACTION === #

    def action_view_evaluation(self):
        """Open the sheet this quote was generated from."""
        self.ensure_one()
        return self.evaluation_id._get_records_action(name=self.env._("Evaluation Sheet"))

    def action_view_deal(self):
        """Open the deal this quote belongs to."""
        self.ensure_one()
        return self.opportunity_id._get_records_action(name=self.env._("Deal"))

    # === BUSINESS === #

    def _is_construction_quote(self):
        """Tell whether this quote comes from a sheet or belongs to a construction deal."""
        # sudo: a person may work on a quote without seeing its deal; what kind it is, is no secret.
        return bool(self.evaluation_id or self.sudo().opportunity_id.construction_type_id)

    def _get_construction_quotes(self):
        return self.filtered(lambda order: order._is_construction_quote())

    def _hides_all_amounts(self):
        """Tell whether the customer sees one total and no other amount."""
        return self._get_shown_presentation() == "total" and self._is_construction_quote()
