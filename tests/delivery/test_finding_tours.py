from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestFindingTours(HttpCase):
    """A caller's deal is found, and the manager goes from a number to a deal, in the browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson = new_test_user(cls.env, "finding_sales", "sales_team.group_sale_salesman")
        cls.boss = new_test_user(cls.env, "finding_boss", "sales_team.group_sale_manager")
        # other deals must not be in these counts
        cls.env["crm.lead"].search([("construction_type_id", "!=", False)]).write({"construction_type_id": False})
        kind = cls.env["construction.type"].create({"name": "New house"})
        cls.hill, cls.barn = (
            cls.env["crm.lead"].create(
                {
                    "name": name,
                    "type": "opportunity",
                    "partner_id": cls.env["res.partner"].create({"name": client, "phone": phone}).id,
                    "construction_type_id": kind.id,
                    "user_id": cls.salesperson.id,
                    "expected_revenue": 1000.0,
                }
            )
            for name, client, phone in (
                ("House on the hill", "Ionescu family", "+40 722 123 456"),
                ("Barn by the lake", "Popa family", "+40 744 555 666"),
            )
        )
        cls.project = cls.env["project.project"].create({"name": "Hill works", "code": "HILL-77"})
        cls.hill.construction_project_id = cls.project

    def test_a_salesperson_finds_a_deal_by_phone_and_by_project_number(self):
        self.start_tour("/odoo", "construction_find_deal", login=self.salesperson.login)

    def test_a_manager_goes_from_the_funnel_to_a_deal(self):
        self.start_tour("/odoo", "construction_funnel_drill", login=self.boss.login)
