from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import SQL

from ...models.contract.construction_instalment import EMPTY_SUMS, MOSTLY_ZERO
from .common import ContractCommon


@tagged("post_install", "-at_install")
class TestPlanMake(ContractCommon):
    """Plans are made by periods, by deliveries, from templates, or not at all."""

    def _make(self, contract, user=None, **values):
        wizard = self.env["construction.plan.make"].with_user(user or self.salesman)
        wizard = wizard.create({"contract_id": contract.id, "method": "periods", **values})
        wizard.action_make()
        return contract.instalment_ids.sorted("sequence")

    def test_a_service_is_paid_by_months_equal_to_the_cent(self):
        contract = self._create_contract(sign=False, prices=[(1, 1000.0)], taxes=self.env["account.tax"])
        rows = self._make(contract, period="month", count=3, date_first="2027-01-31", advance_percent=10)
        self.assertRecordValues(
            rows,
            [
                {"name": "Advance", "amount": 100.0, "trigger": "signature", "kind": "advance", "trigger_date": False},
                {"name": "January 2027", "amount": 300.0, "trigger": "date", "kind": "progress",
                 "trigger_date": date(2027, 1, 31)},
                {"name": "February 2027", "amount": 300.0, "trigger": "date", "kind": "progress",
                 "trigger_date": date(2027, 2, 28)},
                {"name": "March 2027", "amount": 300.0, "trigger": "date", "kind": "final",
                 "trigger_date": date(2027, 3, 31)},
            ],
        )  # fmt: skip
        rows = self._make(contract, period="week", every=2, count=3, date_first="2027-01-04", advance_percent=0)
        self.assertEqual(rows.mapped("amount"), [333.33, 333.33, 333.34])
        self.assertEqual(rows.mapped("trigger_date"), [date(2027, 1, 4), date(2027, 1, 18), date(2027, 2, 1)])
        rows = self._make(contract, period="quarter", count=2, date_first="2027-02-15")
        self.assertEqual(rows.mapped("name"), ["Quarter 1 of 2027", "Quarter 2 of 2027"])

    def test_sums_of_new_rows_are_zero_in_the_database_too(self):
        contract = self._create_contract(sign=False, prices=[(1, 1000.0)])
        rows = self._make(contract, period="month", count=3, date_first="2027-01-31")
        self.env.flush_all()
        sums = SQL(", ").join(SQL.identifier(name) for name in EMPTY_SUMS + MOSTLY_ZERO)
        found = self.env.execute_query(
            SQL("SELECT %s FROM construction_instalment WHERE id IN %s", sums, tuple(rows.ids))
        )
        self.assertEqual(found, [(0.0,) * len(EMPTY_SUMS + MOSTLY_ZERO)] * len(rows))

    def test_a_plan_asking_too_much_is_refused_by_whichever_road(self):
        contract = self._create_contract(sign=False, prices=[(1, 1000.0)])
        contract.instalment_ids.unlink()
        other = self._create_contract(sign=False, prices=[(1, 1000.0)])
        other.instalment_ids.unlink()
        row = {"name": "Most", "amount_type": "percent", "percent": 60, "trigger": "signature"}
        mine = contract.instalment_ids.create({**row, "contract_id": contract.id})
        theirs = other.instalment_ids.create({**row, "contract_id": other.id})
        roads = {
            "a row of its own": lambda: mine.copy(),
            "a new row written with the contract": lambda: contract.write({"instalment_ids": [Command.create(row)]}),
            "a row changed with the contract": lambda: contract.write(
                {"instalment_ids": [Command.create({**row, "percent": 30}), Command.update(mine.id, {"percent": 80})]}
            ),
            "a row moved to another contract": lambda: contract.write(
                {"instalment_ids": [Command.update(mine.id, {"contract_id": other.id})]}
            ),
            "a row fetched from another contract": lambda: contract.write(
                {"instalment_ids": [Command.link(theirs.id)]}
            ),
        }
        for road, act in roads.items():
            with (
                self.subTest(road),
                self.assertRaisesRegex(ValidationError, "more than the contract"),
                self.cr.savepoint(),
            ):
                act()
        # what the last row lowers again was never too much
        contract.write(
            {"instalment_ids": [Command.create({**row, "percent": 50}), Command.update(mine.id, {"percent": 50})]}
        )
        self.assertEqual(contract.amount_left, 0)

    def test_the_number_of_periods_follows_the_end_of_the_works(self):
        contract = self._create_contract(sign=False)
        contract.write({"date_start": "2027-01-15", "date_end": "2027-06-30", "retention_percent": 5})
        self.construction_type.plan_template_id = False
        form = Form(
            self.env["construction.plan.make"].with_user(self.salesman).with_context(default_contract_id=contract.id)
        )
        self.assertEqual((form.method, form.count, form.retention_percent), ("periods", 6, 5))
        self.assertIn("January 2027", form.content)
        form.count = 0
        self.assertIn("Choose a first day", form.content)
        form.count = 2
        form.save().action_make()
        rows = contract.instalment_ids.sorted("sequence")
        self.assertEqual(rows.mapped("kind"), ["progress", "final", "retention"])
        self.assertEqual(rows[-1].trigger, "warranty_end")
        self.assertEqual(contract.amount_left, 0)
        contract.action_sign()

    def test_the_template_of_the_type_is_proposed_where_it_has_one(self):
        contract = self._create_contract(sign=False)
        wizard = self.env["construction.plan.make"].with_user(self.salesman)
        form = Form(wizard.with_context(default_contract_id=contract.id))
        self.assertEqual((form.method, form.template_id), ("template", self.template))
        self.assertIn("Half way", form.content)
        contract.write({"kind": "product", "delivery_ids": [Command.create({"name": "Gate"})]})
        self.assertEqual(Form(wizard.with_context(default_contract_id=contract.id)).method, "deliveries")

    def test_a_retention_without_a_row_is_told_wherever_the_plan_is_made(self):
        construction_type = self.construction_type
        form = Form(construction_type.with_user(self.sale_manager))
        self.assertFalse(form.lacks_retention_row)
        form.retention_percent = 5
        self.assertTrue(form.lacks_retention_row)
        form.save()
        self.assertEqual(self.template.lacking_type_ids, construction_type)
        contract = self._create_contract(sign=False)
        self.assertTrue(contract.lacks_retention_row)
        wizard = Form(self.env["construction.plan.make"].with_context(default_contract_id=contract.id))
        self.assertTrue(wizard.lacks_retention_row)
        wizard.method = "periods"
        self.assertFalse(wizard.lacks_retention_row, "a row of the retention is proposed")
        wizard.retention_percent = 0
        self.assertTrue(wizard.lacks_retention_row)
        wizard.method = "none"
        self.assertFalse(wizard.lacks_retention_row)
        for record in (construction_type, contract):
            record.retention_method = "withheld"
            self.assertFalse(record.lacks_retention_row, "kept back of each invoice")
            record.retention_method = "row"
        self.template.line_ids[1].write({"kind": "retention", "percent": 0})
        self.assertFalse(construction_type.lacks_retention_row)
        self.assertFalse(self.template.lacking_type_ids)
        contract.instalment_ids[1].kind = "retention"
        self.assertFalse(contract.lacks_retention_row)

    def test_names_are_in_the_language_of_the_client(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        contract = self._create_contract(sign=False)
        contract.partner_id.lang = "fr_FR"
        rows = self._make(contract, period="month", count=1, date_first="2027-01-31")
        self.assertEqual(rows[0].name, "janvier 2027")

    def test_goods_are_paid_by_the_value_of_each_delivery(self):
        window = self._create_product(name="Window", type="consu", taxes_id=self.tax_21)
        order = self._create_order(False, prices=())
        order.order_line = [
            Command.create({"product_id": window.id, "product_uom_qty": quantity, "price_unit": price})
            for quantity, price in ((2, 100.0), (1, 300.0), (1, 500.0))
        ]
        order.action_create_contract()
        contract = order.contract_id
        contract.kind = "product"
        contract.action_fill_deliveries()
        form = Form(self.env["construction.plan.make"].with_context(default_contract_id=contract.id))
        self.assertEqual(form.method, "deliveries")
        form.advance_percent = 20
        form.save().action_make()
        rows = contract.instalment_ids.sorted("sequence")
        self.assertEqual(rows.delivery_id, contract.delivery_ids)
        self.assertEqual(rows.mapped("amount"), [242.0, 193.6, 290.4, 484.0])
        self.assertEqual(rows[-1].kind, "final")

    def test_deliveries_without_a_value_share_equally_or_are_named(self):
        contract = self._create_contract(sign=False)
        with self.assertRaisesRegex(UserError, "no deliveries"):
            self._make(contract, method="deliveries")
        contract.delivery_ids = [Command.create({"name": name}) for name in ("Roof", "Gate")]
        rows = self._make(contract, method="deliveries")
        self.assertEqual(rows.mapped("amount"), [605.0, 605.0])
        contract.delivery_ids[0].sale_line_id = contract.order_ids.order_line
        with self.assertRaisesRegex(UserError, "Gate"):
            self._make(contract, method="deliveries")

    def test_a_new_plan_stands_around_what_is_invoiced(self):
        contract = self._create_contract()
        first = contract.instalment_ids[0]
        self._invoice(first)
        rows = self._make(contract, period="month", count=3, date_first="2027-01-01")
        self.assertEqual(rows[0], first)
        self.assertEqual(rows.mapped("amount"), [363.0, 282.33, 282.33, 282.34])
        self.env.cr.precommit.run()
        self.assertTrue(contract.plan_change_ids)

    def test_a_row_money_was_received_for_is_not_replaced(self):
        contract = self._create_contract()
        self._collect(contract.instalment_ids[1], 50)
        with self.assertRaisesRegex(UserError, "Half way.*money was received"):
            self._make(contract, period="month", count=3, date_first="2027-01-01")

    def test_a_template_is_applied_and_a_plan_saved_as_one(self):
        contract = self._create_contract(sign=False)
        contract.date_start = "2027-01-01"
        contract.instalment_ids[1].trigger_date = "2027-02-10"
        with self.assertRaises(AccessError):
            contract.with_user(self.salesman).action_save_plan_template()
        action = contract.with_user(self.sale_manager).action_save_plan_template()
        template = self.env["construction.plan.template"].browse(action["res_id"])
        self.assertEqual(template.line_ids.mapped("delay_days"), [0, 40, 0])
        other = self._create_contract(sign=False)
        rows = self._make(other, method="template", template_id=template.id)
        self.assertEqual(rows.mapped("name"), contract.instalment_ids.mapped("name"))
        self.assertEqual(rows.mapped("amount"), contract.instalment_ids.mapped("amount"))

    def test_a_one_off_sale_is_signed_and_invoiced_without_a_plan(self):
        contract = self._create_contract(sign=False)
        self._make(contract, method="none")
        self.assertTrue(contract.is_one_off)
        self.assertFalse(contract.instalment_ids or contract.missing_data or contract.amount_left)
        contract.action_sign()
        order = contract.order_ids
        self.assertFalse(order.is_invoiced_by_plan)
        order.order_line.qty_delivered = 1
        move = order._create_invoices()
        move.action_post()
        self.assertEqual(contract.amount_invoiced, 1210)
        with self.assertRaisesRegex(ValidationError, "one-off"):
            contract.instalment_ids = [Command.create({"name": "More", "percent": 10})]
        contract.action_complete()

    def test_a_contract_without_plan_is_not_signed_by_mistake(self):
        contract = self._create_contract(sign=False)
        contract.instalment_ids.unlink()
        with self.assertRaisesRegex(UserError, "The payment plan"):
            contract.action_sign()

    def test_a_plan_takes_a_one_off_sale_back(self):
        contract = self._create_contract(sign=False)
        self._make(contract, method="none")
        rows = self._make(contract, period="month", count=2, date_first="2027-01-01")
        self.assertFalse(contract.is_one_off)
        self.assertEqual(sum(rows.mapped("amount")), contract.amount_total)

    def test_bad_questions_are_refused_in_words(self):
        contract = self._create_contract(sign=False)
        for values, words in (
            ({"count": 0}, "Choose a first day"),
            ({"count": 5000}, "600"),
            ({"every": 0, "count": 3}, "120 periods"),
            ({"count": 3, "advance_percent": -1}, "negative"),
            ({"count": 3, "advance_percent": 60, "retention_percent": 50}, "100 %"),
        ):
            with self.subTest(values=values), self.assertRaisesRegex(UserError, words):
                self._make(contract, **{"date_first": "2027-01-01", **values})
        contract.action_cancel()
        with self.assertRaisesRegex(UserError, "closed or cancelled"):
            contract.action_make_plan()

    def test_a_duplicated_row_asks_for_no_more_than_is_left(self):
        contract = self._create_contract(sign=False)
        contract.instalment_ids[0].action_duplicate()
        self.assertEqual(len(contract.instalment_ids), 4)
        contract.instalment_ids[0].action_duplicate()
        self.assertAlmostEqual(sum(contract.instalment_ids.mapped("percent")), 100, 2)
        self.assertEqual(contract.amount_left, 0)

    def test_each_person_makes_only_plans_of_own_contracts(self):
        contract = self._create_contract(sign=False)
        for user in (self.other_salesman, self.accountant, self.project_user):
            with self.assertRaises(AccessError):
                self._make(contract, user=user, method="none")
