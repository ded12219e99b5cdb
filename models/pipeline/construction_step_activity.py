from odoo import fields, models
from odoo.fields import Command
from odoo.tools import format_date, format_datetime, plaintext2html


class ConstructionStep(models.Model):
    """A step stands among the activities of its owner."""

    _inherit = "construction.step"

    def _sync_activities(self):
        """Bring the activities of these steps in line: made, moved, reassigned, done or dropped."""
        # sudo: whoever opens or closes a step need not be allowed to write on the deal, nor its owner
        steps = self.sudo()
        Activity = self.env["mail.activity"].sudo()  # as above
        meetings = steps._get_meetings_to_call_off()
        to_make, changed, done, dropped = [], {}, {}, Activity
        for step in steps:
            activities = step.activity_ids.filtered("active")
            if step.state == "done":
                done[step.summary] = done.get(step.summary, Activity) + activities
            elif step.state != "open":
                dropped += activities
            elif not activities:
                to_make.append(step._prepare_activity_values())
            for activity in activities if step.state == "open" else ():
                wanted = {("user_id", step.user_id.id), ("date_deadline", step.date_deadline)}
                stands = {("user_id", activity.user_id.id), ("date_deadline", activity.date_deadline)}
                if wanted != stands:
                    values = tuple(sorted(wanted - stands))
                    changed[values] = changed.get(values, Activity) + activity
        for values, activities in changed.items():
            # Of many at once the new owner is told by the list of his activities, not by a mail for each.
            many = len(activities) > 1
            activities.with_context(mail_activity_quick_update=many).write(dict(values))
        steps.filtered(lambda step: step.state == "open")._hand_over_meetings()
        for summary, activities in done.items():
            if activities:
                activities.action_feedback(feedback=summary or False)
        dropped.unlink()
        for step, events in meetings.items():
            step._call_off(events)
        if to_make:
            Activity.create(to_make)

    def _get_meetings_to_call_off(self):
        """What stands in the calendar for steps that are closed, and has not begun: {step: meetings}."""
        now = fields.Datetime.now()
        found = {}
        for step in self.filtered(lambda step: step.state != "open"):
            # A user who does the activity has archived it before the step closes.
            events = step.with_context(active_test=False).activity_ids.calendar_event_id
            if coming := events.filtered(lambda event: event.start > now):
                found[step] = coming
        return found

    def _call_off(self, events):
        """Take these meetings of a closed step out of the calendar; those others are invited to are left to people."""
        self.ensure_one()
        kept = events.filtered(lambda event: event.partner_ids - event.user_id.partner_id)
        bodies = []
        for event in events:
            values = {"step": self.type_id.name, "time": self._format_start(event)}
            if event in kept:
                values["people"] = ", ".join((event.partner_ids - event.user_id.partner_id).mapped("display_name"))
                message = self.env._(
                    "“%(step)s” is closed, but its meeting of %(time)s stays in the calendar, as others are invited: "
                    "%(people)s. Call it off there if it will not take place.",
                    **values,
                )
                self._warn_user(message)
            else:
                message = self.env._(
                    "“%(step)s” is closed: its meeting of %(time)s was taken out of the calendar.", **values
                )
            bodies.append(message)
        gone = events - kept
        # The activity that was done stays in the history; the database would delete it with the meeting.
        gone.with_context(active_test=False).activity_ids.calendar_event_id = False
        gone.unlink()
        for body in bodies:
            self.lead_id._message_log(body=body)

    def _format_start(self, event):
        if event.allday:
            return format_date(self.env, event.start_date)
        return format_datetime(self.env, event.start, tz=self.user_id.tz or "UTC", dt_format="short")

    def _warn_user(self, message):
        """Tell whoever closes the step what is left to do in the calendar."""
        self.env.user._bus_send("simple_notification", {"type": "warning", "sticky": True, "message": message})

    def _hand_over_meetings(self):
        """Put the meetings of open steps into the calendars of those who own the steps now."""
        for step in self:
            for event in step.activity_ids.filtered("active").calendar_event_id:
                former = event.user_id
                if former != step.user_id:
                    partners = [Command.unlink(former.partner_id.id), Command.link(step.user_id.partner_id.id)]
                    event.with_context(no_mail_to_attendees=True).write(
                        {"user_id": step.user_id.id, "partner_ids": partners}
                    )

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

    def _get_meeting_hour(self):
        """The time of the day the owner has this step in his calendar; 0 where it has none."""
        self.ensure_one()
        event = self.activity_ids.filtered("active").calendar_event_id[:1]
        if not event or event.allday:
            return 0
        local = fields.Datetime.context_timestamp(self.with_context(tz=self.user_id.tz or "UTC"), event.start)
        return local.hour + local.minute / 60

    def _schedule_meetings(self, start):
        """Put these steps into the calendars of their owners.

        :param datetime start: UTC
        """
        # sudo: to plan the step of a colleague puts it into his calendar. Nobody is invited by mail, the client least.
        events = self.env["calendar.event"].sudo().with_context(no_mail_to_attendees=True)
        for step in self.sudo():  # as above
            activity = step.activity_ids.filtered("active")[:1]
            event = activity.calendar_event_id
            if event:
                # Moved, not made anew: whoever else was invited stays so.
                event.with_context(no_mail_to_attendees=True).write(
                    {"start": start, "stop": start + (event.stop - event.start)}
                )
                continue
            values = step.lead_id._prepare_meeting_values(step.display_name, step.user_id, start, activity)
            if step.type_id.instructions:
                values["description"] = plaintext2html(step.type_id.instructions)
            events.create(values)
