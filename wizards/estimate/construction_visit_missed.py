from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_datetime


class ConstructionVisitMissed(models.TransientModel):
    """Why a visit did not happen, and when the next one is."""

    _name = "construction.visit.missed"
    _description = "Visit Did Not Happen"

    evaluation_id = fields.Many2one("construction.evaluation", required=True, ondelete="cascade")
    date_missed = fields.Datetime(string="Planned For", readonly=True)
    reason = fields.Selection(
        [
            ("nobody", "Nobody was there"),
            ("access", "No access to the site"),
            ("client", "The client put it off"),
            ("us", "We put it off"),
            ("weather", "The weather"),
            ("other", "Something else"),
        ],
        required=True,
    )
    note = fields.Char(string="Remark")
    date_new = fields.Datetime(string="New Visit", help="Empty: the visit is to be agreed again.")

    def action_confirm(self):
        """Note it on the sheet and move the visit; a second click notes nothing."""
        self.ensure_one()
        sheet = self.evaluation_id
        if sheet.date_visit == self.date_missed:
            self._check()
            sheet._miss_visit(self._get_message(), self.date_new)
        return {"type": "ir.actions.act_window_close"}

    def _check(self):
        if self.reason == "other" and not (self.note or "").strip():
            raise UserError(self.env._("Say in a few words why the visit did not happen."))
        if self.date_new and self.date_new <= fields.Datetime.now():
            raise UserError(self.env._("The new visit must lie in the future."))

    def _get_message(self):
        reason = dict(self._fields["reason"]._description_selection(self.env))[self.reason]
        text = self.env._(
            "The visit of %(date)s did not happen: %(reason)s.",
            date=format_datetime(self.env, self.date_missed),
            reason=f"{reason} ({self.note.strip()})" if self.note else reason,
        )
        if not self.date_new:
            return text
        new = self.env._("The next one is on %(date)s.", date=format_datetime(self.env, self.date_new))
        return f"{text} {new}"
