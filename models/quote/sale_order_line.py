from odoo import api, fields, models

from ...core.quote import chapters
from ..estimate.product_template import COST_NATURES


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    evaluation_line_id = fields.Many2one(
        "construction.evaluation.line",
        string="Sheet Item",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        help="The item of the evaluation sheet this line was generated from.",
    )
    recipe_id = fields.Many2one(
        "construction.recipe",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        help="The recipe version this component comes from.",
    )
    has_sheet_price = fields.Boolean(
        readonly=True,
        help="The price was worked out on the evaluation sheet, from other components or from costs: no pricelist "
        "changes it.",
    )
    chapter_number = fields.Char(string="No.", copy=True)
    chapter_product_id = fields.Many2one(
        "product.product",
        string="Chapter Item",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The item of the catalogue this chapter builds.",
    )
    chapter_quantity = fields.Float(digits="Product Unit")
    chapter_uom_id = fields.Many2one("uom.uom", string="Chapter Unit", ondelete="restrict")
    # The list of lines shows it on the chapter's row, where no column of its own stands.
    chapter_uom_name = fields.Char(related="chapter_uom_id.name", string="Chapter Unit Name")
    cost_nature = fields.Selection(COST_NATURES)

    # Figures of sections: never stored, so that they are always what the components make.
    chapter_subtotal = fields.Monetary(
        string="Chapter Amount",
        compute="_compute_chapter_figures",
        help="Sum of the components of this chapter, tax excluded.",
    )
    chapter_total = fields.Monetary(
        string="Chapter Amount with Taxes",
        compute="_compute_chapter_figures",
    )
    chapter_price_unit = fields.Float(
        string="Chapter Unit Price",
        compute="_compute_chapter_figures",
        min_display_digits="Product Price",
        help="Amount of the chapter divided by its quantity, tax excluded.",
    )
    chapter_tax_ids = fields.Many2many(
        "account.tax",
        string="Chapter Taxes",
        compute="_compute_chapter_figures",
    )

    # === COMPUTE === #

    @api.depends(
        "chapter_quantity",
        "order_id.order_line.display_type",
        "order_id.order_line.sequence",
        "order_id.order_line.price_subtotal",
        "order_id.order_line.price_total",
        "order_id.order_line.tax_ids",
    )
    def _compute_chapter_figures(self):
        """Add up each order once, whatever the number of its chapters."""
        for order, lines in self.grouped("order_id").items():
            figures = chapters.add_up(
                chapters.Row(
                    line,
                    line.display_type or "",
                    line.price_subtotal,
                    line.price_total,
                    line.tax_ids._ids,
                )
                for line in order.order_line.sorted("sequence")
            )
            sections = lines.filtered("display_type")
            for line in sections:
                found = figures.get(line) or chapters.Figures()
                currency = line.currency_id or line.env.company.currency_id
                line.chapter_subtotal = currency.round(found.subtotal)
                line.chapter_total = currency.round(found.total)
                line.chapter_price_unit = chapters.unit_price(line.chapter_subtotal, line.chapter_quantity)
                line.chapter_tax_ids = list(found.tax_ids)
            # All at once: of thousands of lines most are components.
            components = lines - sections
            components.chapter_subtotal = components.chapter_total = components.chapter_price_unit = 0.0
            components.chapter_tax_ids = False

    def _compute_price_unit(self):  # pylint: disable=missing-return
        # A percentage of other components, or a price built up from cost, is on no pricelist.
        super(SaleOrderLine, self.filtered(lambda line: not line.has_sheet_price))._compute_price_unit()

    def _compute_discount(self):  # pylint: disable=missing-return
        super(SaleOrderLine, self.filtered(lambda line: not line.has_sheet_price))._compute_discount()

    def _compute_purchase_price(self):  # pylint: disable=missing-return
        super(SaleOrderLine, self.filtered(lambda line: not line.has_sheet_price))._compute_purchase_price()

    # === BUSINESS === #

    def _is_chapter(self):
        """Tell whether this section is a chapter: so much of something, mostly of an item of the catalogue."""
        return bool(self.display_type and (self.chapter_product_id or self.chapter_uom_id))

    def _is_quote_section(self):
        """Tell whether this is a section of a construction quote."""
        return (
            self.display_type in (chapters.SECTION, chapters.SUBSECTION)
            and not self.is_downpayment
            and self.order_id._is_construction_quote()
        )

    # === HOOKS === #

    def _get_section_totals(self, totals_field):
        # Stock goes through all lines again for every section.
        fname = {"price_subtotal": "chapter_subtotal", "price_total": "chapter_total"}.get(totals_field)
        if fname and self._is_quote_section():
            return self[fname]
        return super()._get_section_totals(totals_field)

    def _has_taxes(self):
        if self._is_quote_section():
            return bool(self.chapter_tax_ids)
        return super()._has_taxes()

    def _get_grouped_section_summary(self, display_taxes=True):
        # A chapter has one quantity and one unit price, so it is one row, whatever its taxes.
        if self._is_chapter() and self._is_quote_section():
            labels = dict.fromkeys(tax.tax_label for tax in self.chapter_tax_ids if tax.tax_label)
            return [
                {
                    "tax_labels": list(labels) if display_taxes else [],
                    "price_subtotal": self.chapter_subtotal,
                    "price_total": self.chapter_total,
                }
            ]
        return super()._get_grouped_section_summary(display_taxes=display_taxes)
