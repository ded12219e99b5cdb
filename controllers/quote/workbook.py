from odoo.exceptions import AccessError
from odoo.http import Controller, request, route

from ...models.quote.quote_workbook import write_quote
from ..pipeline.spreadsheet import send_spreadsheet


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
        name = f"{order.type_name} - {order.name}"
        return send_spreadsheet(name, write_quote, order)
