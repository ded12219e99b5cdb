from lxml import html

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ContractCommon


@tagged("post_install", "-at_install")
class TestQuotePlan(ContractCommon):
    """The payment plan stands on the quote before there is a contract."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._create_deal()
        cls.quote = cls.env["sale.order"].create(
            {
                "partner_id": cls.partner_a.id,
                "opportunity_id": cls.lead.id,
                "order_line": [Command.create({"product_id": cls.works.id, "price_unit": 777.77})],
            }
        )

    def _print(self, order=None):
        order = order or self.quote
        report = self.env["ir.actions.report"]
        content = report._render_qweb_html("sale.report_saleorder", order.ids)[0]
        return [
            [" ".join(cell.text_content().split()) for cell in row.xpath("./td")]
            for row in html.fromstring(content).xpath("//div[@name='payment_plan']//tr")
        ]

    def test_a_quote_prints_the_plan_of_its_type_to_the_cent(self):
        self.assertEqual(self.quote.plan_template_id, self.template)
        amounts = [row["amount"] for row in self.quote._get_plan_rows()]
        self.assertEqual(self.quote.currency_id.round(sum(amounts)), self.quote.amount_total)
        rows = self._print()
        self.assertEqual([row[1] for row in rows], ["Advance", "Half way", "Settlement"])
        self.assertEqual(rows[0][2], "At signature")
        self.assertEqual(rows[1][2], "At the start of the works")

    def test_texts_are_in_the_language_of_the_client(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.partner_a.lang = "fr_FR"
        self.template.line_ids[0].with_context(lang="fr_FR").name = "Acompte"
        self.assertEqual(self._print()[0][1], "Acompte")

    def test_a_quote_of_another_plan_starts_its_contract_with_it(self):
        other = self.template.copy({"name": "Two", "line_ids": [Command.clear()]})
        other.line_ids = [
            Command.create({"name": "Half", "percent": 50, "trigger": "handover", "delay_days": 10}),
            Command.create({"name": "Rest", "amount_type": "rest", "delay_days": 30}),
        ]
        self.quote.plan_template_id = other
        self.assertEqual(
            [row["due"] for row in self.quote._get_plan_rows()],
            ["At handover, after 10 days", "30 days after the start of the works"],
        )
        self.quote.action_confirm()
        self.quote.action_create_contract()
        self.assertEqual(self.quote.contract_id.instalment_ids.mapped("name"), ["Half", "Rest"])
        self.quote.contract_id.instalment_ids[0].name = "First half"
        self.assertEqual(self._print()[0][1], "First half")

    def test_the_plan_of_a_confirmed_quote_stays(self):
        self.quote.action_confirm()
        with self.assertRaises(UserError):
            self.quote.plan_template_id = False

    def test_plain_orders_have_no_plan(self):
        order = self._create_order(False)
        self.assertFalse(order.plan_template_id)
        self.assertEqual(self._print(order), [])
