from odoo.exceptions import AccessError
from odoo.tests import tagged

from .step_common import StepCommon

FOLLOWED = (
    "construction.step",
    "construction.deal.task",
    "construction.member",
    "construction.party",
    "construction.competitor",
    "construction.contact.record",
    "construction.interaction",
    "construction.funnel",
)


@tagged("post_install", "-at_install")
class TestDealMembers(StepCommon):
    """Whoever is on the team of a deal reads it and what stands on it, and nobody else does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = cls.make_user("step_member", "sales_team.group_sale_salesman")
        cls.role = cls.env["project.role"].create({"name": "Estimator of the job"})
        cls.other = cls.make_deal(name="Nobody's business")
        for deal in cls.deal | cls.other:
            values = {"lead_id": deal.id}
            cls.env["construction.deal.task"].create(
                {"name": "Ask for the plans", "user_ids": cls.salesperson.ids, **values}
            )
            cls.env["construction.competitor"].create({"partner_id": cls.client.id, **values})
            cls.env["construction.contact.record"].create(
                {"summary": "Wants it soon", "user_id": cls.salesperson.id, **values}
            )
            role = cls.env["construction.party.role"].search([], limit=1)
            cls.env["construction.party"].create({"partner_id": cls.client.id, "role_id": role.id, **values})

    def setUp(self):
        super().setUp()
        self.activate(self.deal | self.other)

    def _join(self, user=None):
        member = self.env["construction.member"].create(
            {"lead_id": self.deal.id, "role_id": self.role.id, "user_id": (user or self.member).id}
        )
        self.env.flush_all()
        return member

    def _read(self, model, user):
        self.env.flush_all()
        self.env.invalidate_all()
        domain = [("lead_id", "in", (self.deal | self.other).ids)]
        return self.env[model].with_user(user).search(domain).sudo().lead_id

    def test_a_member_reads_the_deal_and_others_do_not(self):
        self.assertFalse(self.deal.with_user(self.member).has_access("read"))
        membership = self._join()
        deals = self.env["crm.lead"].with_user(self.member)
        domain = [("id", "in", (self.deal | self.other).ids)]
        self.assertEqual(deals.search(domain), self.deal)
        self.assertEqual(deals.search_count(domain), 1)
        self.assertEqual(deals._read_group(domain, ["construction_type_id"], ["__count"]), [(self.type, 1)])
        self.assertFalse(self.deal.with_user(self.rival).has_access("read"))
        membership.unlink()
        self.assertFalse(self.deal.with_user(self.member).has_access("read"))

    def test_what_stands_on_the_deal_follows(self):
        for model in FOLLOWED:
            with self.subTest(model=model):
                self.assertFalse(self._read(model, self.member))
        self._join()
        for model in FOLLOWED:
            with self.subTest(model=model):
                self.assertEqual(self._read(model, self.member), self.deal)
                if model != "construction.member":
                    self.assertFalse(self._read(model, self.rival))

    def test_a_lost_deal_counts_in_the_win_rate_of_its_team(self):
        self._join()
        (self.deal | self.other).action_set_lost(lost_reason_id=self.reason.id)
        self.assertEqual(self._read("construction.win.rate", self.member), self.deal)
        self.assertFalse(self._read("construction.win.rate", self.rival))

    def test_reading_is_not_changing(self):
        self._join()
        deal = self.deal.with_user(self.member)
        task = self.deal.deal_task_ids.with_user(self.member)
        for act in (
            lambda: deal.write({"name": "Mine now"}),
            lambda: deal.action_set_lost(lost_reason_id=self.reason.id),
            lambda: deal.action_next_step(),
            lambda: deal.member_ids.unlink(),
            lambda: task.action_done(),
            lambda: deal.competitor_ids.write({"amount": 1}),
        ):
            with self.assertRaises(AccessError):
                act()

    def test_a_member_writes_down_his_own_contacts(self):
        self._join()
        record = (
            self.env["construction.contact.record"]
            .with_user(self.member)
            .create({"lead_id": self.deal.id, "summary": "Called about the roof"})
        )
        record.summary = "Called about the roof, wants slate"
        with self.assertRaises(AccessError):
            (self.deal.contact_record_ids - record).with_user(self.member).summary = "Nothing"
        with self.assertRaises(AccessError):
            self.env["construction.contact.record"].with_user(self.member).create(
                {"lead_id": self.other.id, "summary": "Not mine"}
            )
        with self.assertRaises(AccessError):
            self.env["construction.contact.record"].with_user(self.rival).create(
                {"lead_id": self.deal.id, "summary": "Not mine"}
            )
        rows = self._read("construction.productivity", self.member)
        self.assertEqual(rows, self.deal, "of what was done on the deal, a member counts his own")

    def test_a_member_of_another_company_reads_nothing(self):
        company = self.env["res.company"].create({"name": "Sister"})
        deal = self.env["crm.lead"].create(
            {"name": "Theirs", "construction_type_id": self.type.id, "team_id": False, "company_id": company.id}
        )
        self.env["construction.member"].with_context(tracking_disable=True).create(
            {"lead_id": deal.id, "role_id": self.role.id}
        )
        # SQL: a member of another company is refused, but people move between companies
        self.env.flush_all()
        query = "UPDATE construction_member SET user_id = %s WHERE lead_id = %s"
        self.env.cr.execute(query, [self.member.id, deal.id])
        self.env.invalidate_all()
        self.assertFalse(deal.with_user(self.member).has_access("read"))

    def test_a_member_without_a_right_on_deals_gets_none(self):
        self._join(self.surveyor)
        self.assertFalse(self.deal.with_user(self.surveyor).has_access("read"))

    def test_a_member_opens_the_form(self):
        self._join()
        self.make_final_sheet()
        self.make_quote()
        self.env.invalidate_all()
        form = self.env["crm.lead"].with_user(self.member).get_views([(False, "form")])["views"]["form"]
        self.assertTrue(form["arch"])
        names = list(self.env["crm.lead"].with_user(self.member).fields_get())
        self.assertEqual(self.deal.with_user(self.member).read(names)[0]["id"], self.deal.id)
