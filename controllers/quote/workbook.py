import io

from odoo.exceptions import AccessError
from odoo.http import Controller, content_disposition, request, route

from ...models.quote.quote_workbook import write_quote

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class QuoteWorkbookController(Controller):
    @route("/construction_crm/quote/<int:order_id>/xlsx", type="http", auth="user", readonly=True)
    def download_quote(self, order_id):
        """Give a quote as a spreadsheet, as its presentation shows it."""
        if not request.env.user._is_internal():
            raise AccessError(request.env._("Spreadsheets of quotes are for employees only."))
        order = request.env["sale.order"].browse(order_id).exists()
        if not order:
            raise request.not_found()
        order.check_access("read")
        content = io.BytesIO()
        write_quote(content, order)
        name = f"{order.type_name} - {order.name}.xlsx"
        headers = [("Content-Type", XLSX), ("Content-Disposition", content_disposition(name))]
        return request.make_response(content.getvalue(), headers=headers)
