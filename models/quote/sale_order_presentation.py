"""How much of a quote the client is shown: the switch of the quote, chapters that differ from it, previews."""

from odoo import api, fields, models

from .sale_order import PRESENTATION_FLAGS

FLAG_NAMES = ("collapse_prices", "collapse_composition")
SECTION_TYPES = ("line_section", "line_subsection")
# Set where a quote is looked at in another presentation than its own; nothing is written.
PREVIEW_KEY = "construction_presentation"


def get_presentation(collapse_prices, collapse_composition):
    """Name the presentation of a chapter with these flags."""
    if collapse_composition:
        return "chapters"
    return "no_prices" if collapse_prices else "full"


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_shown_presentation(self):
        """Give the presentation the client sees, or the one that is being tried."""
        self.ensure_one()
        return self._get_preview() or self.presentation

    def _get_preview(self):
        preview = self.env.context.get(PREVIEW_KEY)
        return preview if preview in PRESENTATION_FLAGS else None

    def _get_presentations(self):
        """List `(name, label)` of the presentations there are, as previews show them."""
        return self._fields["presentation"]._description_selection(self.env)

    def _apply_presentation(self):
        """Set on all sections what the client sees of them; chapters shown in their own way keep it."""
        for order in self.filtered("presentation"):
            sections = order.order_line.filtered(
                lambda line: line.display_type in SECTION_TYPES and not line.is_downpayment
            )
            changed = sections.filtered(lambda line: line._get_flags() != line._get_wanted_flags())
            for (flags, override), lines in changed.grouped(
                lambda line: (line._get_wanted_flags(), line.chapter_presentation)
            ).items():
                lines.write({**dict(zip(FLAG_NAMES, flags, strict=True)), "chapter_presentation": override})

    # === HOOKS === #

    def _get_order_lines_to_report(self):
        lines = super()._get_order_lines_to_report()
        if not self._get_preview() or not self._is_construction_quote():
            return lines
        hidden = self.order_line.filtered(lambda line: line.display_type and line._get_shown_flags()[1])
        return self.order_line.filtered(
            lambda line: (
                line in lines
                if line.is_downpayment
                else line.display_type == "line_section" or not (line.parent_id | line.parent_id.parent_id) & hidden
            )
        )


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    chapter_presentation = fields.Selection(
        [
            ("full", "Full"),
            ("no_prices", "Components without prices"),
            ("chapters", "Chapter only"),
        ],
        string="Shown As",
        help="How much the client sees of this chapter, where it differs from the presentation of the quote. "
        "It stays when the presentation is switched.",
    )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("display_type") in SECTION_TYPES and vals.get("order_id") and not vals.get("is_downpayment"):
                self._add_presentation(vals)
        return super().create(vals_list)

    def write(self, vals):
        flags = [name for name in FLAG_NAMES if name in vals]
        if "chapter_presentation" in vals:
            result = super().write(vals)
            if not flags:
                self.order_id._apply_presentation()
            return result
        changed = self.browse()
        if flags:
            changed = self.filtered(
                lambda line: line._is_presented() and any(line[name] != vals[name] for name in flags)
            )
        result = super().write(vals)
        changed._keep_flags()
        return result

    def _add_presentation(self, vals):
        """Complete the values of a new section by how its quote is presented."""
        base = self.env["sale.order"].browse(vals["order_id"]).presentation
        if not base:
            return
        given = tuple(bool(vals.get(name)) for name in FLAG_NAMES)
        # A copy brings along whether it differs; flags alone come from the menu of a section.
        if any(given) and "chapter_presentation" not in vals and given != PRESENTATION_FLAGS[base]:
            vals["chapter_presentation"] = get_presentation(*given)
        vals.update(zip(FLAG_NAMES, PRESENTATION_FLAGS[vals.get("chapter_presentation") or base], strict=True))

    # === BUSINESS === #

    def _is_presented(self):
        """Tell whether the switch of the quote rules this section."""
        return self._is_quote_section() and bool(self.order_id.presentation)

    def _keep_flags(self):
        """Keep what a person set on these sections as their own presentation, while it differs from the quote's."""
        for line in self:
            own = get_presentation(*line._get_flags())
            base = line._get_upper_presentation() or line.order_id.presentation
            line.chapter_presentation = own if PRESENTATION_FLAGS[own] != PRESENTATION_FLAGS[base] else False

    def _get_flags(self):
        return tuple(self[name] for name in FLAG_NAMES)

    def _get_wanted_flags(self, presentation=None):
        own = self.chapter_presentation or self._get_upper_presentation()
        return PRESENTATION_FLAGS[own or presentation or self.order_id.presentation]

    def _get_upper_presentation(self):
        """Give what the chapter of this part of a chapter has of its own."""
        return self.display_type == "line_subsection" and self.parent_id.chapter_presentation

    def _get_shown_flags(self):
        """Give what of this section is hidden from the client: `(prices, composition)`."""
        preview = self.order_id._get_preview()
        if preview and self._is_quote_section():
            return self._get_wanted_flags(preview)
        return self._get_flags()

    def _hides_group_amounts(self):
        """Tell whether this part of a chapter, shown as one row, stands in a chapter without prices."""
        if self.display_type != "line_subsection" or not self._is_quote_section():
            return False
        return self.parent_id._get_shown_flags()[0]
