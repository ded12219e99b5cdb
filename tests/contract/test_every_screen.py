from lxml import etree

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from odoo.addons.web.controllers.utils import clean_action

from .line_common import LineCommon
from .screen import Screen

# The roles of the design which the firm of the line does not have yet.
MORE_ROLES = {
    "sales_manager": "sales_team.group_sale_manager",
    "estimator": "construction_crm.group_estimator",
    "project_admin": "project.group_project_manager",
    "auditor": "account.group_account_readonly",
    "consultant": "base.group_system",
}
ROLES = ("salesperson", "surveyor", "project_manager", "accountant", *MORE_ROLES)


@tagged("post_install", "-at_install")
class TestEveryScreen(LineCommon):
    """Each menu of the app opens for everyone it is shown to, with a whole job in the books."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for role, group in MORE_ROLES.items():
            user = new_test_user(
                cls.env,
                login=f"line_{role}",
                groups=f"base.group_user,{group}",
                company_id=cls.env.company.id,
                company_ids=[Command.set(cls.env.company.ids)],
            )
            setattr(cls, role, user)
        cls._make_job()

    @classmethod
    def _make_job(cls):
        """A contract with an invoice, a payment and a project; a tag and an attached file on the deal."""
        cls.contract = contract = cls.make_contract()
        deal = contract.lead_id
        deal.tag_ids = cls.env["crm.tag"].create({"name": "Bathrooms"})
        deal.with_user(cls.project_manager)._start_project({})
        cls.project = deal.project_ids
        advance = contract.instalment_ids[0].with_user(cls.accountant)
        advance.action_invoice()
        advance.invoice_ids.action_post()
        action = advance.action_collect()
        cls.env["construction.collect"].with_user(cls.accountant).with_context(**action["context"]).create(
            {"journal_id": cls.company_data["default_journal_bank"].id}
        ).action_collect()
        contract.date_end = contract.date_start
        cls.env.flush_all()

    def test_every_screen_opens_for_everyone_who_has_its_menu(self):
        for role in ROLES:
            user = getattr(self, role)
            for menu, action in self._get_menu_actions(user):
                with self.subTest(role=role, menu=menu):
                    self.env.invalidate_all()
                    Screen(self.env(user=user), action).show()

    def test_every_click_from_a_screen_opens_for_everyone(self):
        for role in ROLES:
            user = getattr(self, role)
            env = self.env(user=user)
            for menu, action in self._get_menu_actions(user):
                with self.subTest(role=role, menu=menu):
                    clicks = list(Screen(env, action).follow())
                for method, target in clicks:
                    if not isinstance(target, dict) or target.get("type") != "ir.actions.act_window":
                        continue
                    with self.subTest(role=role, menu=menu, click=method):
                        self.env.invalidate_all()
                        Screen(env, clean_action(target, env)).show()

    # === WHAT IS OFFERED ON IT === #

    def test_only_sales_are_offered_a_new_quotation_on_the_deal(self):
        deal = self.contract.lead_id
        for user in (self.salesperson, self.estimator):
            self.assertIn("action_sale_quotations_new", self._get_buttons(user, deal))
        for user in (self.accountant, self.auditor):
            self.assertNotIn("action_sale_quotations_new", self._get_buttons(user, deal))

    def test_the_accountant_collects_from_the_posted_invoice(self):
        row = self.contract.instalment_ids[1]
        row.with_user(self.salesperson).trigger_date = self.contract.date_start
        row.with_user(self.accountant).action_invoice()
        invoice = row.invoice_ids
        self.assertNotIn("action_collect", self._get_buttons(self.accountant, invoice), "still a draft")
        invoice.action_post()
        self.assertIn("action_collect", self._get_buttons(self.accountant, invoice))
        self.assertNotIn("action_collect", self._get_buttons(self.salesperson, invoice))
        action = invoice.with_user(self.accountant).action_collect()
        self.assertEqual(action["context"]["default_instalment_id"], row.id)
        paid = self.contract.instalment_ids[0].invoice_ids
        self.assertNotIn("action_collect", self._get_buttons(self.accountant, paid), "nothing is left")
        stray = self.init_invoice("out_invoice", products=self.shower, post=True)
        self.assertNotIn("action_collect", self._get_buttons(self.accountant, stray), "stock's Pay is for this one")
        with self.assertRaisesRegex(UserError, "belongs to no payment plan"):
            stray.with_user(self.accountant).action_collect()

    def test_a_payment_of_a_contract_leads_to_it_and_to_its_receipt(self):
        payment = self.contract.collection_ids.payment_id
        buttons = self._get_buttons(self.accountant, payment)
        self.assertIn("action_view_construction_contracts", buttons)
        self.assertIn("action_print_receipt", buttons)
        payment = payment.with_user(self.accountant)
        self.assertEqual(payment.action_view_construction_contracts()["res_id"], self.contract.id)
        self.assertEqual(payment.action_print_receipt()["report_name"], "account.report_payment_receipt")

    def test_stocks_register_payment_leads_to_the_contract_too(self):
        row = self.contract.instalment_ids[1]
        row.with_user(self.salesperson).trigger_date = self.contract.date_start
        row.with_user(self.accountant).action_invoice()
        row.invoice_ids.action_post()
        register = self.env["account.payment.register"].with_user(self.accountant)
        register = register.with_context(active_model="account.move", active_ids=row.invoice_ids.ids)
        payment = register.create({})._create_payments()
        self.assertIn("action_print_receipt", self._get_buttons(self.accountant, payment))
        self.assertEqual(payment.construction_contract_ids, self.contract)

    def test_other_payments_stay_as_in_stock(self):
        payment = self.env["account.payment"].create({"partner_id": self.client.id, "amount": 7.0})
        payment.action_post()
        buttons = self._get_buttons(self.accountant, payment)
        self.assertNotIn("action_print_receipt", buttons)
        self.assertNotIn("action_view_construction_contracts", buttons)

    def test_an_order_under_contract_is_invoiced_by_its_plan_only(self):
        order = self.contract.order_ids
        order.order_line.filtered("product_id").qty_delivered = 1.0
        self.assertFalse(self._get_stock_invoicing(self.salesperson, order))
        other = self.make_order()
        self.assertTrue(self._get_stock_invoicing(self.salesperson, other), "without contract, as in stock")
        other.action_create_contract()
        self.assertFalse(self._get_stock_invoicing(self.salesperson, other))
        other.contract_id.action_cancel()
        self.assertTrue(self._get_stock_invoicing(self.salesperson, other))

    def test_prices_are_not_updated_on_an_unsaved_sheet(self):
        sheet = self.make_deal()
        self.assertIn("action_update_prices", self._get_buttons(self.salesperson, sheet))
        view = self.env["construction.evaluation"].with_user(self.salesperson).get_view(view_type="form")
        button = etree.fromstring(view["arch"]).find(".//button[@name='action_update_prices']")
        values = {"id": False, "state": "planned", "line_ids": [1]}
        self.assertTrue(safe_eval(button.get("invisible"), values))

    def test_a_deal_made_on_the_screen_deals_has_its_type(self):
        action = self.env["ir.actions.actions"]._for_xml_id("construction_crm.crm_lead_action_construction")
        context = safe_eval(action["context"])
        Lead = self.env["crm.lead"].with_user(self.salesperson)
        form = Form(Lead.with_context(**context))
        self.assertEqual(form.construction_type_id, self.bathroom, "the only type there is")
        self.env["construction.type"].create({"name": "New house"})
        form = Form(Lead.with_context(**context))
        form.name = "Mansard"
        self.assertFalse(form.construction_type_id)
        with self.assertRaisesRegex(AssertionError, "construction_type_id is a required field"):
            form.save()
        form.construction_type_id = self.bathroom
        deal = form.save()
        self.assertIn(deal, Lead.search(safe_eval(action["domain"])))
        # A lead of stock's own screens needs none.
        form = Form(Lead.with_context(default_type="opportunity"))
        form.name = "Shop"
        self.assertFalse(form.save().construction_type_id)

    def _get_buttons(self, user, record):
        """Names of the methods whose buttons the form shows to this user."""
        action = {"res_model": record._name, "res_id": record.id, "views": [(False, "form")]}
        return Screen(self.env(user=user), action).get_buttons(record.with_user(user))

    def _get_stock_invoicing(self, user, order):
        """Ids of stock's visible buttons Create Invoice."""
        action = {"res_model": "sale.order", "res_id": order.id, "views": [(False, "form")]}
        buttons = Screen(self.env(user=user), action).get_visible(order.with_user(user), ".//header")
        return [button.get("id") for button in buttons if button.get("id", "").startswith("create_invoice")]

    # === WHAT A USER IS OFFERED === #

    def _get_menu_actions(self, user):
        """The window actions of the app's menus this user has.

        :return: list of (name of the menu, action as the web client loads it)
        """
        env = self.env(user=user)
        menus = env["ir.ui.menu"].load_menus(False)
        root = menus.get(self.env.ref("construction_crm.menu_construction_root").id)
        actions = []
        todo = list(root["children"]) if root else []
        while todo:
            menu = menus[todo.pop(0)]
            todo += menu["children"]
            if menu["action_model"] == "ir.actions.act_window":
                actions.append((menu["name"], self._load_action(env, menu["action_id"])))
        self.assertTrue(actions, f"{user.name} has no menu of the app")
        return actions

    def _load_action(self, env, action_id):
        # reason of sudo: as the web client's own way to load an action
        return clean_action(env["ir.actions.act_window"].sudo().browse(action_id)._get_action_dict(), env)
