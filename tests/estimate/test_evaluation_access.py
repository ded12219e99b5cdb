from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import EstimateCommon

SHEET_PRICES = ("amount_total",)
LINE_PRICES = ("price_unit", "price_subtotal", "price_raw")


@tagged("post_install", "-at_install")
class TestEvaluationAccess(EstimateCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sheet = cls.make_sheet(user_id=cls.surveyor.id)

    def as_user(self, user, records=None):
        self.env.invalidate_all()
        return (self.sheet if records is None else records).with_user(user)

    def prices_of(self, user):
        """Every model of the sheet with the names of its prices, as the user."""
        return (
            (self.as_user(user), SHEET_PRICES),
            (self.as_user(user, self.sheet.line_ids), LINE_PRICES),
        )

    # === SURVEYOR: NO PRICE BY ANY ROAD ===

    def test_surveyor_reads_quantities_client_and_site(self):
        sheet = self.as_user(self.surveyor)
        [values] = sheet.read()
        self.assertEqual(values["client_name"], "Ana Popescu")
        self.assertEqual(values["client_phone"], "0721 000 111")
        self.assertIn("Quay 7", values["site_address"])
        self.assertEqual(sheet.line_ids.mapped("quantity"), [2.5, 7.0])
        self.assertTrue(sheet.lead_id.display_name)
        with self.assertRaises(AccessError):
            sheet.lead_id.read(["expected_revenue"])

    def test_surveyor_gets_no_price_by_reading(self):
        for records, names in self.prices_of(self.surveyor):
            self.assertFalse(set(names) & set(records.fields_get()))
            self.assertFalse(set(names) & set(records.read()[0]))
            for name in names:
                with self.assertRaises(AccessError):
                    records.read([name])
                with self.assertRaises(AccessError):
                    records.web_read({name: {}})
                with self.assertRaises(AccessError):
                    records.export_data([name])
                with self.assertRaises(AccessError):
                    records.mapped(name)

    def test_surveyor_gets_no_price_by_searching(self):
        for records, names in self.prices_of(self.surveyor):
            for name in names:
                for attempt in (
                    lambda records=records, name=name: records.search([(name, ">", 1)]),
                    lambda records=records, name=name: records.search_count([(name, ">", 1)]),
                    lambda records=records, name=name: records.search([], order=f"{name} desc"),
                    lambda records=records, name=name: records.web_search_read([], {name: {}}),
                    lambda records=records, name=name: records.name_search("", domain=[(name, ">", 1)]),
                ):
                    with self.assertRaises(AccessError):
                        attempt()
        with self.assertRaises(AccessError):
            self.as_user(self.surveyor).search([("line_ids.price_unit", ">", 1)])
        with self.assertRaises(AccessError):
            self.as_user(self.surveyor).web_read({"line_ids": {"fields": {"price_subtotal": {}}}})
        with self.assertRaises(AccessError):
            self.as_user(self.surveyor).export_data(["line_ids/price_subtotal"])

    def test_surveyor_gets_no_price_by_grouping(self):
        for records, names in self.prices_of(self.surveyor):
            for name in names:
                with self.assertRaises(AccessError):
                    records.formatted_read_group([], ["state"], [f"{name}:sum"])
                with self.assertRaises(AccessError):
                    records.formatted_read_group([], [name], ["__count"])
                with self.assertRaises(AccessError):
                    records.formatted_read_group([], ["state"], ["__count"], having=[(f"{name}:sum", ">", 1)])

    def test_surveyor_gets_no_price_in_the_form_and_its_onchange(self):
        arch = self.as_user(self.surveyor).get_view(view_type="form")["arch"]
        for name in (*SHEET_PRICES, *LINE_PRICES, "pricelist_id"):
            self.assertNotIn(f'name="{name}"', arch)
        sheet = self.as_user(self.surveyor)
        with Form(sheet) as form, form.line_ids.edit(0) as line:
            line.quantity = 4.0
        self.assertEqual(self.sheet.line_ids[0].price_subtotal, 169.09)
        result = sheet.onchange(
            {"line_ids": [Command.update(sheet.line_ids[0].id, {"quantity": 5.0})]},
            ["line_ids"],
            {"line_ids": {"fields": {"quantity": {}}}},
        )
        self.assertNotIn("price", str(result))

    def test_surveyor_gets_no_price_in_the_print(self):
        for user, shown in ((self.surveyor, False), (self.salesperson, True)):
            for sudo in (False, True):
                sheet = self.as_user(user)
                reports = self.env["ir.actions.report"].with_user(user).sudo(sudo)
                html, _type = reports._render_qweb_html("construction_crm.action_report_evaluation", sheet.ids)
                self.assertIn("Tiled wall", html.decode())
                self.assertIn("2.50", html.decode())
                for amount in ("105.68", "113.87", "42.27"):
                    self.assertEqual(amount in html.decode(), shown, (user.login, sudo, amount))

    def test_the_print_shows_no_price_to_a_project_manager(self):
        html, _type = (
            self.env["ir.actions.report"]
            .with_user(self.project_manager)
            ._render_qweb_html("construction_crm.action_report_evaluation", self.sheet.ids)
        )
        self.assertNotIn("113.87", html.decode())

    def test_the_chatter_tells_no_price(self):
        tracked = self.env["construction.evaluation"].with_context(
            tracking_disable=False, mail_notrack=False, mail_create_nolog=False
        )
        sheet = tracked.browse(self.make_sheet(user_id=self.surveyor.id).id)
        sheet.line_ids[0].quantity = 5.0
        sheet.action_measure()
        sheet.action_finalize()
        self.env.flush_all()
        self.cr.precommit.run()
        tracking = sheet.message_ids.sudo().tracking_value_ids
        self.assertLessEqual(set(tracking.field_id.mapped("name")), {"state", "user_id", "date_visit"})
        bodies = " ".join(sheet.with_user(self.surveyor).message_ids.mapped("body"))
        self.assertNotIn("211.37", bodies)

    def test_surveyor_gets_no_cost_of_a_recipe(self):
        recipe = self.as_user(self.surveyor, self.recipe)
        for name in ("unit_cost",):
            with self.assertRaises(AccessError):
                recipe.search([(name, ">", 0)])
            with self.assertRaises(AccessError):
                recipe.web_read({"line_ids": {"fields": {"unit_cost": {}}}})

    def test_project_managers_read_quantities_without_prices(self):
        for records, names in self.prices_of(self.project_manager):
            self.assertFalse(set(names) & set(records.read()[0]))
            with self.assertRaises(AccessError):
                records.read([names[0]])
            with self.assertRaises(AccessError):
                records.write({"sequence": 1} if "sequence" in records else {"note": "x"})

    # === SURVEYOR: MEASURES, NO MORE ===

    def test_surveyor_measures(self):
        sheet = self.as_user(self.surveyor)
        sheet.write(
            {
                "note": "Third floor, no lift",
                "line_ids": [
                    Command.update(sheet.line_ids[0].id, {"quantity": 3.0, "zone": "Bathroom"}),
                    Command.create({"product_id": self.tile.id, "quantity": 1.0}),
                ],
            }
        )
        sheet.action_measure()
        self.assertEqual(self.sheet.state, "measured")
        self.assertEqual(len(self.sheet.line_ids), 3)
        sheet.line_ids[2].unlink()

    def test_surveyor_neither_checks_nor_finalises_nor_prices(self):
        sheet = self.as_user(self.surveyor)
        for action in (
            "action_check",
            "action_finalize",
            "action_cancel",
            "action_reset",
            "action_update_prices",
            "action_new_version",
        ):
            with self.assertRaisesRegex(AccessError, "salesperson of the deal or an estimator"):
                getattr(sheet, action)()
        self.assertEqual(self.sheet.state, "planned")

    def test_surveyor_changes_nothing_but_the_measuring(self):
        sheet = self.as_user(self.surveyor)
        for vals in (
            {"lead_id": self.make_lead().id},
            {"site_id": False},
            {"pricelist_id": False},
            {"user_id": self.estimator.id},
            {"company_id": self.env.company.id},
            {"version": 7},
        ):
            with self.assertRaises(AccessError):
                sheet.write(vals)
        with self.assertRaises(UserError):
            sheet.write({"state": "final"})
        with self.assertRaises(AccessError):
            sheet.unlink()
        with self.assertRaises(AccessError):
            sheet.create({"lead_id": self.lead.id})
        with self.assertRaises(UserError):
            sheet.line_ids[0].write({"price_unit": 1.0})

    def test_surveyor_leaves_checked_sheets_alone(self):
        self.sheet.action_check()
        sheet = self.as_user(self.surveyor)
        with self.assertRaisesRegex(AccessError, "has been checked"):
            sheet.line_ids[0].quantity = 9.0
        with self.assertRaisesRegex(AccessError, "has been checked"):
            sheet.write({"line_ids": [Command.clear()]})
        self.sheet.line_ids[0].with_user(self.salesperson).quantity = 9.0

    def test_surveyor_sees_own_and_unassigned_sheets(self):
        free = self.make_sheet()
        foreign = self.make_sheet(user_id=self.estimator.id)
        found = self.as_user(self.surveyor).search([])
        self.assertIn(self.sheet, found)
        self.assertIn(free, found)
        self.assertNotIn(foreign, found)
        free.with_user(self.surveyor).user_id = self.surveyor
        with self.assertRaises(AccessError):
            foreign.with_user(self.surveyor).read(["name"])
        with self.assertRaises(AccessError):
            foreign.line_ids.with_user(self.surveyor).write({"quantity": 1})

    # === SALESPEOPLE, MANAGERS, ACCOUNTANTS ===

    def test_salesperson_works_the_sheets_of_own_deals(self):
        sheets = self.env["construction.evaluation"].with_user(self.salesperson)
        sheet = sheets.create(
            {
                "lead_id": self.lead.id,
                "line_ids": [Command.create({"product_id": self.glue.id, "quantity": 2})],
            }
        )
        self.assertEqual(sheet.amount_total, 2.34)
        sheet.action_measure()
        sheet.action_check()
        sheet.action_finalize()
        self.assertEqual(sheet.state, "final")

    def test_other_salespeople_see_nothing(self):
        self.assertFalse(self.as_user(self.rival).search([("lead_id", "=", self.lead.id)]))
        for records in (self.as_user(self.rival), self.as_user(self.rival, self.sheet.line_ids)):
            with self.assertRaises(AccessError):
                records.read(["name"])
        with self.assertRaises(AccessError):
            self.as_user(self.rival).action_finalize()
        with self.assertRaises(AccessError):
            self.as_user(self.rival).create({"lead_id": self.lead.id})
        with self.assertRaises(AccessError):
            self.as_user(self.rival, self.sheet.line_ids).create(
                {"evaluation_id": self.sheet.id, "product_id": self.glue.id}
            )
        self.lead.user_id = self.rival
        self.assertEqual(self.as_user(self.rival).amount_total, 113.87)

    def test_estimators_and_managers_see_and_finalise_all(self):
        for user in (self.estimator, self.manager):
            sheet = self.make_sheet()
            self.assertTrue(self.as_user(user).amount_total)
            sheet.with_user(user).action_finalize()
            draft = self.make_sheet().with_user(user)
            draft.unlink()

    def test_accountants_read_prices_and_write_nothing(self):
        readonly = self.make_user("auditor", "account.group_account_readonly")
        for user in (self.accountant, readonly):
            sheet = self.as_user(user)
            self.assertEqual(sheet.amount_total, 113.87)
            self.assertTrue(sheet.line_ids.read(["price_unit"]))
            with self.assertRaises(AccessError):
                sheet.write({"note": "x"})
            with self.assertRaises(AccessError):
                sheet.action_finalize()
            with self.assertRaises(AccessError):
                sheet.action_measure()

    def test_customers_and_plain_employees_get_nothing(self):
        portal = self.make_portal_user()
        employee = self.make_user("employee", "base.group_user")
        for user in (portal, employee):
            for model in (
                "construction.evaluation",
                "construction.evaluation.line",
                "construction.recipe",
                "construction.recipe.line",
            ):
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])

    def make_portal_user(self):
        return self.env["res.users"].create(
            {
                "name": "Client",
                "login": "portal_client",
                "partner_id": self.client.id,
                "group_ids": [Command.set(self.group_portal.ids)],
            }
        )

    def test_a_second_company_sees_nothing_of_the_first(self):
        other = self.env["res.company"].create({"name": "Other builder"})
        for group in ("construction_crm.group_estimator", "account.group_account_invoice"):
            stranger = self.make_user(
                f"stranger_{group}",
                group,
                company_id=other.id,
                company_ids=[Command.set(other.ids)],
            )
            self.assertFalse(self.as_user(stranger).search([("id", "=", self.sheet.id)]))
            with self.assertRaises(AccessError):
                self.as_user(stranger, self.sheet.line_ids).read(["quantity"])

    def test_records_of_two_companies_do_not_mix(self):
        other = self.env["res.company"].create({"name": "Other builder"})
        self.env.user.company_ids += other
        product = self.make_product("Foreign", 1.0, 1.0, company_id=other.id)
        with self.assertRaises(UserError):
            self.sheet.line_ids = [Command.create({"product_id": product.id, "quantity": 1})]
        line = self.sheet.line_ids[0]
        recipe = self.env["construction.recipe"].create(
            {"product_tmpl_id": line.product_id.product_tmpl_id.id, "company_id": other.id}
        )
        with self.assertRaisesRegex(ValidationError, f"{line.product_id.name}.*Other builder.*Duplicate the recipe"):
            line.recipe_id = recipe
        lead = self.make_lead(company_id=other.id, user_id=False, team_id=False)
        sheet = self.make_sheet([], lead_id=lead.id)
        self.assertEqual(sheet.company_id, other)
        self.assertEqual(sheet.currency_id, other.currency_id)
