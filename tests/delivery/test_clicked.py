from lxml import etree

from odoo.tests import tagged

from .site_common import SiteCommon


@tagged("post_install", "-at_install")
class TestClicked(SiteCommon):
    """What people who clicked through the screens of delivery stumbled over."""

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
