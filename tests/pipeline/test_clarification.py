from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .tender_common import TenderCommon


@tagged("post_install", "-at_install")
class TestClarification(TenderCommon):
    """What is asked about a tender, and what the answer is."""

    def test_questions_are_counted_by_deal(self):
        first, second = self.ask(), self.ask(question="Which doors?", number=7)
        other = self.ask(lead_id=self.make_deal().id)
        self.assertEqual((first.number, second.number, other.number), (1, 2, 1))
        self.assertEqual(first.display_name, "1. Which tiles?")
        third, fourth = self.env["construction.clarification"].create(
            [{"lead_id": self.deal.id, "question": question} for question in ("A?", "B?")]
        )
        self.assertEqual((third.number, fourth.number), (3, 4))
        second.unlink()
        self.assertEqual(self.ask().number, 5, "a number is not given twice")

    def test_the_client_is_asked_unless_said_otherwise(self):
        architect = self.env["res.partner"].create({"name": "Studio"})
        self.assertEqual(self.ask().partner_id, self.client)
        self.assertEqual(self.ask(partner_id=architect.id).partner_id, architect)

    def test_an_answer_makes_it_answered_today_and_settling_ends_it(self):
        row = self.ask(date_asked=self.day(-3), date_due=self.day(-1))
        self.assertEqual((row.state, row.is_overdue), ("open", True))
        row.answer = "White ones"
        self.assertEqual((row.state, row.date_answered, row.is_overdue), ("answered", self.today, False))
        row.date_answered = self.day(-1)
        row.answer = "White ones, 20 × 20"
        self.assertEqual(row.date_answered, self.day(-1))
        row.action_close()
        row.action_close()
        self.assertEqual(row.state, "closed")
        row.action_reopen()
        self.assertEqual(row.state, "answered")
        row.answer = False
        self.assertEqual((row.state, row.date_answered), ("open", False))

    def test_overdue_questions_are_found(self):
        late, open_row = self.ask(date_due=self.day(-1)), self.ask(date_due=self.today)
        rows = late | open_row
        Row, domain = self.env["construction.clarification"], [("id", "in", rows.ids)]
        self.assertEqual(Row.search([*domain, ("is_overdue", "=", True)]), late)
        self.assertEqual(Row.search([*domain, ("is_overdue", "=", False)]), open_row)
        self.assertEqual(Row.search([*domain, ("is_overdue", "!=", True)]), open_row)

    def test_bad_input_says_what_to_do(self):
        with self.assertRaisesRegex(ValidationError, "Write down what was asked"):
            self.ask(question=" ")
        with self.assertRaisesRegex(ValidationError, "answered before it was asked"):
            self.ask(answer="Yes", date_answered=self.day(-2))
        stock = self.env["crm.lead"].create({"name": "Stock", "user_id": self.salesperson.id})
        with self.assertRaisesRegex(ValidationError, "no construction deal"):
            self.ask(lead_id=stock.id)

    def test_they_are_typed_in_the_tender(self):
        view = "construction_crm.crm_lead_view_form_tender"
        with Form(self.deal.with_user(self.salesperson), view=view) as form:
            with form.clarification_ids.new() as row:
                row.question = "Which tiles?"
            with form.clarification_ids.new() as row:
                row.question = "Which doors?"
                row.answer = "Oak"
                row.changes_price = True
        self.assertRecordValues(
            self.deal.clarification_ids,
            [
                {"number": 1, "state": "open", "user_id": self.salesperson.id, "partner_id": self.client.id},
                {"number": 2, "state": "answered", "user_id": self.salesperson.id, "partner_id": self.client.id},
            ],
        )

    def test_the_log_prints_what_was_chosen_in_the_language_of_the_client(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.client.lang = "fr_FR"
        self.deal.tender_reference = "T-2026/14"
        rows = self.ask(answer="<b>White</b>", reference="A-12") | self.ask(question="Secret?", is_printed=False)
        action = self.deal.with_user(self.salesperson).action_print_clarifications()
        self.assertEqual(action["report_name"], "construction_crm.report_clarification")
        self.assertEqual(action["context"]["active_ids"], rows[0].ids)
        report = self.env["ir.actions.report"].with_user(self.salesperson)
        html = report._render_qweb_html(action["report_name"], rows[0].ids)[0].decode()
        for text in (
            "T-2026/14",
            "A-12",
            "Which tiles?",
            "&lt;b&gt;White&lt;/b&gt;",
            rows[0].date_asked.strftime("%d/%m/%Y"),
        ):
            self.assertIn(text, html)
        self.assertNotIn("Secret?", html)
        rows.is_printed = False
        with self.assertRaisesRegex(UserError, "tick “In the Log”"):
            self.deal.with_user(self.salesperson).action_print_clarifications()

    def test_one_print_of_two_deals_is_two_logs(self):
        rows = self.ask() | self.ask(lead_id=self.make_deal(name="Barn").id, question="Which gate?")
        html = self.env["ir.actions.report"]._render_qweb_html("construction_crm.report_clarification", rows.ids)[0]
        self.assertEqual(html.decode().count('name="clarifications"'), 2)

    def test_stock_exports_them(self):
        rows = self.ask(answer="White ones") | self.ask()
        self.salesperson.group_ids += self.env.ref("base.group_allow_export")
        fields = ["number", "question", "answer", "state", "lead_id/name"]
        data = rows.with_user(self.salesperson).export_data(fields)["datas"]
        self.assertEqual(data[0], [1, "Which tiles?", "White ones", "Answered", "House on plot 7"])

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_each_role_sees_what_it_should(self):
        row = self.ask()
        for user, reads, writes in (
            (self.salesperson, True, True),
            (self.manager, True, True),
            (self.rival, False, False),
            (self.accountant, True, False),
            (self.surveyor, False, False),
            (self.project_user, False, False),
            (self.portal, False, False),
        ):
            with self.subTest(user=user.login):
                mine = row.with_user(user)
                self.assertEqual(mine.has_access("read"), reads)
                self.assertEqual(mine.has_access("write"), writes)
                if not writes:
                    with self.assertRaises(AccessError):
                        mine.answer = "Pink"
                    with self.assertRaises(AccessError):
                        self.ask(user=user)

    def test_the_team_of_the_deal_reads(self):
        row = self.ask()
        role = self.env["project.role"].create({"name": "Estimator of the job"})
        self.env["construction.member"].create({"lead_id": self.deal.id, "user_id": self.rival.id, "role_id": role.id})
        self.assertTrue(row.with_user(self.rival).has_access("read"))
        self.assertFalse(row.with_user(self.rival).has_access("write"))

    def test_another_company_sees_none(self):
        row = self.ask()
        company = self.env["res.company"].create({"name": "Other firm"})
        self.deal.company_id = self.salesperson.company_id
        self.env.flush_all()
        self.manager.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        self.assertFalse(row.with_user(self.manager).with_context(allowed_company_ids=company.ids).has_access("read"))
