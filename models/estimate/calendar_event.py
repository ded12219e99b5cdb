from odoo import api, models
from odoo.fields import Command

# What of an appointment the sheet follows.
FOLLOWED_FIELDS = {"start", "start_date", "user_id", "active"}


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    # === CRUD === #

    def write(self, vals):
        visits = self._filter_visits() if FOLLOWED_FIELDS.intersection(vals) else self.browse()
        takes_surveyor = "user_id" in vals
        result = super().write(vals)
        visits._move_sheets(takes_surveyor)
        return result

    def unlink(self):
        sheets = self._filter_visits()._get_planned_sheets()
        result = super().unlink()
        for sheet in sheets:
            sheet._take_off_visit()
        return result

    # === BUSINESS === #

    def _filter_visits(self):
        """Give those that are the visit of an evaluation sheet."""
        return self.filtered(lambda event: event.res_model == "construction.evaluation" and event.res_id)

    def _get_planned_sheets(self):
        # sudo: whoever may move an appointment moves its visit, be it another's sheet.
        sheets_sudo = self.env["construction.evaluation"].sudo().browse(self.mapped("res_id")).exists()
        return sheets_sudo.filtered(
            lambda sheet: sheet.state == "planned" and sheet.date_visit and sheet.visit_event_id in self
        )

    def _move_sheets(self, takes_surveyor):
        """Carry a change on the calendar over to the sheets."""
        for sheet in self._get_planned_sheets() if self else ():
            event = sheet.visit_event_id
            if not event.active:
                sheet._take_off_visit()
                continue
            values = {}
            if event.start != sheet.date_visit:
                values["date_visit"] = event.start
            surveyor = event.user_id
            if takes_surveyor and surveyor != sheet.user_id and surveyor._may_survey(sheet.company_id):
                values["user_id"] = surveyor.id
            if values:
                sheet.write(values)

    def _follow_visit(self, sheet):
        """Bring the appointment in line with its sheet."""
        self.ensure_one()
        values = {
            name: value
            for name, value in sheet._prepare_visit_follow_values().items()
            if self._fields[name].convert_to_write(self[name], self) != value
        }
        if "start" in values:
            values["stop"] = sheet.date_visit + (self.stop - self.start)
        if "user_id" in values:
            # Whoever else was asked along stays.
            values["partner_ids"] = [
                Command.unlink(self.user_id.partner_id.id),
                Command.link(sheet.user_id.partner_id.id),
            ]
        if values:
            self.write(values)

    def _call_off(self):
        """Take appointments off the calendar; nobody needs to be told."""
        active = self.filtered("active")
        if active:
            active.write({"active": False})

    @api.model
    def _get_activity_excluded_models(self):
        # The appointment is what the surveyor sees of a visit: no activity beside it.
        return [*super()._get_activity_excluded_models(), "construction.evaluation"]
