from datetime import timedelta

from odoo.tests import HttpCase, tagged

from .overview_common import OverviewCommon


@tagged("post_install", "-at_install")
class TestOverviewTours(OverviewCommon, HttpCase):
    """Contacts and the overview, walked through the browser by the people they are for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._invoice(cls.contract.instalment_ids[0])
        cls.contract.instalment_ids[2].trigger_date = cls.today + timedelta(days=90)
        cls.dig.deadline = cls.today - timedelta(days=4)
        cls.project.write({"name": "House on the hill", "user_id": cls.project_user.id})

    def test_a_salesperson_writes_down_contacts_from_the_deal(self):
        self.start_tour("/odoo", "construction_contact_from_deal", login=self.salesman.login)
        self.assertEqual(self.lead.contact_record_ids.user_id, self.salesman)
        self.assertEqual(len(self.lead.contact_record_ids), 2)
        self.assertEqual(self.lead.activity_ids.filtered("date_deadline").user_id, self.salesman)

    def test_a_project_manager_looks_where_the_works_stand(self):
        self.start_tour("/odoo", "construction_project_overview", login=self.project_user.login)
        self.assertEqual(self.project.contact_record_ids.user_id, self.project_user)
        self.assertEqual(self.project.contact_record_ids.lead_id, self.lead)

    def test_stocks_dashboard_tells_how_the_works_stand(self):
        action = self.project.with_user(self.project_user).project_update_all_action()
        path = f"/odoo/{self.project.id}/action-{action['id']}"
        self.start_tour(path, "construction_project_dashboard", login=self.project_user.login)
