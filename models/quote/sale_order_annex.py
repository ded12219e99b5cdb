from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_annex_values(self):
        """Gather how the chapters of this quote were measured, under the numbers they have here."""
        self.ensure_one()
        # sudo: whoever may print the quote may print how it was measured; there is no price in it.
        sheet_sudo = self.evaluation_id.sudo()
        chapters = self.sudo().order_line.filtered(lambda line: line.display_type == "line_section")
        numbers = {line.evaluation_line_id: line.chapter_number or "" for line in chapters if line.evaluation_line_id}
        return sheet_sudo._get_annex_values(numbers)
