from odoo import fields, models
from odoo.exceptions import RedirectWarning


class ConstructionStep(models.Model):
    """Closing a step: done, refused or skipped, and what comes next."""

    _inherit = "construction.step"

    # === ACTION === #

    def action_next_step(self):
        """Ask what came of this step and open the next one.

        :raises RedirectWarning: what it is done with is not there; leads to it
        """
        step = self._check_may_act()
        # A summary is written in the dialog; sales managers may give their reason there.
        if step.type_id.requirement != "summary" and not self.env.user.has_group("sales_team.group_sale_manager"):
            self._check_requirement()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Close “%(step)s”", step=step.type_id.name),
            "res_model": "construction.step.next",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_step_id": step.id},
        }

    def action_reschedule(self):
        """Ask for another deadline, and why."""
        step = self._check_may_act()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reschedule “%(step)s”", step=step.type_id.name),
            "res_model": "construction.step.reschedule",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_step_id": step.id,
                "default_user_id": step.user_id.id,
                "default_hour": step._get_meeting_hour(),
            },
        }

    def action_refuse(self):
        """Mark the deal as lost, with its reason: the dialog of stock."""
        self._check_may_act()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm.crm_lead_lost_action")
        action["context"] = {"default_lead_ids": self.lead_id.ids}
        return action

    def action_fix(self):
        """Open what is still missing before this step can be closed."""
        self.ensure_one()
        return self._get_fix_action()[0]

    def action_open_lead(self):
        """Open the deal of this step."""
        self.ensure_one()
        return self.lead_id._get_records_action(name=self.env._("Deal"), views=[(False, "form")])

    # === BUSINESS === #

    def _check_requirement(self):
        """
        :raises RedirectWarning: something is missing before this step can be closed; leads to it
        """
        holds = self._get_requirement_holds()
        if holds:
            action, label = self._get_fix_action()
            message = self.env._(
                "“%(step)s” cannot be closed yet:\n%(holds)s",
                step=self.type_id.name,
                holds="\n".join(f"• {hold}" for hold in holds),
            )
            raise RedirectWarning(message, action, label)

    def _let_pass(self, reason):
        """Keep why a sales manager does without what this step is done with."""
        self.ensure_one()
        step = self.sudo()  # nobody else passes the guard of write(); callers have checked who may
        step.override_reason = reason
        step.lead_id._message_log(
            body=self.env._(
                "%(manager)s let this deal pass “%(step)s” although something is missing: %(reason)s",
                manager=self.env.user.name,
                step=step.type_id.name,
                reason=reason,
            )
        )

    def _close(self, state, summary=None):
        """Close open steps without opening another.

        :param str state: done, refused or cancelled
        """
        # sudo: nobody else passes the guard of write(); callers have checked who may
        steps = self.sudo().filtered(lambda step: step.state == "open")
        if summary:
            for step in steps:
                step.summary = "\n".join(filter(None, [step.summary, summary]))
        if steps:
            steps.write({"state": state, "date_done": fields.Datetime.now()})

    def _close_and_go_on(self, summary=None, next_type=None, user=None, date_deadline=None):
        """Close this step as done and open the next one, unless there is none.

        Twice is once: a step that is closed already stays as it is.

        :param next_type: a construction.step.type; None for the one that follows
        :return: the new step, with sudo
        """
        self.ensure_one()
        step = self.sudo()  # nobody else passes the guard of write(); callers have checked who may
        lead = step.lead_id
        if step.state != "open":
            return lead.step_id
        kind = step.type_id
        step._close("done", summary)
        if next_type is None:
            next_type = kind._get_next(lead)
        if (
            not next_type
            or lead.won_status == "lost"
            or (lead.won_status == "won" and not next_type._stays_after_win())
        ):
            lead._move_to_stage(kind.done_stage_id)
            return lead.step_id
        if not next_type.stage_id:
            lead._move_to_stage(kind.done_stage_id)
        new = lead._open_steps(next_type, user=user or step.user_id, date_deadline=date_deadline)
        if new.type_id.closes_itself and new.type_id.requirement != "none" and not new._get_requirement_holds():
            return new._close_and_go_on()
        return new
