from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .step_time import check_works_here, to_utc


class ConstructionStepReschedule(models.TransientModel):
    """Ask for another deadline of a step, and why."""

    _name = "construction.step.reschedule"
    _description = "Reschedule a Step"

    step_id = fields.Many2one("construction.step", required=True, readonly=True, ondelete="cascade")
    date_deadline = fields.Date(string="New Deadline", required=True)
    hour = fields.Float(string="At", help="With a time, the step is put into the calendar of its owner.")
    user_id = fields.Many2one("res.users", string="Responsible", required=True, domain="[('share', '=', False)]")
    reason = fields.Char(help="Why it takes longer; kept on the deal.")

    def action_apply(self):
        """Move the step.

        :raises UserError: the new deadline is over already
        """
        self.ensure_one()
        step = self.step_id._check_may_act()
        if step.state != "open":
            raise UserError(self.env._("This step is closed already: nothing is left to reschedule."))
        if self.date_deadline < fields.Date.context_today(self):
            raise UserError(self.env._("Choose a day that has not passed yet."))
        check_works_here(self.user_id)
        if not 0 <= self.hour < 24:
            raise UserError(self.env._("Give a time between 00:00 and 23:59."))
        before = step.date_deadline
        step.write({"date_deadline": self.date_deadline, "user_id": self.user_id.id})
        start = to_utc(self.user_id, self.date_deadline, self.hour)
        if start:
            step._schedule_meetings(start)
        message = self.env._(
            "“%(step)s” moved from %(before)s to %(after)s, for %(owner)s.",
            step=step.type_id.name,
            before=format_date(self.env, before),
            after=format_date(self.env, self.date_deadline),
            owner=self.user_id.name,
        )
        step.lead_id._message_log(body=f"{message} {self.reason or ''}".strip())
        return {"type": "ir.actions.act_window_close"}
