from lxml import etree, html

from odoo.tests import HttpCase, new_test_user, tagged

from .site_common import SiteCommon


@tagged("post_install", "-at_install")
class TestWorksScreens(SiteCommon, HttpCase):
    """Screens of delivery show what is needed where it is needed."""

    def _get_arch(self, model, kind, view=None):
        view_id = self.env.ref(f"construction_crm.{view}").id if view else None
        return etree.fromstring(self.env[model].get_view(view_id, kind)["arch"])

    def test_cards_of_stages_have_no_primary_button(self):
        """A form that is opened to read goes to the first primary button, past everything above it."""
        for user in (self.foreman, self.administrator):
            arch = etree.fromstring(
                self.env["project.milestone"]
                .with_user(user)
                .get_view(self.env.ref("construction_crm.project_milestone_view_kanban_stages").id, "kanban")["arch"]
            )
            buttons = arch.findall(".//footer/button")
            self.assertTrue(buttons)
            for button in buttons:
                self.assertNotIn("btn-primary", button.get("class").split())

    def test_a_snag_among_those_of_all_projects_tells_its_site(self):
        card = self._get_arch("construction.snag", "kanban", "construction_snag_view_kanban")
        self.assertEqual(
            card.find(".//t[@t-name='card']//field[@name='project_id']").get("invisible"),
            "context.get('default_project_id')",
        )

    def test_a_new_report_leads_to_its_chapters_at_once(self):
        form = self._get_arch("construction.progress", "form", "construction_progress_view_form")
        button = form.find(".//button[@name='action_open_chapters']")
        self.assertNotIn("not id", button.get("invisible"))
        self.assertEqual(self.env["construction.progress"].new({"project_id": False}).display_name, "New report")

    def test_the_form_of_stock_leads_to_the_stage(self):
        """An address typed by hand shows stock's form of a milestone."""
        form = self._get_arch("project.milestone", "form")
        button = form.find(".//button[@name='action_open_stage']")
        self.assertEqual(button.get("invisible"), "not project_stage_id")

    def test_the_page_of_an_act_keeps_its_columns(self):
        """A snag without a place, a day told once."""
        self._snag()
        act = self._act(sign=False)
        url = f"/my/handovers/{act.id}?access_token={act._portal_ensure_token()}"
        tree = html.fromstring(self.url_open(url).content)
        table = tree.xpath("//table[.//th[normalize-space()='Place']]")[0]
        self.assertEqual(len(table.xpath("tbody/tr[1]/td")), len(table.xpath("thead/tr[1]/th")))
        days = [term for term in tree.xpath("//dt") if term.text_content().strip().lower() == "handed over on"]
        self.assertEqual(len(days), 1)

    def test_a_salesperson_gets_from_the_client_to_acts_and_snags_of_a_finished_job(self):
        snag = self._snag()
        self.project.milestone_ids[0].with_user(self.manager).action_reach()
        act = self._act()
        act.action_sign()
        user = self.contract.user_id or new_test_user(self.env, "works_seller", "sales_team.group_sale_salesman")
        client = self.contract.partner_id.with_user(user)
        action = client.action_view_contracts()
        contract = self.env["construction.contract"].with_user(user).search(action["domain"])
        self.assertIn(self.contract, contract)
        self.assertEqual(self.contract.with_user(user).date_warranty_end, act.date_warranty_end)
        for action, expected in (
            (self.contract.with_user(user).action_view_handovers(), act),
            (self.contract.with_user(user).action_view_snags(), snag),
        ):
            self.assertEqual(self.env[action["res_model"]].with_user(user).search(action["domain"]), expected)
