from decimal import Decimal

from odoo import models
from odoo.tools.misc import formatLang

from ...core.estimate import measuring

SIZES = ("count", "length", "width", "height")


class ConstructionEvaluation(models.Model):
    """What the measurement annex shows: how the quantity of each item came to be, without any price."""

    _inherit = "construction.evaluation"

    def _get_annex_values(self, numbers=None):
        """Gather the items with their measured rows.

        :param numbers: a dict of item → number of its chapter; without it the items are numbered as a
            quote made of the sheet would be, and those left out of the dict are left out of the print
        :return: a dict for the template; figures are text in the language of the context
        """
        self.ensure_one()
        lines = self._get_quoted_lines().sorted(lambda line: (line.sequence, line.id))
        if numbers is None:
            numbers = {line: str(number) for number, line in enumerate(lines, start=1)}
        # sudo: names of the client and the surveyor, on a sheet the user may print.
        sheet_sudo = self.sudo()
        return {
            "client": sheet_sudo.client_name,
            "site": sheet_sudo.site_address,
            "surveyor": sheet_sudo.user_id.name,
            "items": [dict(line._get_annex_values(), number=numbers[line]) for line in lines if line in numbers],
        }


class ConstructionEvaluationLine(models.Model):
    _inherit = "construction.evaluation.line"

    def _get_annex_values(self):
        """Gather the rows of one item, zone by zone where it was measured in several."""
        self.ensure_one()
        rows = self.measurement_ids
        by_zone = rows.grouped(lambda row: row.zone_id or self.zone_id)
        # Subtotals follow the order of the rows, which zones would break up.
        if len(by_zone) < 2 or any(row.kind != measuring.MEASURE for row in rows):
            by_zone = {self.zone_id: rows}
        return {
            "name": self.name or self.product_id.display_name,
            "zone": self.zone or "",
            "unit": self.uom_id.name,
            "quantity": self._format_measure(self.quantity),
            "photos": self.photo_ids.filtered("is_printed"),
            "groups": [
                {
                    "zone": zone.complete_name or "",
                    "rows": [row._get_annex_values() for row in zone_rows],
                    "sum": self._format_measure(measuring.add_up(zone_rows.mapped("quantity"))),
                    "has_sum": len(by_zone) > 1,
                }
                for zone, zone_rows in by_zone.items()
                if zone_rows
            ],
        }

    def _format_measure(self, quantity):
        """Write a quantity in the language of the context, with all decimals it has and two at least."""
        exact = Decimal(repr(quantity)).normalize().as_tuple().exponent
        return formatLang(self.env, quantity, digits=min(max(2, -exact), measuring.DIGITS))


class ConstructionMeasurement(models.Model):
    _inherit = "construction.measurement"

    def _get_annex_values(self):
        """Gather the figures of one row; sizes left empty are empty text."""
        self.ensure_one()
        is_measure = self.kind == measuring.MEASURE
        is_comment = is_measure and not (self.count or self.formula)
        labels = dict(self._fields["kind"]._description_selection(self.env))
        line = self.line_id
        sizes = {name: line._format_measure(self[name]) if is_measure and self[name] else "" for name in SIZES}
        if is_measure and self.count and not self.count % 1:
            sizes["count"] = formatLang(self.env, self.count, digits=0)
        return {
            **(dict.fromkeys(SIZES, "") if is_comment else sizes),
            "name": self.name or ("" if is_measure else labels[self.kind]),
            "zone": self.zone_id.complete_name or "",
            "formula": (is_measure and self.formula) or "",
            "quantity": "" if is_comment else line._format_measure(self.quantity),
            "is_strong": is_comment or not is_measure,
            "is_deduction": self.is_deduction,
        }
