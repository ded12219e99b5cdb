import json

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import json_default, mute_logger

from ..query_count import counting
from .collect_common import CollectCommon

ALL = ["sheets", "quotes", "contracts", "invoices", "payments", "contacts", "files"]


@tagged("post_install", "-at_install")
class TestDealDocuments(CollectCommon):
    """The tab Documents of a deal: what it tells whom, and what it costs."""

    def setUp(self):
        super().setUp()
        self.lead = self.contract.lead_id
        self.sheet = self.env["construction.evaluation"].create(
            {
                "lead_id": self.lead.id,
                "line_ids": [Command.create({"product_id": self.works.id, "quantity": 7, "name": "Works"})],
            }
        )
        self.assertEqual(self.sheet.amount_total, 700.0)
        self.lead.contact_record_ids = [Command.create({"summary": "Wants oak floors", "channel": "call"})]
        self.env["ir.attachment"].create(
            [
                {"name": name, "raw": b"x", "res_model": record._name, "res_id": record.id}
                for name, record in (("Plan.pdf", self.lead), ("Signed.pdf", self.contract))
            ]
        )

    def _read(self, user=None, lead=None):
        """The documents as the browser of this user gets them: dict of section by name."""
        sections = (lead or self.lead).with_user(user or self.salesman).get_deal_documents()
        return {section["name"]: section for section in json.loads(json.dumps(sections, default=json_default))}

    def _cells(self, section, name):
        return [row["cells"][name] for row in section["rows"]]

    def _register(self, moves, amount=None):
        """Stock's own road: Pay on the invoice."""
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create({"group_payment": True, **({"amount": amount} if amount else {})})
        )
        return wizard._create_payments()

    def assertCells(self, section, **columns):
        for name, expected in columns.items():
            self.assertEqual(self._cells(section, name), expected, name)

    # === WHAT IS SHOWN === #

    def test_a_salesperson_sees_all_of_a_deal_in_the_order_of_the_job(self):
        self._invoice(self.first)
        self._collect(self.first, 100)
        sections = self._read()
        self.assertEqual(list(sections), ALL)
        self.assertEqual([section["total"] for section in sections.values()], [1, 1, 1, 1, 1, 1, 2])
        currency = self.env.company.currency_id.id

        def money(amount):
            return [{"amount": amount, "currency_id": currency}]

        self.assertCells(
            sections["sheets"],
            display_name=[self.sheet.name],
            amount_total=money(700.0),
            state=[{"text": "Planned", "color": "secondary"}],
        )
        order = self.contract.order_ids
        self.assertCells(sections["quotes"], name=[order.name], amount_total=money(1210.0))
        self.assertEqual(sections["quotes"]["rows"][0]["cells"]["state"]["color"], "success")
        self.assertCells(
            sections["contracts"],
            name=[self.contract.name],
            amount_total=money(1210.0),
            date_signed=[str(self.contract.date_signed)],
        )
        self.assertCells(
            sections["invoices"],
            display_name=[self.first.invoice_ids.name],
            invoice_kind=["Advance"],
            amount_total_in_currency_signed=money(363.0),
            payment_state=[{"text": "Partially Paid", "color": "warning"}],
        )
        self.assertCells(
            sections["payments"],
            instalment_id=[self.first.name],
            amount=money(100.0),
            state=[{"text": "Received", "color": "success"}],
        )
        self.assertCells(sections["contacts"], summary=["Wants oak floors"], channel=["Call"])
        self.assertCells(sections["files"], name=["Signed.pdf", "Plan.pdf"])
        self.assertEqual([row["note"] for row in sections["files"]["rows"]], [self.contract.display_name, ""])

    def test_rows_and_buttons_open_what_the_user_may_open(self):
        self._invoice(self.first)
        payment = self._collect(self.first, 100)
        for user, opens, adds in (
            (self.salesman, {"model": "construction.contract", "id": self.contract.id}, ["sheets", "quotes"]),
            (self.accountant, {"model": "account.payment", "id": payment.id}, []),
        ):
            sections = self._read(user)
            self.assertEqual(sections["payments"]["rows"][0]["open"], opens)
            self.env[opens["model"]].with_user(user).browse(opens["id"]).check_access("read")
            buttons = {name: section["new"] for name, section in sections.items() if section["new"]}
            self.assertEqual(list(buttons)[:-1] if not adds else list(buttons)[:2], adds)
            self.assertEqual(buttons["payments"]["id"], self.contract.id)
            for section in sections.values():
                if section["show"]:
                    action = getattr(self.lead.with_user(user), section["show"])()
                    self.env[action["res_model"]].with_user(user).check_access("read")
                if section["new"]:
                    model, record_id = section["new"].get("model"), section["new"].get("id")
                    record = self.env[model].browse(record_id) if model else self.lead
                    self.assertTrue(getattr(record.with_user(user), section["new"]["method"])())
                for row in section["rows"]:
                    if method := row["open"].get("method"):
                        record = self.env[section["model"]].with_user(user).browse(row["id"])
                        self.assertTrue(getattr(record, method)())
        self.assertTrue(self._read()["files"]["upload"])
        self.assertFalse(self._read(self.accountant)["files"]["upload"])

    def test_a_new_deal_says_what_comes_next_to_whoever_may_do_it(self):
        lead = self._create_deal()
        sections = self._read(lead=lead)
        self.assertEqual(list(sections), ["sheets", "quotes", "contracts", "contacts", "files"])
        self.assertTrue(all(section["empty"] and not section["rows"] for section in sections.values()))
        self.assertIsNone(sections["contracts"]["new"])
        self.assertEqual(self._read(self.accountant, lead), {})
        order = self._create_order(lead)
        button = self._read(lead=lead)["contracts"]["new"]
        self.assertEqual((button["model"], button["id"]), ("sale.order", order.id))
        lost = self._create_deal()
        lost.action_set_lost(lost_reason_id=self.env["crm.lost.reason"].create({"name": "Dear"}).id)
        self.assertFalse([section["new"] for section in self._read(lead=lost).values() if section["new"]])

    def test_a_lead_of_stock_has_none(self):
        lead = self._create_deal(construction_type_id=False)
        self._create_order(lead)
        self.assertEqual(lead.with_user(self.salesman).get_deal_documents(), [])

    def test_another_currency_is_told_with_each_amount(self):
        euro = self.setup_other_currency("EUR", rates=[("2016-01-01", 0.5)])
        pricelist = self.env["product.pricelist"].create({"name": "Euro", "currency_id": euro.id})
        contract = self._create_contract(lead=self.lead, pricelist_id=pricelist.id)
        self._invoice(contract.instalment_ids[0])
        self._collect(contract.instalment_ids[0])
        sections = self._read()
        for name, column, amount in (
            ("quotes", "amount_total", contract.amount_total),
            ("contracts", "amount_total", contract.amount_total),
            ("invoices", "amount_total_in_currency_signed", contract.instalment_ids[0].amount),
        ):
            self.assertIn({"amount": amount, "currency_id": euro.id}, self._cells(sections[name], column))
        self.assertEqual(
            self._cells(sections["payments"], "instalment_id"),
            [contract.instalment_ids[0].display_name],
            "of two contracts, the payment says which",
        )

    def test_invoices_say_what_became_of_them(self):
        move = self._invoice(self.first, invoice_date="2026-01-10", invoice_date_due="2026-01-20")
        move.line_ids.filtered(lambda line: line.display_type == "payment_term").date_maturity = "2026-01-20"
        self._invoice(self.second, post=False)
        refund = self._invoice(self.last)._reverse_moves(cancel=True)
        # a salesperson reads the invoices that bear his name
        refund.invoice_user_id = self.salesman
        rows = {row["id"]: row for row in self._read()["invoices"]["rows"]}
        states = {move_id: row["cells"]["payment_state"] for move_id, row in rows.items()}
        self.assertEqual(states[move.id], {"text": "Overdue", "color": "danger"})
        draft = self.second.invoice_ids
        self.assertEqual(states[draft.id], {"text": "Draft", "color": "info"})
        self.assertEqual(rows[refund.id]["note"], "Credit Note")
        self.assertEqual(rows[refund.id]["cells"]["amount_total_in_currency_signed"]["amount"], -refund.amount_total)
        draft.button_cancel()
        row = next(row for row in self._read()["invoices"]["rows"] if row["id"] == draft.id)
        self.assertEqual((row["is_muted"], row["cells"]["payment_state"]["text"]), (True, "Cancelled"))

    def test_what_was_replaced_is_marked(self):
        lead = self._create_deal()
        quote = self.env["sale.order"].create(
            {
                "partner_id": self.partner_a.id,
                "opportunity_id": lead.id,
                "user_id": self.salesman.id,
                "order_line": [Command.create({"product_id": self.works.id, "price_unit": 50.0})],
            }
        )
        quote.action_quotation_sent()
        quote.action_revise(reason="Cheaper")
        revision = quote.next_revision_ids
        revision.order_line.price_unit = 45.0
        revision.action_quotation_sent()
        rows = {row["id"]: row for row in self._read(lead=lead)["quotes"]["rows"]}
        self.assertEqual((rows[quote.id]["is_muted"], rows[revision.id]["is_muted"]), (True, False))
        self.assertEqual(rows[quote.id]["note"], f"Replaced by {revision.name}")
        revision.action_make_variant("Economy", "Standard")
        variant = lead.order_ids - quote - revision
        rows = {row["id"]: row for row in self._read(lead=lead)["quotes"]["rows"]}
        self.assertEqual((rows[variant.id]["note"], rows[revision.id]["note"]), ("Economy", "Standard"))
        variant.action_confirm()
        rows = {row["id"]: row for row in self._read(lead=lead)["quotes"]["rows"]}
        self.assertIn(f"{variant.name} was chosen instead", rows[revision.id]["note"])
        self.assertTrue(rows[revision.id]["is_muted"])

    # === PAYMENTS BY OTHER ROADS === #

    def test_an_accountant_sees_what_was_paid_on_the_invoice_by_its_share(self):
        move = self._invoice(self.first)
        other = self._invoice(self._create_contract().instalment_ids[0])
        self._collect(self.first, 100)
        payment = self._register(move + other)
        sections = self._read(self.accountant)
        rows = sections["payments"]["rows"]
        self.assertEqual([row["id"] for row in rows if row["open"]["id"] == payment.id], [payment.id])
        amounts = {row["cells"]["instalment_id"]: row["cells"]["amount"]["amount"] for row in rows}
        self.assertEqual(amounts, {self.first.name: 100.0, move.name: 263.0})
        self.assertEqual(sections["payments"]["total"], 2)
        self.assertEqual(sum(amounts.values()), self.lead.amount_collected)
        # salespeople have no right on payments, only on what is recorded on their contracts
        self.assertEqual(self._cells(self._read()["payments"], "amount")[0]["amount"], 100.0)
        self.assertEqual(self._read()["payments"]["total"], 1)

    def test_money_given_back_counts_against(self):
        move = self._invoice(self.first)
        self._collect(self.first)
        refund = move._reverse_moves()
        refund.action_post()
        self.assertEqual((refund.move_type, refund.amount_residual), ("out_refund", 363.0))
        self._register(refund)
        rows = self._read(self.accountant)["payments"]["rows"]
        amounts = sorted(row["cells"]["amount"]["amount"] for row in rows)
        self.assertEqual(amounts, [-refund.amount_total, 363.0])

    def test_a_collection_nobody_confirmed_yet_is_told(self):
        self.contract.user_invoicing_id = self.accountant
        self._ask(self.salesman, instalment_id=self.first.id, amount=50).action_collect()
        section = self._read()["payments"]
        self.assertCells(section, state=[{"text": "To confirm", "color": "warning"}])
        self.contract.collection_ids.with_user(self.accountant).action_refuse()
        self.assertTrue(self._read()["payments"]["rows"][0]["is_muted"])

    # === RIGHTS === #

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_whoever_may_not_read_the_deal_gets_nothing(self):
        portal = new_test_user(self.env, "documents_client", "base.group_portal", partner_id=self.partner_a.id)
        for user in (self.other_salesman, self.surveyor, self.project_user, portal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.lead.with_user(user).get_deal_documents()

    def test_prices_and_money_stay_with_those_who_may_see_them(self):
        """A surveyor whom the firm lets read deals sees sheets without a price, and no money by any section."""
        self._invoice(self.first)
        self._collect(self.first, 100)
        self.env["ir.model.access"].create(
            {
                "name": "surveyors read deals",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "group_id": self.env.ref("construction_crm.group_surveyor").id,
                "perm_read": True,
            }
        )
        self.sheet.user_id = self.surveyor
        sections = self._read(self.surveyor)
        self.assertIn("sheets", sections)
        self.assertFalse(set(sections) & {"quotes", "contracts", "invoices", "payments"})
        self.assertEqual(
            [column["name"] for column in sections["sheets"]["columns"]],
            ["display_name", "user_id", "date_visit", "state"],
        )
        told = json.dumps(sections)
        for secret in ("amount", "price", "700.0", "1210", "363"):
            self.assertNotIn(secret, told)
        self.assertFalse([section["new"] for section in sections.values() if section["new"]])

    def test_documents_of_colleagues_follow_their_own_rules(self):
        order = self._create_order(self.lead, user_id=self.other_salesman.id)
        seen = self.env["sale.order"].with_user(self.salesman).search([("opportunity_id", "=", self.lead.id)])
        section = self._read()["quotes"]
        self.assertEqual([row["id"] for row in section["rows"]], seen.ids)
        self.assertNotIn(order.id, seen.ids)
        self.assertEqual(section["total"], len(seen))

    # === COSTS === #

    def test_the_form_reads_nothing_for_it(self):
        views = self.env.ref("construction_crm.crm_lead_view_form_inherit_documents")
        # moves the tab to its place
        views += self.env.ref("construction_crm.crm_lead_view_form_inherit_order")
        self.assertIn("construction_deal_documents", self._arch())
        specs = [self._get_spec(user) for user in (self.salesman, self.accountant)]
        views.active = False
        self.assertNotIn("construction_deal_documents", self._arch())
        for user, spec in zip((self.salesman, self.accountant), specs, strict=True):
            # how alive the deal is, is shown by the view that orders the form
            self.assertEqual(set(spec) - {"vitality"}, set(self._get_spec(user)) - {"vitality"})

    def _get_spec(self, user):
        return Form(self.lead.with_user(user))._view["fields_spec"]

    def _arch(self):
        return self.env["crm.lead"].get_view(view_type="form")["arch"]

    def _count(self, user, lead):
        counts = []
        for _warm in range(2):
            with counting(self.env) as queries:
                lead.with_user(user).get_deal_documents()
            counts.append(queries.count)
        return counts[-1]

    def _fill(self, count):
        """A deal with that many documents of each kind."""
        lead = self._create_deal(name=f"Deal with {count}")
        for number in range(count):
            contract = self._create_contract(lead=lead)
            self._invoice(contract.instalment_ids[0])
            self._collect(contract.instalment_ids[0], 10 + number)
            sheets = self.env["construction.evaluation"].create({"lead_id": lead.id})
            lead.contact_record_ids = [Command.create({"summary": "Called", "channel": "call"})]
            if number < 3:
                self._attach(lead, contract, sheets)
        return lead

    def _attach(self, *records):
        self.env["ir.attachment"].create(
            [
                {"name": f"{record.display_name}.pdf", "raw": b"x", "res_model": record._name, "res_id": record.id}
                for record in records
            ]
        )

    def test_queries_do_not_grow_with_the_rows(self):
        few, many = self._fill(2), self._fill(6)
        for user, budget in ((self.salesman, 40), (self.accountant, 44)):
            self.assertEqual(len(self._read(user, many)["payments"]["rows"]), 6)
            counts = [self._count(user, lead) for lead in (few, many)]
            self.assertEqual(counts[0], counts[1], user.login)
            self.assertLessEqual(counts[1], budget, user.login)
        # what is beyond the rows of a section is counted, however much it is
        self._attach(*[few] * 12)
        self._attach(*[many] * 40)
        counts = [self._count(self.salesman, lead) for lead in (few, many)]
        self.assertEqual(counts[0], counts[1])

    def test_the_rest_stands_in_the_list(self):
        self.env["construction.evaluation"].create([{"lead_id": self.lead.id} for _number in range(24)])
        section = self._read()["sheets"]
        self.assertEqual((len(section["rows"]), section["total"], section["show"]), (20, 25, "action_view_evaluations"))
