from odoo.tests import HttpCase, tagged

from .common import EstimateCommon


@tagged("post_install", "-at_install")
class TestMeasureTour(EstimateCommon, HttpCase):
    """A bathroom measured on a phone."""

    browser_size = "390x844"
    touch_enabled = True

    def test_a_surveyor_measures_a_bathroom_on_a_phone(self):
        sheet = self.make_sheet([], user_id=self.surveyor.id)
        self.start_tour("/odoo/my-visits", "construction_measure_bathroom", login=self.surveyor.login)
        self.assertEqual(sheet.state, "measured")
        self.assertEqual(sheet.line_ids.product_id, self.wall)
        self.assertEqual(sheet.line_ids.measurement_ids.mapped("quantity"), [9.36, 5.85, -1.64])
        self.assertEqual(sheet.line_ids.quantity, 13.57)
        self.assertGreater(sheet.amount_total, 0)
