from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.base.tests.common import BaseCommon

from ..query_count import counting


class ContactCommon(BaseCommon):
    """Two salespeople, each with a deal of his own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ana = new_test_user(cls.env, "contact_ana", "sales_team.group_sale_salesman")
        cls.bob = new_test_user(cls.env, "contact_bob", "sales_team.group_sale_salesman")
        cls.boss = new_test_user(cls.env, "contact_boss", "sales_team.group_sale_manager")
        cls.estimator = new_test_user(cls.env, "contact_estimator", "construction_crm.group_estimator")
        cls.surveyor = new_test_user(cls.env, "contact_surveyor", "construction_crm.group_surveyor")
        cls.accountant = new_test_user(cls.env, "contact_accountant", "account.group_account_invoice")
        cls.auditor = new_test_user(cls.env, "contact_auditor", "account.group_account_readonly")
        cls.worker = new_test_user(cls.env, "contact_worker", "project.group_project_user")
        cls.leader = new_test_user(cls.env, "contact_leader", "project.group_project_manager")
        cls.portal = new_test_user(cls.env, "contact_portal", "base.group_portal")
        cls.employee = new_test_user(cls.env, "contact_employee", "base.group_user")
        cls.type = cls.env["construction.type"].create({"name": "New house"})
        cls.client = cls.env["res.partner"].create({"name": "Ionescu family", "email": "ionescu@example.com"})
        cls.deal = cls._make_deal("Ionescu house", cls.ana)
        cls.other_deal = cls._make_deal("Popa roof", cls.bob)

    @classmethod
    def _make_deal(cls, name, user):
        return cls.env["crm.lead"].create(
            {
                "name": name,
                "type": "opportunity",
                "partner_id": cls.client.id,
                "construction_type_id": cls.type.id,
                "user_id": user.id,
            }
        )

    @classmethod
    def _record(cls, user=None, **values):
        values = {"summary": "Wants oak floors", "lead_id": cls.deal.id, **values}
        return cls.env["construction.contact.record"].with_user(user or cls.ana).create(values)

    def _in_days(self, days):
        return fields.Date.add(fields.Date.context_today(self.deal), days=days)


@tagged("post_install", "-at_install")
class TestContactRecords(ContactCommon):
    # === ENTRY === #

    def test_the_small_dialog_needs_only_what_was_said(self):
        action = self.deal.with_user(self.ana).action_add_contact()
        self.assertEqual(action["target"], "new")
        Record = self.env["construction.contact.record"].with_user(self.ana).with_context(**action["context"])
        form = Form(Record, view=action["views"][0][0])
        form.summary = "Wants oak floors"
        record = form.save()
        self.assertRecordValues(
            record,
            [{"lead_id": self.deal.id, "partner_id": self.client.id, "user_id": self.ana.id, "channel": "call"}],
        )
        self.assertEqual(self.deal.last_contact_date, record.date)

    def test_from_a_partner_it_is_of_the_client_alone(self):
        action = self.client.with_user(self.ana).action_add_contact()
        record = (
            self.env["construction.contact.record"]
            .with_user(self.ana)
            .with_context(**action["context"])
            .create({"summary": "Met at the fair", "channel": "meeting"})
        )
        self.assertEqual(record.partner_id, self.client)
        self.assertFalse(record.lead_id or record.project_id)

    def test_the_history_adds_to_what_it_is_of(self):
        for document, link in ((self.deal, "lead_id"), (self.client, "partner_id")):
            action = document.with_user(self.ana).action_view_contacts()
            history = self.env["construction.interaction"].with_user(self.ana).with_context(**action["context"])
            self.assertEqual(history.action_add_contact()["context"][f"default_{link}"], document.id)

    def test_opened_again_from_the_history_it_can_be_deleted(self):
        record = self._record(user=self.ana, date_next=fields.Date.today() + timedelta(days=2))
        activity = record.activity_id
        own = record.with_user(self.ana)
        view_id = own.action_open()["views"][0][0]
        self.assertIn("action_delete", own.get_view(view_id, "form")["arch"])
        own.action_delete()
        self.assertFalse(record.exists() or activity.exists())

    def test_what_says_nothing_or_of_nobody_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "in a few words"):
            self._record(summary="   ")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._record(lead_id=False)

    def test_what_has_not_happened_yet_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "has not come yet"):
            self._record(date=fields.Datetime.now() + timedelta(days=3))
        with self.assertRaisesRegex(ValidationError, "before this one"):
            self._record(date_next=self._in_days(-2))

    def test_the_last_contact_is_the_latest_that_is_left(self):
        now = fields.Datetime.now()
        old = self._record(date=now - timedelta(days=40))
        self.assertEqual(self.deal.last_contact_date, old.date)
        new = self._record(date=now - timedelta(days=2))
        self.assertEqual(self.deal.last_contact_date, new.date)
        old.date = now - timedelta(days=1)
        self.assertEqual(self.deal.last_contact_date, old.date)
        old.unlink()
        self.assertEqual(self.deal.last_contact_date, new.date)
        new.unlink()
        self.assertFalse(self.deal.last_contact_date)

    # === NEXT CONTACT === #

    def test_the_next_contact_becomes_one_activity_that_follows(self):
        record = self._record(date_next=self._in_days(5))
        activity = self.deal.activity_ids
        self.assertRecordValues(activity, [{"user_id": self.ana.id, "date_deadline": self._in_days(5)}])
        self.assertIn("Ionescu", activity.summary)
        record.write({"date_next": self._in_days(9), "channel_next": "visit"})
        record.summary = "Wants walnut floors"
        self.assertEqual(self.deal.activity_ids, activity)
        self.assertEqual(activity.date_deadline, self._in_days(9))
        self.assertIn("walnut", activity.note)
        record.date_next = False
        self.assertFalse(self.deal.activity_ids)
        record.date_next = self._in_days(3)
        self.assertEqual(len(self.deal.activity_ids), 1)
        record.unlink()
        self.assertFalse(self.deal.activity_ids)

    def test_what_was_written_is_text_in_the_activity_too(self):
        self._record(date_next=self._in_days(5), summary="<b>Bold</b> <script>alert(1)</script>")
        self.assertIn("&lt;b&gt;Bold", self.deal.activity_ids.note)

    def test_a_done_activity_stays_done(self):
        record = self._record(date_next=self._in_days(1))
        activity = self.deal.activity_ids
        activity.with_user(self.ana).action_feedback(feedback="Called")
        record.date_next = self._in_days(7)
        self.assertFalse(activity.active)
        self.assertEqual(self.deal.activity_ids.date_deadline, self._in_days(7))
        record.unlink()
        self.assertTrue(activity.exists())

    def test_it_moves_with_the_one_who_calls_next(self):
        record = self._record(date_next=self._in_days(5))
        record.with_user(self.boss).user_id = self.boss
        self.assertEqual(self.deal.activity_ids.user_id, self.boss)

    # === RIGHTS === #

    def test_a_salesperson_keeps_to_own_deals(self):
        record = self._record()
        other = record.with_user(self.bob)
        self.assertFalse(other.search([("id", "=", record.id)]))
        for act in (lambda: other.read(["summary"]), lambda: other.write({"summary": "No"}), other.unlink):
            with self.assertRaises(AccessError):
                act()
        with self.assertRaises(AccessError):
            self._record(self.bob)
        with self.assertRaises(AccessError):
            self._record(self.bob, lead_id=self.other_deal.id).lead_id = self.deal
        Interaction = self.env["construction.interaction"].with_user(self.bob)
        self.assertFalse(Interaction.search([("lead_id", "=", self.deal.id)]))
        self.assertEqual(Interaction.search_count([("summary", "ilike", "oak")]), 0)
        groups = Interaction.formatted_read_group([("lead_id", "=", self.deal.id)], ["channel"], ["__count"])
        self.assertFalse(groups)

    def test_who_had_the_deal_before_sees_it_no_more(self):
        record = self._record()
        self.deal.user_id = self.bob
        with self.assertRaises(AccessError):
            record.with_user(self.ana).read(["summary"])
        self.assertEqual(record.with_user(self.bob).summary, "Wants oak floors")

    def test_estimators_and_managers_work_with_all(self):
        record = self._record()
        for user in (self.estimator, self.boss):
            record.with_user(user).summary = f"Corrected by {user.login}"
            self._record(user).unlink()

    def test_accountants_read_only(self):
        record = self._record()
        for user in (self.accountant, self.auditor):
            self.assertEqual(record.with_user(user).summary, "Wants oak floors")
            history = self.env["construction.interaction"].with_user(user)
            self.assertTrue(history.search([("lead_id", "=", self.deal.id)]))
            with self.assertRaises(AccessError):
                record.with_user(user).summary = "No"
            with self.assertRaises(AccessError):
                self._record(user)

    def test_a_surveyor_reads_those_of_deals_with_a_sheet_of_his(self):
        record = self._record()
        mine = record.with_user(self.surveyor)
        self.assertFalse(mine.search([("id", "=", record.id)]))
        self.env["construction.evaluation"].create({"lead_id": self.deal.id, "user_id": self.surveyor.id})
        self.assertEqual(mine.search([("id", "=", record.id)]), record)
        history = self.env["construction.interaction"].with_user(self.surveyor)
        self.assertEqual(history.search([("lead_id", "=", self.deal.id)]).mapped("origin"), ["record"])
        with self.assertRaises(AccessError):
            mine.summary = "No"

    def test_others_get_none(self):
        record = self._record()
        for user in (self.portal, self.employee):
            for model in ("construction.contact.record", "construction.interaction"):
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])
            with self.assertRaises(AccessError):
                record.with_user(user).read(["summary"])
        for user in (self.worker, self.leader):
            self.assertFalse(record.with_user(user).search([("id", "=", record.id)]), "no project yet")

    def test_project_users_write_for_projects_they_see(self):
        project = self.env["project.project"].create({"name": "Works", "privacy_visibility": "employees"})
        record = self._record(self.worker, lead_id=False, project_id=project.id, date_next=self._in_days(4))
        self.assertEqual(project.activity_ids.user_id, self.worker)
        self.assertEqual(project.last_contact_date, record.date)
        record.summary = "Corrected"
        other = self._record(self.leader, lead_id=False, project_id=project.id)
        self.assertEqual(other.with_user(self.worker).summary, "Wants oak floors")
        with self.assertRaises(AccessError):
            other.with_user(self.worker).summary = "Not his"
        project.privacy_visibility = "followers"
        project.message_unsubscribe(self.worker.partner_id.ids)
        with self.assertRaises(AccessError):
            other.with_user(self.worker).read(["summary"])
        with self.assertRaises(AccessError):
            self._record(self.worker, lead_id=False, project_id=project.id)

    def test_companies_keep_their_contacts(self):
        company = self.env["res.company"].create({"name": "Other builder"})
        partner = self.env["res.partner"].create({"name": "Theirs", "company_id": company.id})
        theirs = self.env["crm.lead"].create({"name": "Theirs", "company_id": company.id, "user_id": False})
        project = self.env["project.project"].create({"name": "Theirs", "company_id": company.id})
        Record = self.env["construction.contact.record"]
        records = Record.create(
            [
                {"summary": "By deal", "lead_id": theirs.id},
                {"summary": "By project", "project_id": project.id},
                {"summary": "By client", "partner_id": partner.id},
            ]
        )
        self.assertFalse(records.with_user(self.boss).search([("id", "in", records.ids)]))
        self.assertFalse(self.env["construction.interaction"].with_user(self.boss).search([("summary", "like", "By ")]))
        self.assertEqual(Record.search([("company_id", "=", company.id)]), records.sorted("id", reverse=True))
        self.boss.company_ids += company
        mine = records.with_user(self.boss).with_context(allowed_company_ids=self.boss.company_ids.ids)
        self.assertEqual(len(mine.search([("id", "in", records.ids)])), 3)

    # === HISTORY === #

    def _post(self, document, text, **values):
        values = {"subtype_xmlid": "mail.mt_comment", "message_type": "comment", **values}
        return document.message_post(body=text, **values)

    def _history(self, user=None, domain=None):
        self.env.flush_all()
        Interaction = self.env["construction.interaction"].with_user(user or self.ana)
        return Interaction.search(domain or [("lead_id", "=", self.deal.id)])

    def test_emails_meetings_and_calls_of_stock_show_beside_the_records(self):
        self._record()
        self._post(self.deal.with_user(self.ana), "Our <b>offer</b>", partner_ids=self.client.ids)
        self._post(self.deal, "Thank you", message_type="email", author_id=self.client.id)
        self._post(self.deal.with_user(self.ana), "Between us", subtype_xmlid="mail.mt_note")
        self.env["calendar.event"].with_user(self.ana).create(
            {
                "name": "Walk through",
                "opportunity_id": self.deal.id,
                "start": fields.Datetime.now() - timedelta(days=1),
                "stop": fields.Datetime.now() - timedelta(hours=23),
            }
        )
        activity = self.deal.with_user(self.ana).activity_schedule("mail.mail_activity_data_call", summary="Price")
        activity.action_feedback(feedback="Agreed on the phone")
        history = self._history()
        self.assertEqual(sorted(history.mapped("origin")), ["call", "email", "email", "meeting", "record"])
        self.assertTrue(history.filtered(lambda row: row.channel == "email" and "offer" in row.summary))
        self.assertNotIn("Between us", str(history.mapped("summary")))
        self.assertEqual(history.partner_id, self.client)
        self.assertEqual(len(self._history(self.ana, [("partner_id", "child_of", self.client.id)])), 5)
        self.assertFalse(self._history(self.bob))
        for row in history:
            action = row.action_open()
            self.assertTrue(self.env[action["res_model"]].with_user(self.ana).browse(action["res_id"]).read())

    def test_a_private_meeting_and_one_to_come_stay_out(self):
        values = {"opportunity_id": self.deal.id, "name": "Meeting"}
        start = fields.Datetime.now() - timedelta(days=1)
        later = fields.Datetime.now() + timedelta(days=1)
        self.env["calendar.event"].with_user(self.ana).create(
            [
                {**values, "privacy": "private", "start": start, "stop": start + timedelta(hours=1)},
                {**values, "start": later, "stop": later + timedelta(hours=1)},
            ]
        )
        self.assertFalse(self._history())
        self.assertFalse(self._history(self.boss))

    def test_messages_of_a_private_project_are_not_for_every_salesperson(self):
        project = self.env["project.project"].create(
            {"name": "Quiet", "privacy_visibility": "followers", "partner_id": self.client.id}
        )
        self._post(project, "Secret wish", message_type="email", author_id=self.client.id)
        domain = [("project_id", "=", project.id)]
        for user in (self.boss, self.ana, self.worker, self.accountant):
            self.assertFalse(self._history(user, domain))
        self.assertEqual(len(self._history(self.leader, domain)), 1)

    # === DEALS === #

    def test_contacts_of_merged_deals_stay(self):
        mine = self._make_deal("Ionescu house, again", self.ana)
        records = self._record() + self._record(lead_id=mine.id)
        merged = (self.deal + mine).merge_opportunity()
        self.assertEqual(merged.contact_record_ids, records)

    def test_the_last_contact_of_many_deals_costs_the_same(self):
        def count(size):
            deals = self.env["crm.lead"].create([{"name": f"Deal {i}", "user_id": self.ana.id} for i in range(size)])
            self.env["construction.contact.record"].create([{"lead_id": d.id, "summary": "x"} for d in deals])
            with counting(self.env) as queries:
                self.env.add_to_compute(deals._fields["last_contact_date"], deals)
            return queries.count

        self.assertLessEqual(count(10), 3)
        self.assertLessEqual(count(90), 3)

    def test_a_plain_lead_costs_no_query_more(self):
        Lead = self.env["crm.lead"]
        Lead.create({"name": "Warm"})
        self.env.flush_all()
        with self.assertQueries_without_contacts():
            Lead.create({"name": "Cold"}).name = "Colder"
            self.env.flush_all()

    def assertQueries_without_contacts(self):
        return _NoQueryOn(self, "construction_contact_record")


class _NoQueryOn:
    """Fails when a query reads or writes a table."""

    def __init__(self, case, table):
        self.case, self.table = case, table

    def __enter__(self):
        self.seen = []
        execute = self.execute = type(self.case.env.cr).execute

        def spy(cursor, query, *args, **kwargs):
            self.seen.append(str(query))
            return execute(cursor, query, *args, **kwargs)

        type(self.case.env.cr).execute = spy

    def __exit__(self, *_args):
        type(self.case.env.cr).execute = self.execute
        self.case.assertFalse([query for query in self.seen if self.table in query])
