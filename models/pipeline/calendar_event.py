from odoo import models


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    def unlink(self):
        """A step whose meeting is deleted stays among the activities of its owner, without a time."""
        # sudo: who may delete the meeting need not be allowed to see the step; the database takes the activities along
        steps = self.sudo().activity_ids.construction_step_id.filtered(lambda step: step.state == "open")
        res = super().unlink()
        if steps:
            steps.exists()._sync_activities()
        return res
