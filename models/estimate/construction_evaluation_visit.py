from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import clean_context, format_datetime


class ConstructionEvaluation(models.Model):
    """The visit of a sheet is one appointment on the surveyor's calendar; both move together."""

    _inherit = "construction.evaluation"

    visit_event_id = fields.Many2one(
        "calendar.event",
        string="Appointment",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    missed_visits = fields.Integer(
        readonly=True,
        copy=False,
        help="How often somebody went and could not measure, or the visit was put off.",
    )

    # === CRUD === #

    def unlink(self):
        # sudo: the appointment is on the calendar of the surveyor.
        events_sudo = self.sudo().visit_event_id
        result = super().unlink()
        events_sudo._call_off()
        return result

    # === ACTION === #

    def action_view_visit_event(self):
        """Open the appointment of the visit."""
        self.ensure_one()
        return self.visit_event_id._get_records_action(name=self.env._("Appointment"))

    def action_visit_missed(self):
        """Ask why the visit did not happen and when the next one is."""
        self.ensure_one()
        self._check_visit_planned()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Visit Did Not Happen"),
            "res_model": "construction.visit.missed",
            "view_mode": "form",
            "target": "new",
            "context": {"default_evaluation_id": self.id, "default_date_missed": self.date_visit},
        }

    # === BUSINESS === #

    def _check_visit_planned(self):
        self.check_access("write")
        self._check_lines_writable()
        if self.state != "planned" or not self.date_visit:
            raise UserError(self.env._("No visit is planned for %(sheet)s.", sheet=self.display_name))

    def _miss_visit(self, message, date_new):
        """Note that the visit did not happen and plan the next one.

        :param message: why, in a whole sentence
        :param date_new: when the next visit is, may be empty
        """
        self.ensure_one()
        self._check_visit_planned()
        # sudo: whoever may measure the sheet may say that he could not.
        self.sudo().write({"missed_visits": self.missed_visits + 1, "date_visit": date_new})
        salesperson = self.salesperson_id - self.env.user
        # sudo: a surveyor need not see the salesperson to tell him.
        self.sudo().message_post(
            body=message,
            author_id=self.env.user.partner_id.id,
            subtype_xmlid="mail.mt_note",
            partner_ids=salesperson.partner_id.ids,
        )

    def _plan_visit(self):
        """Keep one appointment of the surveyor for each visit that is planned."""
        for sheet in self:
            # sudo: the appointment may be on another's calendar.
            event_sudo = sheet.sudo().visit_event_id
            if not (sheet.user_id and sheet.date_visit and sheet.state == "planned"):
                sheet._end_visit(event_sudo)
            elif event_sudo:
                event_sudo._follow_visit(sheet)
            else:
                sheet.sudo()._make_visit_event()

    def _close_visit(self):
        for sheet in self:
            # sudo: whoever moves the sheet on ends the visit of the surveyor.
            sheet._end_visit(sheet.sudo().visit_event_id)

    def _end_visit(self, event_sudo):
        """Leave a visit that took place on the calendar, and take off one that will not."""
        took_place = self.state != "planned" and event_sudo.start and event_sudo.start <= fields.Datetime.now()
        if not took_place:
            event_sudo._call_off()

    def _make_visit_event(self):
        # Defaults meant for the sheet are none for its appointment, and the assignment of the sheet has told
        # the surveyor of it already: no second mail.
        context = {**clean_context(self.env.context), "no_mail_to_attendees": True}
        events = self.env["calendar.event"].with_context(context)  # pylint: disable=context-overridden
        self.visit_event_id = events.create(self._prepare_visit_event_values())

    def _take_off_visit(self):
        """The appointment was taken off the calendar: so is the visit."""
        date = format_datetime(self.env, self.date_visit, tz=self.env.user.tz)
        self.date_visit = False
        self.message_post(
            body=self.env._("The visit of %(date)s was taken off the calendar.", date=date),
            author_id=self.env.user.partner_id.id,
        )

    def _prepare_visit_event_values(self):
        """Give the values of the appointment: the surveyor's alone, a client gets no invitation."""
        self.ensure_one()
        hours = self.env["calendar.event"].get_default_duration()
        return {
            **self._prepare_visit_follow_values(),
            "stop": self.date_visit + timedelta(hours=hours),
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
            "opportunity_id": self.lead_id.id,
            "partner_ids": [fields.Command.set(self.user_id.partner_id.ids)],
            "description": False,
        }

    def _prepare_visit_follow_values(self):
        """Give what of the appointment follows the sheet."""
        name = (
            self.env._("Site visit: %(client)s (%(sheet)s)", client=self.client_name, sheet=self.display_name)
            if self.client_name
            else self.env._("Site visit (%(sheet)s)", sheet=self.display_name)
        )
        return {
            "name": name,
            "start": self.date_visit,
            "user_id": self.user_id.id,
            "location": ", ".join((self.site_address or "").splitlines()) or False,
            "active": True,
        }
