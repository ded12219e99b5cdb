from odoo.tests import HttpCase, tagged

from .step_common import StepCommon


@tagged("post_install", "-at_install")
class TestPhoneTours(StepCommon, HttpCase):
    """Deals on a phone."""

    browser_size = "390x844"
    touch_enabled = True

    def test_the_deals_open_on_a_column_with_cards(self):
        self.env["crm.lead"].search([("id", "!=", self.deal.id)]).active = False
        self.deal.write({"user_id": self.salesperson.id, "stage_id": self.visited.id})
        self.start_tour(
            "/odoo/action-construction_crm.crm_lead_action_construction",
            "construction_phone_deals",
            login=self.salesperson.login,
        )
