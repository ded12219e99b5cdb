from datetime import date

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestStartTours(DeliveryCommon, HttpCase):
    """The project manager in the browser, from being asked to start to the job transfer taken."""

    def test_the_manager_starts_returns_and_accepts(self):
        lead = self._make_deal(planned_manager_id=self.pm.id, date_start_wanted="2026-03-02")
        lead.promise_ids = [Command.create({"name": "Sockets in the garage"})]
        # A day that does not move: what the client was promised, even if it is over by now.
        self.patch(type(lead), "_get_start_to_propose", lambda lead: lead.date_start_wanted)
        self._make_order(lead)
        handoff = lead.handoff_ids
        self.assertEqual(handoff.activity_ids.user_id, self.pm)
        self.start_tour(f"/odoo/construction.handoff/{handoff.id}", "construction_start", login=self.pm.login)
        project = lead.construction_project_id
        self.assertEqual((project.date_start, project.user_id), (date(2026, 3, 9), self.pm))
        self.assertEqual(handoff.state, "accepted")
        self.assertFalse(handoff.activity_ids)
        self.assertEqual(handoff.promise_ids.task_id.project_id, project)
