from odoo import models
from odoo.tools import float_is_zero

from .unit_price_analysis import UnitPriceAnalysis


class ConstructionEvaluation(models.Model):
    """The unit-price analysis of all items of a sheet."""

    _inherit = "construction.evaluation"

    def _get_analysis(self):
        """Gather the analysis of every item, with costs: for who may see them only.

        :return: a dict with `currency`, `digits` and `items` (see `UnitPriceAnalysis.make_item`)
        """
        self.ensure_one()
        parts_by_line = self.line_ids._get_analysed_parts()
        book = self._get_price_book({line: parts for line, (_quantity, parts) in parts_by_line.items()})
        markups = self._get_markups() if self.price_source == "buildup" else None
        label = self.env._("Up to the given price") if self.price_source == "given" else None
        analysis = UnitPriceAnalysis(self.env, self.currency_id, markups, label)
        items = []
        for number, (line, (quantity, parts)) in enumerate(parts_by_line.items(), start=1):
            costs = book.part_costs(parts)
            rows = [analysis.make_row(part, quantity, cost) for part, cost in zip(parts, costs, strict=True)]
            header = {
                "number": str(number),
                "code": line.product_id.default_code or "",
                "name": line.name or line.product_id.display_name or "",
                "unit": line.uom_id.name or "",
                "subtotal": line.price_subtotal,
            }
            items.append(analysis.make_item(header, rows, line.price_unit, line.quantity))
        return {"currency": self.currency_id, "digits": analysis.digits, "items": items}


class ConstructionEvaluationLine(models.Model):
    _inherit = "construction.evaluation.line"

    def _get_analysed_parts(self):
        """Give the parts of each item and the quantity they are for: one unit where none was measured.

        :return: a dict of line → `(quantity, parts)`
        """
        digits = self.env["construction.recipe"]._get_quantity_digits()
        libraries = self._get_libraries()
        result = {}
        for line in self:
            is_measured = not float_is_zero(line.quantity, precision_digits=digits)
            quantity = line.quantity if is_measured else 1.0
            parts = line._get_parts_of(quantity, digits, libraries.get(line), minimums=is_measured)
            result[line] = (quantity, [part for part in parts if part["product"] and part["uom"]])
        return result
