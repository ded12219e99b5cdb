from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from .line_common import LineCommon


@tagged("post_install", "-at_install")
class TestDealDocumentsTour(LineCommon):
    """The tab Documents in the browser, at a desk and on a phone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deal = cls.env["crm.lead"].create(
            {
                "name": "Ionescu bathroom",
                "type": "opportunity",
                "partner_id": cls.client.id,
                "construction_type_id": cls.bathroom.id,
                "user_id": cls.salesperson.id,
            }
        )
        cls.env["construction.evaluation"].create(
            [
                {
                    "lead_id": cls.deal.id,
                    "line_ids": [Command.create({"product_id": cls.shower.id, "quantity": 1, "name": "Shower"})],
                }
            ]
        )
        cls.env["sale.order"].create(
            {
                "partner_id": cls.client.id,
                "opportunity_id": cls.deal.id,
                "user_id": cls.salesperson.id,
                "order_line": [Command.create({"product_id": cls.shower.id, "price_unit": 1234.5, "tax_ids": False})],
            }
        )
        cls.env["ir.attachment"].create(
            [
                {"name": name, "raw": b"x", "res_model": "crm.lead", "res_id": cls.deal.id}
                for name in ("Plan.pdf", "Photos.zip")
            ]
        )

    def _walk(self, tour):
        self.start_tour(f"/odoo/construction-deals/{self.deal.id}", tour, login=self.salesperson.login)

    def test_a_salesperson_opens_documents_and_comes_back(self):
        self._walk("construction_deal_documents")
        self.assertRecordValues(self.deal, [{"name": "Ionescu bathroom and kitchen"}])
        self.assertRecordValues(self.deal.contact_record_ids, [{"summary": "Wants oak floors"}])

    def test_on_a_phone_documents_are_cards(self):
        with patch.multiple(self, browser_size="390x844", touch_enabled=True):
            self._walk("construction_deal_documents_phone")
