from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..query_count import counting
from .site_common import SiteCommon


@tagged("post_install", "-at_install")
class TestSiteAccess(SiteCommon):
    """Who sees and writes what happens on a site."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.diary = cls.env["construction.diary"].create({"project_id": cls.project.id, "work_done": "Tiling"})
        cls.snag = cls.env["construction.snag"].create({"project_id": cls.project.id, "name": "Tile cracked"})
        cls.act = cls.env["construction.handover"].create(
            {"project_id": cls.project.id, "document_ids": [(0, 0, {"name": "Keys"})]}
        )

    def _may(self, user, record, operation="read"):
        return record.with_user(user).has_access(operation)

    def test_a_foreman_writes_diaries_and_snags(self):
        for record in (self.diary, self.snag):
            self.assertTrue(self._may(self.foreman, record, "write"))

    def test_followers_only_means_followers_only(self):
        self.project.privacy_visibility = "followers"
        self.project.message_unsubscribe(self.foreman.partner_id.ids)
        for record in (self.diary, self.snag, self.act, self.act.document_ids):
            with self.subTest(record=record._name):
                self.assertFalse(self._may(self.foreman, record))
                self.assertTrue(self._may(self.manager, record), "he leads it")
                self.assertTrue(self._may(self.administrator, record))
        self.project.message_subscribe(self.foreman.partner_id.ids)
        self.assertTrue(self._may(self.foreman, self.diary))

    def test_salespeople_read_snags_and_acts_of_their_own_deals(self):
        for record in (self.snag, self.act, self.act.document_ids):
            with self.subTest(record=record._name):
                self.assertTrue(self._may(self.salesman, record))
                self.assertFalse(self._may(self.other_salesman, record))
                self.assertTrue(self._may(self.sale_manager, record))
                self.assertFalse(self._may(self.salesman, record, "write"))
        self.assertFalse(self._may(self.salesman, self.diary))

    def test_accountants_read_acts_only(self):
        for user in (self.accountant, self.auditor):
            self.assertTrue(self._may(user, self.act))
            self.assertTrue(self._may(user, self.act.document_ids))
            self.assertFalse(self._may(user, self.act, "write"))
            self.assertFalse(self._may(user, self.diary))
            self.assertFalse(self._may(user, self.snag))

    def test_surveyors_and_clients_see_nothing_of_it(self):
        for user in (self.surveyor, self.portal):
            for record in (self.diary, self.snag, self.act, self.act.document_ids):
                with self.subTest(user=user.login, record=record._name):
                    self.assertFalse(self._may(user, record))

    def test_other_companies_see_nothing_of_it(self):
        company = self.env["res.company"].create({"name": "Other works"})
        stranger = self._new_user("stranger", "project.group_project_manager")
        stranger.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        for record in (self.diary, self.snag, self.act):
            with self.subTest(record=record._name):
                self.assertEqual(record.company_id, self.env.company)
                self.assertFalse(self._may(stranger, record))

    def test_a_wizard_takes_no_step_its_user_may_not_take(self):
        for user in (self.salesman, self.accountant):
            values = {"res_model": "construction.snag", "res_ids": self.snag.ids, "step": "cancel", "reason": "x"}
            with self.assertRaises(AccessError):
                self.env["construction.reason"].with_user(user).create(values).action_confirm()
        with self.assertRaises(AccessError):
            self.snag.with_user(self.salesman).action_fix()


@tagged("post_install", "-at_install")
class TestSiteForms(SiteCommon):
    """What the project shows of its site."""

    def test_the_project_counts_what_happens_on_its_site(self):
        self._diary()
        self._snag()
        self._snag().action_fix()
        self._act(ready=False)
        project = self.project.with_user(self.manager)
        self.assertRecordValues(project, [{"diary_count": 1, "snag_count": 2, "handover_count": 1}])
        self.assertEqual(project.action_view_diary()["domain"], [("project_id", "=", project.id)])
        self.assertEqual(project.action_view_snags()["context"], {"default_project_id": project.id})
        action = project.action_view_handovers()
        self.assertEqual(action["res_id"], self.env["construction.handover"].search([]).id)

    def test_counts_cost_the_same_for_many_projects(self):
        projects = self.project
        for _i in range(4):
            projects |= self._make_project(self._create_withheld().lead_id)
        fields = ["diary_count", "delay_days", "snag_count", "handover_count"]
        counts = []
        for batch in (projects, projects[:2], projects):
            self.env.invalidate_all()
            batch = batch.with_user(self.manager)
            batch.fetch(["name"])
            with counting(self.env, cold=False) as queries:
                for name in fields:
                    batch.mapped(name)
            counts.append(queries.count)
        self.assertEqual(*counts[1:], "the first look reads rules and rights")
