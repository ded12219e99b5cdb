from odoo import models
from odoo.exceptions import AccessError


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


class ReportOrderAnnex(models.AbstractModel):
    """The measurement annex of a quote: employees print it and decide whether the client gets it."""

    _name = "report.construction_crm.report_measurement_annex_quote"
    _description = "Measurement Annex of a Quote"

    def _get_report_values(self, docids, data=None):
        """Give the quotes to print.

        :raise AccessError: when a customer opens the address by himself
        """
        docs = self.env["sale.order"].browse(docids)
        if not self.env.user._is_internal():
            raise AccessError(self.env._("You are not allowed to print this document. Ask an estimator for it."))
        docs.check_access("read")
        return {"doc_ids": docids, "doc_model": docs._name, "docs": docs}
