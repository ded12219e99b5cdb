from odoo import models
from odoo.tools import is_html_empty
from odoo.tools.misc import formatLang

from ...core.estimate import breakdown
from .price_book import PRICE_GROUPS


class ConstructionEvaluation(models.Model):
    """What the printed evaluation sheet shows."""

    _inherit = "construction.evaluation"

    def _get_report_values(self):
        """Gather the figures of the print; those the printing user may not see are absent."""
        self.ensure_one()
        # The user's groups, not the environment's: a print made with sudo hides as much.
        has_prices = self.env.user.has_groups(PRICE_GROUPS)
        # sudo: names of the client, the surveyor and the type, on a sheet the user may print.
        sheet_sudo = self.sudo()
        values = {
            "number": lambda value, precision: formatLang(self.env, value, dp=precision),
            "money": self.currency_id.format,
            "has_prices": has_prices,
            "client": sheet_sudo.client_name,
            "site": sheet_sudo.site_address,
            "surveyor": sheet_sudo.user_id.name,
            "construction_type": sheet_sudo.construction_type_id.name,
            "note": False if is_html_empty(self.note) else self.note,
            "sections": self._get_report_sections(has_prices),
            "answers": [(answer.name, answer.answer or "–") for answer in self.answer_ids],
        }
        if has_prices:
            values["amount_total"] = self.amount_total
            values["rounding"] = breakdown.rounding(
                self.amount_total, self.line_ids.mapped("price_subtotal"), self.currency_id.round
            )
        return values

    def _get_report_sections(self, has_prices):
        """List the zones with their items, each zone before those inside it; items without a zone come first."""
        lines_by_zone = self.line_ids.grouped("zone_id")
        children = self.zone_ids.grouped("parent_id")
        sections = []

        def add(zone, level):
            lines = lines_by_zone.get(zone, self.line_ids.browse())
            inside = children.get(zone, zone.browse()) if zone else zone
            section = {
                "code": zone.code or "",
                "name": zone.name or "",
                "level": level,
                "lines": [line._get_report_values(has_prices) for line in lines],
            }
            if has_prices:
                section["subtotal"] = zone.amount_total if zone else sum(lines.mapped("price_subtotal"))
            if lines or inside:
                sections.append(section)
            for child in inside:
                add(child, level + 1)

        add(self.zone_ids.browse(), 0)
        for zone in children.get(self.zone_ids.browse(), ()):
            add(zone, 0)
        return sections


class ConstructionEvaluationLine(models.Model):
    _inherit = "construction.evaluation.line"

    def _get_report_values(self, has_prices):
        """Gather the figures of one item of the print."""
        self.ensure_one()
        values = {
            "name": self.name or self.product_id.display_name,
            "quantity": self.quantity,
            "unit": self.uom_id.name,
        }
        if has_prices:
            values.update(price_unit=self.price_unit, price_subtotal=self.price_subtotal)
        return values
