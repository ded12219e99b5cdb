import io

from openpyxl import load_workbook

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ...models.pipeline.deal_template import COLUMNS, write_template
from .intake_common import IntakeCommon


@tagged("post_install", "-at_install")
class TestDealTemplate(IntakeCommon):
    """The spreadsheet the import screen of deals offers."""

    def _template(self, user=None, lang=None):
        content = io.BytesIO()
        env = self.env(user=user or self.ana)
        write_template(content, env(context={**env.context, "lang": lang}) if lang else env)
        return content.getvalue()

    def test_our_template_is_offered_on_our_screens_only(self):
        [ours] = self.leads.get_import_templates()
        self.assertEqual(ours["template"], "/construction_crm/deals/template.xlsx")
        [stock] = self.env["crm.lead"].with_user(self.ana).get_import_templates()
        self.assertEqual(stock["template"], "/crm/static/xls/crm_lead.xls")

    def test_the_template_imports_as_it_is_with_every_column_found(self):
        names, result = self._import_file(self._template())
        self.assertEqual(names, list(COLUMNS))
        self.assertFalse(result["messages"])
        deal = self.env["crm.lead"].browse(result["ids"])
        self.assertRecordValues(
            deal,
            [
                {
                    "type": "opportunity",
                    "user_id": self.ana.id,
                    "import_reference": "A-001",
                    "email_from": "anna@example.com",
                    "expected_revenue": 12500.0,
                }
            ],
        )
        self.assertTrue(deal.construction_type_id)

    def test_the_template_speaks_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.model.fields"]._get("crm.lead", "vat").with_context(lang="fr_FR").field_description = "N° TVA"
        self.ana.lang = "fr_FR"
        book = load_workbook(io.BytesIO(self._template(lang="fr_FR")))
        headers = [cell.value for cell in book.worksheets[0][1]]
        self.assertIn("N° TVA", headers)
        self.assertEqual(len(set(headers)), len(headers), "each header is one column only")
        names, _result = self._import_file(self._template(lang="fr_FR"), lang="fr_FR")
        self.assertEqual(names, list(COLUMNS))

    def test_lists_to_choose_from_hold_what_the_importer_finds(self):
        book = load_workbook(io.BytesIO(self._template()))
        sheet, lists = book.worksheets
        self.assertEqual(lists.sheet_state, "hidden")
        rules = {
            str(rule.sqref).split(":")[0].rstrip("0123456789"): rule for rule in sheet.data_validations.dataValidation
        }
        self.assertEqual(len(rules), 4)
        values = {cell.value for row in lists.iter_rows() for cell in row}
        self.assertLessEqual({"Green roof", "Bathroom", "Trade fair", "Ana Pop"}, values)


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
