from odoo import models
from odoo.tools import is_html_empty

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
            "has_prices": has_prices,
            "has_zones": any(self.line_ids.mapped("zone")),
            "client": sheet_sudo.client_name,
            "site": sheet_sudo.site_address,
            "surveyor": sheet_sudo.user_id.name,
            "construction_type": sheet_sudo.construction_type_id.name,
            "note": False if is_html_empty(self.note) else self.note,
            "lines": [line._get_report_values(has_prices) for line in self.line_ids],
        }
        if has_prices:
            values["amount_total"] = self.amount_total
        return values


class ConstructionEvaluationLine(models.Model):
    _inherit = "construction.evaluation.line"

    def _get_report_values(self, has_prices):
        """Gather the figures of one item of the print."""
        self.ensure_one()
        values = {
            "name": self.name or self.product_id.display_name,
            "zone": self.zone or "",
            "quantity": self.quantity,
            "unit": self.uom_id.name,
        }
        if has_prices:
            values.update(price_unit=self.price_unit, price_subtotal=self.price_subtotal)
        return values
