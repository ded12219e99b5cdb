from odoo.tests import HttpCase, tagged

from .intake_common import NUMBER, IntakeCommon


@tagged("post_install", "-at_install")
class TestIntakeTours(IntakeCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._start_registers()

    def test_a_salesperson_imports_the_template_in_the_browser(self):
        self.start_tour("/odoo", "construction_intake_import", login=self.ana.login)
        deal = self.env["crm.lead"].search([("import_reference", "=", "A-001")])
        self.assertRecordValues(deal, [{"user_id": self.ana.id, "type": "opportunity", "expected_revenue": 12500.0}])

    def test_a_salesperson_fetches_a_company_into_a_new_deal(self):
        self._answer()
        client = self.env["res.partner"].create({"name": "Casa Veche", "is_company": True, "vat": NUMBER})
        self._deal(name="Old roof", vat=NUMBER)
        self.start_tour("/odoo", "construction_intake_fetch", login=self.ana.login)
        deal = self.env["crm.lead"].search([("vat", "=", NUMBER), ("name", "!=", "Old roof")])
        self.assertRecordValues(
            deal, [{"partner_id": client.id, "construction_type_id": self.roof.id, "user_id": self.ana.id}]
        )
