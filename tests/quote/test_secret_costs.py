from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import QuoteCommon

STOCK_COSTS = [
    ("product.template", "standard_price"),
    ("product.product", "standard_price"),
    ("sale.order", "margin"),
    ("sale.order", "margin_percent"),
    ("sale.order.line", "purchase_price"),
    ("sale.order.line", "margin"),
    ("sale.order.line", "margin_percent"),
    ("sale.report", "margin"),
]


@tagged("post_install", "-at_install")
class TestSecretCosts(QuoteCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quote = cls.generate()
        cls.portal_user = new_test_user(cls.env, login="ana", groups="base.group_portal")
        cls.portal_user.partner_id.parent_id = cls.client

    @classmethod
    def set_secret(cls, secret):
        settings = cls.env["res.config.settings"].sudo()
        settings.create({"construction_secret_costs": secret}).execute()

    def test_at_first_everybody_sees_what_he_saw(self):
        self.assertFalse(self.env["res.config.settings"].create({}).construction_secret_costs)
        for model, fname in STOCK_COSTS:
            with self.subTest(model=model, fname=fname):
                self.env[model].with_user(self.salesperson).search_read([], [fname], limit=1)

    def test_a_consultant_without_sales_rights_finds_the_setting(self):
        consultant = new_test_user(self.env, login="consultant_only", groups="base.group_user,base.group_system")
        arch = self.env["res.config.settings"].with_user(consultant).get_view(view_type="form")["arch"]
        self.assertIn("construction_secret_costs", arch)
        self.assertIn("group_project_stages", arch)

    def test_the_setting_hides_costs_by_every_road(self):
        self.set_secret(True)
        for model, fname in STOCK_COSTS:
            records = self.env[model].with_user(self.salesperson)
            for road in (
                (records.search([], limit=1).read, [fname]),
                (records.search, [(fname, ">", 0)]),
                (records.search, [], 0, 1, fname),
                (records._read_group, [], [], [f"{fname}:sum"]),
                (records.formatted_read_group, [], [], [f"{fname}:sum"]),
                (records.search([], limit=1).export_data, [fname]),
            ):
                with self.subTest(model=model, fname=fname, road=road[0].__name__):
                    self.assertRaises(AccessError, *road)
            self.assertNotIn(fname, records.fields_get())

    def test_the_setting_can_be_taken_back(self):
        self.set_secret(True)
        self.set_secret(False)
        self.quote.with_user(self.salesperson).read(["margin"])

    def test_who_may_see_costs_sees_them_still(self):
        self.set_secret(True)
        for user in (self.estimator, self.manager):
            self.assertTrue(self.quote.with_user(user).read(["margin"]))
            self.assertTrue(self.quote.order_line.with_user(user).read(["purchase_price"]))
        self.assertTrue(self.tile.with_user(self.accountant).standard_price)

    def test_a_customer_never_sees_a_cost(self):
        for secret in (False, True):
            self.set_secret(secret)
            order = self.quote.with_user(self.portal_user)
            for fname in ("margin", "margin_percent"):
                with self.assertRaises(AccessError):
                    order.read([fname])
            with self.assertRaises(AccessError):
                self.quote.order_line.with_user(self.portal_user).read(["purchase_price"])

    def test_a_salesperson_works_as_before_without_seeing_costs(self):
        self.set_secret(True)
        orders = self.env["sale.order"].with_user(self.salesperson)
        order = orders.create(
            {"partner_id": self.client.id, "order_line": [Command.create({"product_id": self.tile.id})]}
        )
        self.assertEqual(order.sudo().order_line.purchase_price, 7.0)
        self.assertEqual(order.sudo().margin, order.amount_untaxed - 7.0)
        with Form(orders) as form:
            form.partner_id = self.client
            with form.order_line.new() as line:
                line.product_id = self.tile
                line.product_uom_qty = 4
        self.assertEqual(form.record.sudo().order_line.purchase_price, 7.0)
        form.record.order_line.product_uom_qty = 5
        self.assertEqual(form.record.sudo().margin, 5 * (12.33 - 7.0))
        copy = order.copy()
        self.assertEqual(copy.sudo().order_line.purchase_price, 7.0)
        copy.action_quotation_sent()
        copy.action_confirm()
        copy.action_cancel()

    def test_a_salesperson_generates_and_revises_without_seeing_costs(self):
        self.set_secret(True)
        quote = self.generate(self.make_final_sheet())
        self.assertEqual(quote.create_uid, self.salesperson)
        self.assertEqual(quote.sudo().order_line[1].purchase_price, 20.0)
        quote.with_user(self.salesperson).action_quotation_sent()
        action = quote.with_user(self.salesperson).action_revise()
        revision = self.env["sale.order"].browse(action["res_id"])
        self.assertEqual(revision.order_line[1].purchase_price, 20.0)

    def test_a_product_is_copied_by_who_may_not_see_its_cost(self):
        self.set_secret(True)
        user = self.make_user("keeper", "product.group_product_manager")
        template = self.tile.product_tmpl_id.with_user(user).copy()
        self.assertEqual(template.list_price, self.tile.list_price)

    def test_no_view_offers_a_hidden_cost(self):
        self.set_secret(True)
        for model, fname in STOCK_COSTS[:4]:
            for view_type in ("form", "list"):
                view = self.env[model].with_user(self.salesperson).get_view(view_type=view_type)
                self.assertNotIn(f'name="{fname}"', view["arch"])
