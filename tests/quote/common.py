from odoo.fields import Command

from ..estimate.common import EstimateCommon


class QuoteCommon(EstimateCommon):
    """A deal with a final sheet, ready to be quoted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sheet = cls.make_final_sheet()

    @classmethod
    def make_final_sheet(cls, items=None, **values):
        sheet = cls.make_sheet(items, **values)
        sheet.action_finalize()
        return sheet

    @classmethod
    def generate(cls, sheet=None, user=None):
        """Press Generate Quote and give the quote that opens."""
        sheet = sheet or cls.sheet
        action = sheet.with_user(user or cls.salesperson).action_generate_quote()
        return cls.env["sale.order"].browse(action["res_id"])

    @classmethod
    def make_sent_quote(cls, sheet=None):
        quote = cls.generate(sheet)
        quote.with_user(cls.salesperson).action_quotation_sent()
        return quote

    @classmethod
    def make_stock_order(cls, **values):
        """An order of stock, of no deal: our rules must not reach it."""
        return cls.env["sale.order"].create(
            {
                "partner_id": cls.client.id,
                "order_line": [Command.create({"product_id": cls.glue.id, "product_uom_qty": 3})],
                **values,
            }
        )
