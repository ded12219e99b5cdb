import io

from openpyxl import load_workbook

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .intake_common import IntakeCommon


@tagged("post_install", "-at_install")
class TestDealTemplateRoute(IntakeCommon, HttpCase):
    def test_a_salesperson_downloads_the_template(self):
        self.authenticate(self.ana.login, self.ana.login)
        response = self.url_open("/construction_crm/deals/template.xlsx")
        self.assertEqual(response.status_code, 200)
        self.assertTrue(load_workbook(io.BytesIO(response.content)).worksheets)

    @mute_logger("odoo.http")
    def test_nobody_else_does(self):
        new_test_user(self.env, "intake_guest", "base.group_portal")
        new_test_user(self.env, "intake_foreman", "project.group_project_user")
        for login in ("intake_guest", "intake_foreman"):
            self.authenticate(login, login)
            self.assertEqual(self.url_open("/construction_crm/deals/template.xlsx").status_code, 403, login)
