from datetime import timedelta

from odoo import models
from odoo.fields import Command


class ConstructionStep(models.Model):
    """A step stands among the activities of its owner."""

    _inherit = "construction.step"

    def _sync_activities(self):
        """Bring the activities of these steps in line: made, moved, reassigned, done or dropped."""
        # sudo: whoever opens or closes a step need not be allowed to write on the deal, nor its owner
        steps = self.sudo()
        to_make = []
        for step in steps:
            activities = step.activity_ids.filtered("active")
            if step.state == "open":
                if not activities:
                    to_make.append(step._prepare_activity_values())
                    continue
                for activity in activities:
                    changes = {
                        name: value
                        for name, value in (("user_id", step.user_id), ("date_deadline", step.date_deadline))
                        if activity[name] != value
                    }
                    if changes:
                        activity.write({name: getattr(value, "id", value) for name, value in changes.items()})
            elif step.state == "done":
                activities.action_feedback(feedback=step.summary or False)
            else:
                activities.unlink()
        if to_make:
            self.env["mail.activity"].sudo().create(to_make)  # as above

    def _prepare_activity_values(self):
        """Values of the activity of an open step."""
        self.ensure_one()
        kind = self.type_id
        activity_type = kind.activity_type_id or self.env.ref("mail.mail_activity_data_todo", raise_if_not_found=False)
        return {
            "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
            "res_id": self.lead_id.id,
            "activity_type_id": activity_type.id if activity_type else False,
            "summary": kind.name,
            "note": kind.instructions or False,
            "date_deadline": self.date_deadline,
            "user_id": self.user_id.id,
            "automated": True,
            "construction_step_id": self.id,
        }

    def _schedule_meetings(self, start):
        """Put these steps into the calendars of their owners.

        :param datetime start: UTC
        """
        # sudo: to plan the step of a colleague puts it into his calendar. Nobody is invited by mail, the client least.
        events = self.env["calendar.event"].sudo().with_context(no_mail_to_attendees=True)
        for step in self.sudo():  # as above
            activity = step.activity_ids.filtered("active")[:1]
            activity.calendar_event_id.unlink()
            events.create(
                {
                    "name": step.display_name,
                    "start": start,
                    "stop": start + timedelta(hours=1),
                    "user_id": step.user_id.id,
                    "partner_ids": [Command.set(step.user_id.partner_id.ids)],
                    "opportunity_id": step.lead_id.id,
                    "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
                    "res_id": step.lead_id.id,
                    "activity_ids": [Command.set(activity.ids)],
                    "location": step.lead_id.site_id.contact_address_inline or False,
                }
            )
