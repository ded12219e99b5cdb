from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from .common import DeliveryCommon


class PinCommon(DeliveryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rival = new_test_user(cls.env, "pin_rival", "sales_team.group_sale_salesman")
        cls.note = cls.post("Gas pipe under the porch", cls.lead)
        cls.talk = cls.post("We agreed on white windows", cls.lead, subtype="mail.mt_comment")

    @classmethod
    def post(cls, body, record, subtype="mail.mt_note", **values):
        author = cls.salesperson.partner_id.id
        return record.message_post(
            body=body, message_type="comment", subtype_xmlid=subtype, author_id=author, **values
        )

    def pin(self, message=None, record=None, user=None):
        record = record or self.lead
        return record.with_user(user or self.salesperson).action_pin_message((message or self.note).id)["events"]

    def seen(self, record, user):
        record.invalidate_recordset(["pinned_events"])
        return [event["id"] for event in (record.with_user(user).pinned_events or {}).get("events", [])]


@tagged("post_install", "-at_install")
class TestPins(PinCommon):
    """Messages of a job that stand on top of its history."""

    def test_messages_and_notes_are_pinned_newest_pin_first(self):
        self.pin()
        self.env["construction.pin"].search([]).date = "2026-01-01 00:00:00"
        events = self.pin(self.talk)
        self.assertEqual([event["id"] for event in events], [self.talk.id, self.note.id])
        self.assertIn("Gas pipe", events[1]["body"])
        self.assertEqual(events[1]["author"], self.salesperson.name)
        self.assertTrue(all(event["is_own"] for event in events))

    def test_pinned_twice_is_pinned_once(self):
        self.pin()
        self.pin(user=self.sale_manager)
        pin = self.env["construction.pin"].search([("message_id", "=", self.note.id)])
        self.assertEqual((len(pin), pin.user_id), (1, self.salesperson))

    def test_unpinned_it_is_a_message_again(self):
        self.pin()
        for _twice in range(2):
            left = self.lead.with_user(self.salesperson).action_unpin_message(self.note.id)
            self.assertEqual(left, {"events": []})
        self.assertFalse(self.lead.has_pins)
        self.assertTrue(self.note.exists())

    def test_a_deleted_message_is_not_pinned_any_more(self):
        self.pin()
        self.note.unlink()
        self.assertFalse(self.seen(self.lead, self.salesperson))
        self.pin(self.talk)
        self.talk.body = ""
        self.assertFalse(self.seen(self.lead, self.salesperson))

    def test_only_messages_of_the_record_are_pinned(self):
        other = self._make_deal(name="Other")
        foreign = self.post("Elsewhere", other)
        private = self.lead.message_notify(body="For you", partner_ids=self.salesperson.partner_id.ids)
        for message in (foreign, private):
            with self.assertRaises(UserError):
                self.pin(message)
        with self.assertRaises(UserError):
            self.lead.with_user(self.salesperson).action_pin_message(0)
        self.assertFalse(self.env["construction.pin"].search([]))

    def test_stock_leads_and_projects_have_no_pins(self):
        lead = self.env["crm.lead"].create({"name": "Plain", "type": "opportunity"})
        project = self.env["project.project"].create({"name": "Plain"})
        for record in (lead, project):
            message = self.post("Text", record)
            with self.assertRaises(UserError):
                record.action_pin_message(message.id)
            record.construction_type_id  # noqa: B018
            with self.assertQueryCount(0):
                self.assertIs(record.pinned_events, False)

    def test_deals_without_pins_are_not_searched(self):
        self.lead.has_pins  # noqa: B018
        with self.assertQueryCount(0):
            self.assertEqual(self.lead.pinned_events, {"events": []})

    def test_who_may_not_write_pins_nothing(self):
        for user in (self.rival, self.accountant, self.pm, self.portal):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    self.pin(user=user)
                with self.assertRaises(AccessError):
                    self.env["construction.pin"].with_user(user).create(
                        {"message_id": self.note.id, "lead_id": self.lead.id}
                    )
        self.pin()
        pin = self.env["construction.pin"].search([])
        for user in (self.salesperson, self.sale_manager, self.accountant, self.rival, self.pm, self.portal):
            with self.subTest(user.login), self.assertRaises(AccessError):
                pin.with_user(user).unlink()

    def test_pins_of_a_deal_are_read_with_the_deal(self):
        self.pin()
        for user in (self.salesperson, self.sale_manager, self.accountant):
            self.assertEqual(self.seen(self.lead, user), self.note.ids, user.login)
        for user in (self.rival, self.pm, self.portal):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.lead.with_user(user).read(["pinned_events"])
        Pin = self.env["construction.pin"]
        self.assertFalse(Pin.with_user(self.rival).search([]))
        self.assertFalse(Pin.with_user(self.pm).search([]))
        self.assertTrue(Pin.with_user(self.salesperson).search([]))

    def test_pins_go_along_to_the_project(self):
        self.pin()
        project = self.lead._start_project()
        # pinned later: it stands there all the same
        self.pin(self.talk)
        own = self.post("Crane on Monday", project)
        self.assertEqual(len(self.pin(own, project, self.project_admin)), 3)
        for user in (self.pm, self.project_admin):
            self.assertEqual(set(self.seen(project, user)), {self.note.id, self.talk.id, own.id}, user.login)
        events = {event["id"]: event for event in project.with_user(self.pm).pinned_events["events"]}
        self.assertFalse(events[self.note.id]["is_own"])
        self.assertTrue(events[own.id]["is_own"])
        # but the deal itself stays closed, and its pins cannot be taken away from there
        with self.assertRaises(AccessError):
            self.note.with_user(self.pm).read(["body"])
        with self.assertRaises(UserError):
            project.with_user(self.project_admin).action_unpin_message(self.note.id)
        self.assertEqual(self.seen(self.lead, self.salesperson), [self.talk.id, self.note.id])

    def test_clients_in_the_portal_see_no_pins(self):
        self.pin()
        project = self.lead._start_project()
        project.privacy_visibility = "portal"
        project.message_subscribe(self.portal.partner_id.ids)
        shared = project.with_user(self.portal)
        self.assertTrue(shared.has_access("read"))
        with self.assertRaises(AccessError):
            shared.read(["pinned_events"])
        self.assertNotIn("pinned_events", shared.fields_get())
        with self.assertRaises(AccessError):
            shared.action_pin_message(self.note.id)
        with self.assertRaises(AccessError):
            self.env["construction.pin"].with_user(self.portal).search([])

    def test_a_closed_project_shows_its_pins_to_its_followers_only(self):
        self.pin()
        project = self.lead._start_project()
        project.privacy_visibility = "followers"
        outsider = new_test_user(self.env, "pin_outsider", "project.group_project_user")
        with self.assertRaises(AccessError):
            project.with_user(outsider).read(["pinned_events"])

    def test_merged_deals_keep_their_pins(self):
        other = self._make_deal(name="Second")
        second = self.post("Of the second", other)
        self.pin(second, other)
        self.pin()
        merged = (self.lead | other).merge_opportunity()
        self.assertEqual(set(self.seen(merged, self.salesperson)), {self.note.id, second.id})

    def test_files_of_a_pin_are_named(self):
        message = self.post("", self.lead, attachments=[("plan.pdf", b"x")])
        event = self.pin(message)[0]
        self.assertEqual([file["name"] for file in event["files"]], ["plan.pdf"])


@tagged("post_install", "-at_install")
class TestPinTours(PinCommon, HttpCase):
    """Pins in the browser."""

    def test_a_note_is_pinned_and_unpinned_from_the_chatter(self):
        self.start_tour(f"/odoo/crm.lead/{self.lead.id}", "construction_pin", login=self.salesperson.login)
        pins = self.env["construction.pin"].search([("lead_id", "=", self.lead.id)])
        self.assertEqual(pins.message_id, self.talk)

    def test_the_project_shows_what_was_pinned_on_the_deal(self):
        self.pin()
        project = self.lead._start_project()
        self.start_tour(f"/odoo/project.project/{project.id}", "construction_pin_project", login=self.pm.login)
