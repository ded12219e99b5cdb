from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .follow_common import FollowCommon


@tagged("post_install", "-at_install")
class TestFollow(FollowCommon):
    # === HOW LATE === #

    def test_days_late_count_from_the_oldest_overdue_part_not_from_the_last_term(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Half after 5 days, half after 60",
                "line_ids": [
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": 5}),
                    (0, 0, {"value": "percent", "value_amount": 50, "nb_days": 60}),
                ],
            }
        )
        self._bill(self.half, late=25, invoice_payment_term_id=term.id)
        self.assertEqual(self.half.state, "overdue")
        self.assertEqual(self.half.days_late, 20)
        self.assertAlmostEqual(self.half.amount_overdue, self.half.amount / 2, 1)
        self.assertEqual(self.half.reminder_next_id, self.first_level)

    def test_what_is_paid_is_no_longer_late(self):
        self.assertEqual((self.advance.state, self.advance.days_late), ("overdue", 10))
        self._collect(self.advance)
        self.assertRecordValues(
            self.advance, [{"state": "collected", "date_overdue": False, "days_late": 0, "reminder_next_id": False}]
        )

    def test_a_list_finds_instalments_by_days_late(self):
        search = self.env["construction.instalment"].search
        self.assertIn(self.advance, search([("days_late", ">", 9)]))
        self.assertNotIn(self.advance, search([("days_late", ">", 10)]))
        self.assertIn(self.advance, search([("days_late", "<=", 10)]))

    # === REMIND === #

    def test_one_mail_a_client_over_all_his_overdue_instalments(self):
        self._bill(self.half, late=30)
        other = self._create_contract(lead=self._create_deal(name="Garage"))
        other.user_id = self.salesman
        self._bill(other.instalment_ids[0], late=3)
        row = self._preview(self.advance)
        self.assertEqual(row.instalment_ids, self.advance | self.half | other.instalment_ids[0])
        self.assertEqual(row.level_id, self.first_level, "nobody gets a second reminder who got no first")
        row.level_id = self.second_level
        for text in (self.contract.name, other.name, self.half.name, "30", "403.29"):
            self.assertIn(text, row.body)
        self.assertTrue(row.attach_statement)
        row.subject = "Please pay"
        row.action_send()
        reminder = self._get_reminders(self.advance)
        self.assertRecordValues(
            reminder, [{"name": "Please pay", "kind": "mail", "user_id": self.salesman.id, "body": row.body}]
        )
        message = reminder.message_ids.filtered(lambda message: message.message_type == "comment")
        self.assertEqual(message.partner_ids, self.partner_a)
        self.assertIn("403.29", message.body)
        self.assertEqual(len(message.attachment_ids), 1)
        self.assertEqual(len(self._get_mails(reminder)), 1)
        self.assertEqual(self.half.reminder_level_id, self.second_level)
        self.assertEqual(self.advance.reminder_level_id, self.first_level, "it is younger")
        self.assertEqual(self.half.date_reminded, self.today)
        self.assertFalse(self.half.reminder_next_id)
        self.assertIn("Please pay", self.contract.message_ids[0].body)

    def test_two_clients_get_two_mails_and_each_only_his_own(self):
        lead = self._create_deal(partner_id=self.partner_b.id)
        other = self._create_contract(lead=lead, partner_id=self.partner_b.id)
        other.user_id = self.salesman
        self.partner_b.email = "bob@example.com"
        self._bill(other.instalment_ids[0], late=40)
        rows = self._preview(self.advance | other.instalment_ids[0])
        self.assertEqual(rows.partner_id, self.partner_a | self.partner_b)
        for row in rows:
            mine, foreign = (self.contract, other) if row.partner_id == self.partner_a else (other, self.contract)
            self.assertIn(mine.name, row.body)
            self.assertNotIn(foreign.name, row.body)
        rows[1].recipient_id = rows[0].recipient_id
        with self.assertRaisesRegex(UserError, "nobody else"):
            rows.remind_id.action_send()
        rows[1].recipient_id = rows[1].partner_id
        mine = rows[1].instalment_ids
        rows[1].instalment_ids |= rows[0].instalment_ids
        with self.assertRaisesRegex(UserError, "this client only"):
            rows.remind_id.action_send()
        rows[1].instalment_ids = mine
        rows.remind_id.action_send()
        self.assertEqual(len(self._get_reminders(self.advance | other.instalment_ids[0])), 2)

    def test_the_mail_is_in_the_language_of_the_client(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.first_level.with_context(lang="fr_FR").write({"subject": "Rappel", "opening": "<p>Bonjour !</p>"})
        self.partner_a.lang = "fr_FR"
        row = self._preview(self.advance)
        self.assertEqual(row.subject, "Rappel")
        self.assertIn("Bonjour", row.body)
        self.assertNotIn("Good day", row.body)

    def test_levels_follow_one_another_with_the_days_between_them(self):
        self._bill(self.half, late=100)
        self._collect(self.advance)
        for level, days in ((self.first_level, 14), (self.second_level, 14), (self.last_level, 14)):
            self.assertEqual(self.half.reminder_next_id, level)
            row = self._preview(self.half)
            self.assertEqual((row.level_id, row.kind), (level, level.channel))
            row.action_send()
            self.assertEqual((self.half.reminder_level_id, bool(self.half.reminder_next_id)), (level, False))
            lines = self.half.reminder_line_ids
            for ago in (days - 1, days):
                lines.reminder_id.sudo().date = self.today - timedelta(days=ago)
                if ago < days:
                    self.assertFalse(self.half.reminder_next_id)
        self.assertFalse(self.half.reminder_next_id, "there is none after the last")
        self.assertEqual(self._preview(self.half).level_id, self.last_level, "but it may be repeated by hand")

    def test_sending_twice_reminds_once(self):
        row = self._preview(self.advance)
        row.action_send()
        row.action_send()
        self.assertEqual(len(self._get_reminders(self.advance)), 1)

    def test_two_people_do_not_remind_of_the_same_at_once(self):
        first, second = self._preview(self.advance), self._preview(self.advance, self.sale_manager)
        first.action_send()
        with self.assertRaisesRegex(UserError, "a colleague reminded"):
            second.action_send()

    def test_what_was_paid_or_promised_since_the_preview_is_not_asked_for(self):
        row = self._preview(self.advance)
        self._collect(self.advance, 100)
        with self.assertRaisesRegex(UserError, "An amount changed"):
            row.action_send()
        row = self._preview(self.advance)
        self.advance._record_promise(self.today + timedelta(days=3))
        with self.assertRaisesRegex(UserError, "is promised for"):
            row.action_send()
        self.assertFalse(self._get_reminders(self.advance).filtered(lambda one: one.kind == "mail"))

    def test_without_a_mail_address_a_letter_is_proposed_and_a_mail_refused(self):
        self.partner_a.email = False
        row = self._preview(self.advance)
        self.assertEqual(row.kind, "letter")
        row.kind = "mail"
        with self.assertRaisesRegex(UserError, "no valid mail address"):
            row.action_send()
        row.kind = "letter"
        action = row.action_send()
        self.assertEqual(action["report_name"], "construction_crm.report_construction_reminder")
        html = self.env["ir.actions.report"]._render_qweb_html(
            action["report_name"], self._get_reminders(self.advance).ids
        )
        self.assertIn(self.contract.name, html[0].decode())

    def test_a_call_is_logged_without_a_text(self):
        row = self._preview(self.advance)
        row.write({"kind": "call", "note": "Spoke to Ana: next week."})
        row.action_send()
        self.assertRecordValues(
            self._get_reminders(self.advance),
            [{"kind": "call", "note": "Spoke to Ana: next week.", "body": False}],
        )

    def test_nothing_that_is_not_overdue_is_reminded_of(self):
        self._collect(self.advance)
        self._bill(self.half, late=-5)
        for row in (self.advance, self.half, self.rest):
            with self.assertRaisesRegex(UserError, "is not overdue"):
                row.action_remind()

    def test_a_retention_is_not_reminded_of_before_its_date(self):
        self.half.kind = "retention"
        self._bill(self.half, late=30)
        self.half.trigger_date = self.today + timedelta(days=300)
        self.assertFalse(self.half._is_remindable())
        self.assertNotIn(self.half, self._preview(self.advance).instalment_ids)

    def test_what_was_sent_stays_as_sent(self):
        self._preview(self.advance).action_send()
        reminder = self._get_reminders(self.advance)
        for user in (self.salesman, self.accountant):
            reminder.with_user(user).result = "Pays on Friday"
            with self.assertRaisesRegex(UserError, "stays as it was"):
                reminder.with_user(user).body = "<p>We never said that</p>"
            with self.assertRaises(AccessError):
                reminder.with_user(user).unlink()
            with self.assertRaises(AccessError):
                reminder.line_ids.with_user(user).write({"amount": 1.0})

    def test_a_level_in_use_is_kept(self):
        self._preview(self.advance).action_send()
        with self.assertRaisesRegex(UserError, "Archive it"):
            self.first_level.unlink()

    # === PROMISE AND DISPUTE === #

    def test_a_promise_pauses_reminders_until_it_is_broken(self):
        with Form(
            self.env["construction.said"]
            .with_user(self.salesman)
            .with_context(**self.advance.with_user(self.salesman).action_promise()["context"])
        ) as form:
            form.date = self.today + timedelta(days=5)
            form.promised_by = "Ana"
        form.record.action_record()
        self.assertRecordValues(
            self.advance,
            [{"promise_state": "open", "promised_by": "Ana", "reminder_next_id": False}],
        )
        with self.assertRaisesRegex(UserError, "is promised for"):
            self.advance.action_remind()
        self.advance.sudo().date_promised = self.today - timedelta(days=1)
        self.assertEqual(self.advance.promise_state, "broken")
        self.assertEqual(self.advance.reminder_next_id, self.first_level)
        search = self.env["construction.instalment"].search
        self.assertEqual(
            search([("promise_state", "=", "broken"), ("contract_id", "=", self.contract.id)]), self.advance
        )
        self.assertNotIn(self.advance, search([("promise_state", "=", "open")]))
        self.assertNotIn(self.advance, search([("promise_state", "=", False)]))
        self._collect(self.advance)
        self.assertFalse(self.advance.promise_state)
        self.assertEqual(self._get_reminders(self.advance).kind, "promise")

    def test_a_part_that_was_promised_and_came_in_keeps_the_promise(self):
        self.advance._record_promise(self.today, 100)
        self._collect(self.advance, 100)
        self.advance.sudo().date_promised = self.today - timedelta(days=1)
        self.assertFalse(self.advance.promise_state)
        self.assertTrue(self.advance._is_remindable(), "the rest is late all the same")

    def test_a_promise_is_about_the_future_and_something_open(self):
        with self.assertRaisesRegex(UserError, "about the future"):
            self.advance._record_promise(self.today - timedelta(days=1))
        with self.assertRaisesRegex(UserError, "no open invoice"):
            self.rest._record_promise(self.today)
        with self.assertRaisesRegex(UserError, "cannot be negative"):
            self.advance._record_promise(self.today, -5)

    def test_a_dispute_pauses_reminders_until_it_is_settled(self):
        with self.assertRaisesRegex(UserError, "Say why"):
            self.advance.with_user(self.accountant)._record_dispute(" ")
        self.advance.with_user(self.accountant)._record_dispute("Tiles are cracked")
        self.assertRecordValues(
            self.advance,
            [{"date_disputed": self.today, "dispute_user_id": self.accountant.id, "reminder_next_id": False}],
        )
        with self.assertRaisesRegex(UserError, "disputes"):
            self.advance.action_remind()
        self.advance.with_user(self.salesman)._settle_dispute("Replaced")
        self.assertTrue(self.advance._is_remindable())
        self.assertEqual(sorted(self._get_reminders(self.advance).mapped("kind")), ["dispute", "settled"])

    def test_what_the_client_said_is_never_written_past_the_log(self):
        with self.assertRaisesRegex(UserError, "logged"):
            self.advance.with_user(self.salesman).date_promised = self.today

    # === WHO === #

    def test_salespeople_follow_up_their_own_deals_only(self):
        with self.assertRaises(AccessError):
            self.advance.with_user(self.other_salesman).action_remind()
        with self.assertRaises(AccessError):
            self.advance.with_user(self.other_salesman)._record_promise(self.today)
        for user in (self.project_user, self.auditor):
            with self.assertRaisesRegex(AccessError, "follow up"):
                self.advance.with_user(user).action_remind()
        for user in (self.accountant, self.sale_manager):
            self.assertTrue(self._preview(self.advance, user).body)

    def test_a_reminder_that_tells_of_a_colleagues_contract_is_not_shown_to_salespeople(self):
        colleagues = self._create_contract(lead=self._create_deal(user_id=self.other_salesman.id, name="Barn"))
        colleagues.user_id = self.other_salesman
        self._bill(colleagues.instalment_ids[0], late=50)
        self.assertEqual(self._preview(self.advance).instalment_ids, self.advance)
        row = self._preview(self.advance, self.accountant)
        self.assertEqual(len(row.instalment_ids), 2)
        row.kind = "letter"
        row.action_send()
        reminder = self._get_reminders(self.advance)
        self.assertFalse(reminder.with_user(self.salesman).has_access("read"))
        self.assertTrue(reminder.with_user(self.accountant).has_access("read"))
        mine = self.env["construction.reminder.line"].with_user(self.salesman).search([])
        self.assertEqual(mine.instalment_id, self.advance)
        self._preview(self.advance).action_send()
        own = self._get_reminders(self.advance) - reminder
        self.assertTrue(own.with_user(self.salesman).has_access("read"))
        self.assertFalse(own.with_user(self.other_salesman).has_access("read"))

    def test_companies_have_their_own_levels_and_reminders(self):
        other = self.setup_other_company()["company"]
        level = self.env["construction.reminder.level"].create(
            {"name": "Strict", "days_late": 1, "company_id": other.id}
        )
        levels = self.env["construction.reminder.level"]
        self.assertNotIn(level, levels._get_company_levels(self.env.company))
        self.assertIn(level, levels._get_company_levels(other))
        self._preview(self.advance).action_send()
        self.accountant.company_ids += other
        reminders = self.env["construction.reminder"].with_user(self.accountant)
        self.assertTrue(reminders.search([]))
        self.assertFalse(reminders.with_context(allowed_company_ids=other.ids).search([]))

    # === THE DAILY JOB === #

    def _run(self):
        with patch.object(self.registry["ir.cron"], "_commit_progress", lambda *args, **kwargs: 1.0):
            self.env["construction.instalment"].sudo()._cron_propose_reminders()

    def _get_proposals(self):
        kind = self.env.ref("construction_crm.mail_activity_type_remind")
        return self.contract.activity_ids.filtered(lambda activity: activity.activity_type_id == kind)

    def test_the_daily_job_proposes_once_and_sends_nothing(self):
        self._run()
        self._run()
        proposal = self._get_proposals()
        self.assertEqual(len(proposal), 1)
        self.assertEqual(proposal.user_id, self.salesman)
        self.assertIn("Friendly reminder", proposal.summary)
        self.assertFalse(self._get_reminders(self.advance))
        self._collect(self.advance)
        self._run()
        self.assertFalse(self._get_proposals(), "paid meanwhile")

    def test_the_daily_job_proposes_nothing_that_is_promised_or_not_ripe(self):
        self.advance._record_promise(self.today + timedelta(days=1))
        self._run()
        self.assertFalse(self._get_proposals())
        self.advance.sudo().date_promised = False
        self.first_level.days_late = 11
        self._run()
        self.assertFalse(self._get_proposals())

    def test_the_daily_job_sends_where_the_company_says_so(self):
        self.env.company.construction_auto_remind = True
        self._run()
        self._run()
        self.assertEqual(self._get_reminders(self.advance).kind, "mail")
        self.assertFalse(self._get_proposals())

    def test_calls_are_proposed_even_where_mails_go_out_by_themselves(self):
        self.env.company.construction_auto_remind = True
        self.first_level.channel = "call"
        self._run()
        self.assertFalse(self._get_reminders(self.advance))
        self.assertTrue(self._get_proposals())

    # === LIMIT === #

    def test_overdue_money_beyond_the_limit_warns_on_contract_and_deal(self):
        contracts = self.env["construction.contract"]
        self.assertFalse(self.contract.is_over_limit)
        self.env.company.construction_overdue_limit = 362.99
        self.env.invalidate_all()
        for record in (self.contract, self.lead):
            self.assertTrue(record.is_over_limit)
            self.assertIn("363.00", record.overdue_warning)
            self.assertIn(record, record.search([("is_over_limit", "=", True)]))
            self.assertNotIn(record, record.search([("is_over_limit", "=", False)]))
        self.construction_type.overdue_limit = 363.0
        self.env.invalidate_all()
        self.assertFalse(self.contract.is_over_limit, "the type knows better, and exactly the limit is allowed")
        self.construction_type.overdue_days = 9
        self.env.invalidate_all()
        self.assertTrue(self.contract.is_over_limit)
        self._collect(self.advance)
        self.env.invalidate_all()
        self.assertFalse(self.contract.is_over_limit or self.lead.overdue_warning)
        self.assertFalse(contracts.search([("is_over_limit", "=", True), ("id", "=", self.contract.id)]))

    def test_the_warning_is_cheap_in_lists(self):
        self.env.company.construction_overdue_limit = 1.0
        others = self.env["construction.contract"].browse()
        for number in range(4):
            other = self._create_contract(lead=self._create_deal(name=f"Deal {number}"))
            self._bill(other.instalment_ids[0], late=number + 1)
            others |= other
        for records in (others[:1], others):
            self.env.invalidate_all()
            records.mapped("amount_overdue")
            records.company_id.mapped("construction_overdue_limit")
            records.construction_type_id.mapped("overdue_limit")
            records.currency_id.mapped("rounding")
            # the contracts' other columns, and their oldest overdue days
            with self.assertQueryCount(2):
                records.mapped("is_over_limit")
