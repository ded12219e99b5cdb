from odoo import fields, models
from odoo.exceptions import UserError

from ..pipeline.row_lock import take


class ConstructionWorkOrder(models.Model):
    """The steps of a work order: handed to the crew, corrected, done, cancelled."""

    _inherit = "construction.work.order"

    # === ACTION === #

    def action_issue(self):
        """Hand the order to its foreman; from now on it stays as it is.

        :raises AccessError: by who does not lead the project
        :raises UserError: nothing to do, nobody to do it, or a correction without a reason
        """
        self._start_step()
        for order in self.filtered(lambda order: order.state != "issued"):
            order._check_state(("draft",))
            order._check_ready_to_issue()
            order._write_step({"state": "issued", "date_issued": fields.Datetime.now(), "issued_by_id": self.env.uid})
            order._tell_foreman()
        return True

    def action_correct(self):
        """Take the order back to change it; the next print says which correction it is."""
        self._start_step()
        for order in self.filtered(lambda order: order.state != "draft"):
            order._check_state(("issued",))
            order._write_step({"state": "draft", "correction": order.correction + 1, "correction_reason": False})
        return True

    def action_cancel(self):
        """Give the order up: its quantities are left for others again."""
        self._start_step()
        for order in self.filtered(lambda order: order.state != "cancelled"):
            order._check_state(("draft", "issued"))
            order._write_step({"state": "cancelled"})
            order._finish_activities()
        return True

    def action_reopen(self):
        """Make an order that was cancelled, or reported done too early, a draft or an issued one again."""
        self._start_step()
        for order in self:
            if order.state == "cancelled":
                order._write_step({"state": "draft"})
            elif order.state == "done":
                order._write_step({"state": "issued", "date_done": False, "done_by_id": False})
        return True

    def action_done(self):
        """Report the works of this order as done, by the foreman or the manager.

        :return: what to record of the progress next, or True
        """
        self.check_access("write")
        take(self)
        for order in self.filtered(lambda order: order.state != "done"):
            order._check_state(("issued",))
            order._write_step(
                {
                    "state": "done",
                    "date_done": fields.Date.context_today(order),
                    "done_by_id": self.env.uid,
                }
            )
            order._finish_activities()
        return (len(self) == 1 and self._prepare_progress()) or True

    def action_print(self):
        """Print the order."""
        return self.env.ref("construction_crm.action_report_work_order").report_action(self)

    def action_view_project(self):
        """Open the project of the order."""
        self.ensure_one()
        return self.project_id.action_view_construction_project()

    # === BUSINESS === #

    def _start_step(self):
        """Let nobody else go on with these orders meanwhile, and check who asks."""
        self.check_access("write")
        for project in self.project_id:
            project._check_is_manager()
        take(self)

    def _check_state(self, states):
        self.ensure_one()
        if self.state in states:
            return
        labels = dict(self._fields["state"]._description_selection(self.env))
        raise UserError(
            self.env._(
                "Work order %(order)s cannot take this step: its state is “%(state)s”.",
                order=self.name,
                state=labels[self.state],
            )
        )

    def _check_ready_to_issue(self):
        self.ensure_one()
        if not self.line_ids:
            raise UserError(
                self.env._("Work order %(order)s has no works yet. Add the chapters to build.", order=self.name)
            )
        empty = self.line_ids.filtered(lambda line: not line._has_quantity())
        if empty:
            raise UserError(
                self.env._(
                    "Say how much of “%(chapter)s” is to be done in work order %(order)s.",
                    chapter=empty[0].display_name,
                    order=self.name,
                )
            )
        if not self._has_crew():
            raise UserError(
                self.env._("Say who carries out work order %(order)s: choose its crew or its foreman.", order=self.name)
            )
        if self.correction and not self.correction_reason:
            raise UserError(
                self.env._(
                    "The crew has work order %(order)s already. Write the reason of the correction before you issue "
                    "it again.",
                    order=self.name,
                )
            )

    def _tell_foreman(self):
        """Ask the foreman to carry the order out."""
        self.ensure_one()
        self._finish_activities()
        if not self.user_id:
            return
        self.message_subscribe(self.user_id.partner_id.ids)
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self.date_end or self.date_start or fields.Date.context_today(self),
            summary=self.env._("Carry out work order %(order)s", order=self.name),
            user_id=self.user_id.id,
        )

    def _finish_activities(self):
        # sudo: the activity is the foreman's, whoever ends the order.
        activities = self.sudo().activity_ids.filtered("automated")
        activities.action_done()

    # === HOOKS === #

    def _has_crew(self):
        """Whether somebody is to do the works: a foreman, or a crew."""
        self.ensure_one()
        return bool(self.user_id or self.crew_id)

    def _prepare_progress(self):
        """Offer to record the progress of the works that were just done; the order itself records none.

        :return: an action, or False where nothing is offered
        """
        self.ensure_one()
        return False
