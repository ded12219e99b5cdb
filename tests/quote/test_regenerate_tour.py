from odoo.tests import HttpCase, tagged

from .common import QuoteCommon


@tagged("post_install", "-at_install")
class TestRegenerateTour(QuoteCommon, HttpCase):
    def test_an_estimator_brings_a_quote_up_to_date_in_the_browser(self):
        self.estimator.group_ids += self.env.ref("uom.group_uom")
        sheet = self.make_final_sheet([(self.wall, 10.0), (self.glue, 4.0)])
        quote = self.generate(sheet)
        quote.order_line[-1].price_unit = 2.0
        version = self.env["construction.evaluation"].browse(sheet.action_new_version()["res_id"])
        version.line_ids[0].quantity = 20.0
        version.action_check()
        version.action_finalize()
        self.start_tour(
            f"/odoo/sales/{quote.id}", "construction_quote_regenerate", login=self.estimator.login, timeout=120
        )
        self.assertEqual(quote.evaluation_id, version)
        self.assertEqual(quote.order_line[-1].price_unit, 2.0)
        self.assertEqual(quote.order_line[0].chapter_quantity, 30.0)
        self.assertEqual(quote.order_line[1].product_uom_qty, 24.0)
