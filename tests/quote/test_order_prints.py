from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import QuoteCommon


@tagged("post_install", "-at_install")
class TestOrderPrints(QuoteCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quote = cls.generate()

    def render(self, report, user):
        reports = self.env["ir.actions.report"].with_user(user)
        return reports._render_qweb_html(f"construction_crm.action_report_{report}", self.quote.ids)[0].decode()

    def test_the_client_gets_selling_prices_and_no_cost(self):
        analysis = self.quote.with_user(self.salesperson)._get_analysis(has_costs=False)
        for item in analysis["items"]:
            amounts = [row["amount"] for group in item["groups"] for row in group["rows"]]
            self.assertAlmostEqual(sum(amounts), item["subtotal"], 9)
        self.assertAlmostEqual(sum(item["subtotal"] for item in analysis["items"]), self.quote.amount_untaxed, 9)
        page = self.render("order_analysis", self.salesperson)
        self.assertIn("12.33", page)
        self.assertNotIn("Direct cost", page)
        self.assertNotIn("20.00", page, "what an hour costs us")

    def test_the_internal_analysis_leads_from_the_frozen_cost_to_the_price(self):
        analysis = self.quote.with_user(self.estimator)._get_analysis(has_costs=True)
        for item in analysis["items"]:
            steps = sum(amount for _name, _percent, amount in item["steps"])
            self.assertAlmostEqual(item["direct"] + steps, item["price"], 6)
        with self.assertRaises(AccessError):
            self.render("order_cost_analysis", self.salesperson)
        self.assertIn("Direct cost", self.render("order_cost_analysis", self.estimator))

    def test_a_client_cannot_open_the_prints_of_his_quote_by_address(self):
        portal = new_test_user(self.env, login="ana", groups="base.group_portal")
        portal.partner_id.parent_id = self.client
        self.quote.action_quotation_sent()
        for report in ("order_analysis", "order_cost_analysis", "order_resources"):
            with self.assertRaises(AccessError):
                self.render(report, portal)

    def test_the_resources_of_a_quote_are_those_of_its_lines(self):
        resources = self.quote.with_user(self.estimator)._get_resources()
        rows = {row["product"]: row for group in resources["groups"] for row in group["rows"]}
        self.assertAlmostEqual(rows[self.glue]["quantity"], 3.3 * 2.5 + 7.0)
        # sudo: the costs of the lines
        costs = sum(line.purchase_price * line.product_uom_qty for line in self.quote.sudo().order_line)
        self.assertAlmostEqual(resources["total"], self.quote.currency_id.round(costs), 9)
        amounts = sum(row["amount"] for row in rows.values())
        self.assertAlmostEqual(amounts + resources["rounding"], resources["total"], 9)
        self.assertFalse(self.quote.with_user(self.salesperson)._get_resources()["has_costs"])

    def test_an_item_quoted_as_a_whole_is_taken_apart(self):
        line = self.env["sale.order.line"].create(
            {
                "order_id": self.quote.id,
                "product_id": self.wall.id,
                "product_uom_qty": 10.0,
                "recipe_id": self.recipe.id,
            }
        )
        resources = self.quote.with_user(self.estimator)._get_resources()
        rows = {row["product"]: row for group in resources["groups"] for row in group["rows"]}
        self.assertNotIn(line.product_id, rows)
        self.assertAlmostEqual(rows[self.tile]["quantity"], 12.5 * 1.08)
