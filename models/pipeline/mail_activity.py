from odoo import fields, models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    construction_step_id = fields.Many2one(
        "construction.step",
        string="Step",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The step of a deal this activity stands for: done here is done there.",
    )

    def write(self, vals):
        res = super().write(vals)
        if vals.keys() & {"date_deadline", "user_id"}:
            self._tell_steps()
        return res

    def unlink(self):
        """Whoever drops the activity of an open step finds it again: a step ends by its buttons."""
        # sudo: who may drop the activity need not be allowed to see the step
        steps = self.sudo().construction_step_id.filtered(lambda step: step.state == "open")
        res = super().unlink()
        if steps:
            steps.exists()._sync_activities()
            self._say_steps_stay(steps.exists())
        return res

    def _say_steps_stay(self, steps):
        """Tell the user why an activity came back."""
        if steps and not self.env.su:
            self.env.user._bus_send(
                "simple_notification",
                {
                    "type": "info",
                    "message": self.env._(
                        "“%(step)s” is still to be done, so it stays among the activities. "
                        "Close it by Next Step, or give the deal up by Refuse.",
                        step=steps[0].display_name,
                    ),
                },
            )

    def _tell_steps(self):
        """Move and hand over the steps whose activities were, as from the calendar."""
        for activity in self.filtered("construction_step_id"):
            step = activity.construction_step_id.sudo()  # who may move the activity moves the step it stands for
            changes = {}
            if step.date_deadline != activity.date_deadline:
                changes["date_deadline"] = activity.date_deadline
            if activity.user_id and step.user_id != activity.user_id:
                changes["user_id"] = activity.user_id.id
            if changes and step.state == "open":
                step.write(changes)

    def _action_done(self, feedback=False, attachment_ids=None):
        # sudo: who does the activity of a step closes the step
        steps = self.construction_step_id.sudo().filtered(lambda step: step.state == "open")
        if feedback:
            for step in steps:
                step.summary = "\n".join(filter(None, [step.summary, feedback]))
        for step in steps:
            step.sudo(False)._check_requirement()
        res = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        for step in steps:
            step._close_and_go_on()
        return res
