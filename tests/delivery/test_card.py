from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, freeze_time, tagged

from ..query_count import counting
from .common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestCard(DeliveryCommon):
    """What stands on the card of a deal: team, site, segment, files, and how alive it is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site.write({"street": "Quay 7", "city": "Cluj"})
        cls.role = cls.env["project.role"].create({"name": "Site Manager"})

    # === TEAM === #

    def test_members_follow_the_deal_and_its_project(self):
        self.lead.member_ids = [Command.create({"role_id": self.role.id, "user_id": self.pm.id})]
        self.assertIn(self.pm.partner_id, self.lead.message_partner_ids)
        project = self.lead._start_project()
        self.assertIn(self.pm.partner_id, project.message_partner_ids)
        late = self.lead.with_user(self.salesperson)
        late.member_ids = [Command.create({"role_id": self.role.id, "user_id": self.project_admin.id})]
        for record in (self.lead, project):
            self.assertIn(self.project_admin.partner_id, record.message_partner_ids)
        member = self.lead.member_ids[0]
        member.user_id = self.sale_manager
        self.assertIn(self.sale_manager.partner_id, project.message_partner_ids)

    # === SITE === #

    def test_notes_on_the_site_are_kept_with_its_address(self):
        with Form(self.lead.with_user(self.salesperson)) as form:
            form.site_access = "Gate code 4711"
            form.site_key_holder = "Mr. Lupu"
        self.assertEqual((self.site.site_access, self.site.site_key_holder), ("Gate code 4711", "Mr. Lupu"))
        self.assertFalse(self.client.site_access)
        other = self._make_deal(name="Fence")
        self.assertEqual(other.site_access, "Gate code 4711")
        other.site_id = False
        self.assertFalse(other.site_access)
        other.site_floor = "Ground floor"
        self.assertEqual(self.client.site_floor, "Ground floor")

    def test_without_client_and_site_there_is_nowhere_to_keep_them(self):
        lead = self._make_deal(partner_id=False, site_id=False)
        with self.assertRaisesRegex(UserError, "client or the site"):
            lead.site_access = "Gate code"

    def test_who_builds_and_who_measures_read_them(self):
        self.site.write({"site_access": "Gate code 4711", "site_parking": "In the yard"})
        project = self.lead._start_project()
        self.assertEqual(project.with_user(self.pm).site_access, "Gate code 4711")
        order = self.env["construction.work.order"].with_user(self.pm).create({"project_id": project.id})
        self.assertIn("Gate code 4711", order.access_note)
        self.assertIn("Parking: In the yard", order.access_note)
        handoff = self.lead._get_or_make_handoff()
        self.assertEqual(handoff.with_user(self.pm).site_parking, "In the yard")

    def test_clients_in_the_portal_do_not(self):
        self.site.site_access = "Gate code 4711"
        project = self.lead._start_project()
        project.privacy_visibility = "portal"
        project.message_subscribe(self.portal.partner_id.ids)
        with self.assertRaises(AccessError):
            project.with_user(self.portal).read(["site_access"])
        with self.assertRaises(AccessError):
            self.portal.partner_id.with_user(self.portal).read(["site_access"])

    def test_the_map_opens_the_address(self):
        self.assertIn("Quay+7%2C+Cluj", self.lead.site_map_url)
        self.site.write({"partner_latitude": 46.77, "partner_longitude": 23.59})
        self.lead.invalidate_recordset()
        self.assertIn("46.77,23.59", self.lead.site_map_url)
        self.site.write({"street": False, "city": False, "partner_latitude": 0, "partner_longitude": 0})
        self.lead.invalidate_recordset()
        self.assertFalse(self.lead.site_map_url)

    def test_stock_leads_have_no_site(self):
        lead = self.env["crm.lead"].create({"name": "Plain", "type": "opportunity", "partner_id": self.client.id})
        self.client.site_access = "Gate code"
        lead.mapped("construction_type_id")
        with self.assertQueryCount(0):
            self.assertFalse(lead.site_access)
            self.assertFalse(lead.site_map_url)

    # === SEGMENT === #

    def test_the_segment_is_kept_with_the_client(self):
        segment = self.env.ref("construction_crm.construction_segment_private")
        self.lead.with_user(self.salesperson).segment_id = segment
        self.assertEqual(self.client.segment_id, segment)
        self.assertEqual(self._make_deal(name="Fence").segment_id, segment)
        plain = self.env["crm.lead"].create({"name": "Plain", "type": "opportunity", "partner_id": self.client.id})
        self.assertFalse(plain.segment_id)

    # === FILES === #

    def test_files_of_the_whole_job_stand_in_one_list(self):
        self.lead.message_post(attachments=[("deal.txt", b"1")])
        self.order.message_post(attachments=[("quote.txt", b"2")])
        project = self.lead._start_project()
        project.message_post(attachments=[("project.txt", b"3")])
        self.client.message_post(attachments=[("client.txt", b"4")])

        def names(user):
            lead = self.lead.with_user(user)
            domain = lead.action_view_files()["domain"]
            return set(self.env["ir.attachment"].with_user(user).search(domain).mapped("name"))

        self.assertEqual(names(self.sale_manager), {"deal.txt", "quote.txt", "project.txt"})
        file = self.env["ir.attachment"].search([("name", "=", "deal.txt")])
        self.assertIn(f"/web/content/{file.id}", file.with_user(self.salesperson).action_open_file()["url"])
        with self.assertRaises(AccessError):
            file.with_user(self.pm).action_open_file()
        link = self.env["ir.attachment"].create(
            {
                "name": "Plans",
                "type": "url",
                "url": "javascript:alert(1)",
                "res_model": "crm.lead",
                "res_id": self.lead.id,
            }
        )
        address = f"/web/content/{link.id}"
        self.assertEqual(link.action_open_file()["url"], address)
        sections = {section["name"]: section for section in self.lead.get_deal_documents()}
        self.assertIn(address, [row["open"]["url"] for row in sections["files"]["rows"]])

    # === HOW ALIVE === #

    def test_the_worst_of_what_is_known_colours_a_deal(self):
        with freeze_time("2026-03-10 12:00:00"):
            lead = self._make_deal(name="Alive")
            lead.contact_record_ids = [
                Command.create({"date": "2026-03-09 10:00:00", "summary": "Talked", "channel": "call"})
            ]
            self.assertEqual(lead.vitality, "cooling")
            self.assertIn("Nothing is planned next", lead.vitality_note)
            lead.activity_schedule("mail.mail_activity_data_todo", date_deadline="2026-03-12")
            self.assertEqual(lead.vitality, "alive")
            self.assertIn("Last contact: yesterday.", lead.vitality_note)
        for day, expected in (("2026-03-13", "cold"), ("2026-03-12", "alive")):
            lead.invalidate_recordset()
            with freeze_time(f"{day} 12:00:00"):
                self.assertEqual(lead.vitality, expected, day)
        lead.action_set_won()
        self.assertFalse(lead.vitality)

    def test_a_deal_nobody_took_on_yet_does_not_cool_down_at_once(self):
        lead = self._make_deal(name="Just entered", is_activated=False)
        self.assertEqual(lead.vitality, "alive")
        self.assertIn("Nothing is planned next", lead.vitality_note)
        lead.is_activated = True
        self.assertEqual(lead.vitality, "cooling")

    def test_stock_leads_are_not_rated(self):
        lead = self.env["crm.lead"].create({"name": "Plain", "type": "opportunity"})
        self.assertFalse(lead.vitality)

    def test_rating_a_page_of_deals_costs_no_query_a_deal(self):
        def count(leads):
            with counting(self.env) as queries:
                leads.mapped("vitality")
            return queries.count

        leads = self.env["crm.lead"].concat(*(self._make_deal(name=f"Deal {number}") for number in range(40)))
        count(leads[:2])
        self.assertEqual(count(leads[:2]), count(leads))


@tagged("post_install", "-at_install")
class TestCardTours(DeliveryCommon, HttpCase):
    """A salesperson and the card of a deal in the browser."""

    def test_a_salesperson_fills_the_card_and_loses_the_deal(self):
        alpha = self.env["res.partner"].create({"name": "Alpha Bau", "is_company": True})
        self.site.write({"street": "Quay 7", "city": "Cluj"})
        lead = self._make_deal(name="Porch")
        lead.activity_schedule("mail.mail_activity_data_todo", user_id=self.salesperson.id)
        self.start_tour(f"/odoo/crm.lead/{lead.id}", "construction_card", login=self.salesperson.login)
        self.assertEqual(lead.won_status, "lost")
        self.assertEqual(lead.lost_reason_id, self.env.ref("crm.lost_reason_1"))
        self.assertEqual(lead.competitor_ids.outcome, "won")
        self.assertEqual(alpha.competitor_won_count, 1)
        self.assertEqual(self.site.site_access, "Gate code 4711")
        self.assertEqual(lead.segment_id, self.env.ref("construction_crm.construction_segment_developer"))
        self.assertIn("Alpha Bau", " ".join(self.client.message_ids.mapped("body")))
