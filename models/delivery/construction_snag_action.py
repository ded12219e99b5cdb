from odoo import api, fields, models
from odoo.exceptions import UserError

from ..pipeline.construction_reason_mixin import ReasonStep
from ..pipeline.row_lock import take


class ConstructionSnag(models.Model):
    """The steps of a snag: fixed by one person, verified by another."""

    _inherit = "construction.snag"

    # === ACTION === #

    def action_fix(self):
        """Tell that these snags are put right. Those told so before stay as they are.

        :raises UserError: one is verified or cancelled
        """
        self.check_access("write")
        take(self)
        self._check_state(("open", "fixed"))
        snags = self.filtered(lambda snag: snag.state == "open")
        snags._write_step(
            {
                "state": "fixed",
                "fixed_by_id": self.env.uid,
                "date_fixed": fields.Date.context_today(self),
                "reject_reason": False,
            }
        )
        snags._refresh_activity()
        return True

    def action_verify(self):
        """Find these snags put right: by the manager, who is not the one who fixed them.

        :raises AccessError: not the manager of the project
        :raises UserError: one is not fixed, or was fixed by the same person
        """
        for project in self.project_id:
            project._check_is_manager()
        take(self)
        self._check_state(("fixed", "verified"))
        snags = self.filtered(lambda snag: snag.state == "fixed")
        for snag in snags:
            if snag.fixed_by_id == self.env.user:
                raise UserError(
                    self.env._(
                        "You told yourself that snag %(snag)s is put right: another person has to verify it.",
                        snag=snag.display_name,
                    )
                )
        snags._write_step(
            {
                "state": "verified",
                "verified_by_id": self.env.uid,
                "date_verified": fields.Date.context_today(self),
            }
        )
        snags._refresh_activity()
        snags._tell_holds()
        return True

    def action_ask_reject(self):
        """Ask what is still wrong."""
        return self._ask_reason("reject")

    def action_ask_cancel(self):
        """Ask why the snag is none."""
        return self._ask_reason("cancel")

    @api.model
    def _get_reason_steps(self):
        reject = ReasonStep(
            method="_reject",
            title=self.env._("Not Put Right Yet"),
            button=self.env._("Confirm"),
            hint=self.env._("The snag goes back to whoever has to put it right."),
            placeholder=self.env._("Why?"),
        )
        cancel = ReasonStep(
            method="_cancel",
            title=self.env._("Cancel Snag"),
            button=self.env._("Confirm"),
            placeholder=self.env._("Why?"),
        )
        return {**super()._get_reason_steps(), "reject": reject, "cancel": cancel}

    def action_reopen(self):
        """Put cancelled snags back on the list.

        :raises AccessError: not the manager of the project
        """
        for project in self.project_id:
            project._check_is_manager()
        take(self)
        snags = self.filtered(lambda snag: snag.state == "cancelled")
        snags._write_step({"state": "open", "cancel_reason": False})
        snags._refresh_activity()
        return True

    # === BUSINESS === #

    def _check_state(self, states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for snag in self:
            if snag.state not in states:
                raise UserError(
                    self.env._(
                        "Snag %(snag)s cannot take this step: its state is “%(state)s”.",
                        snag=snag.display_name,
                        state=labels[snag.state],
                    )
                )

    def _reject(self, reason):
        """Send snags back: they are not put right after all.

        :raises AccessError: not the manager of the project
        """
        for project in self.project_id:
            project._check_is_manager()
        take(self)
        self._check_state(("fixed", "verified"))
        for snag in self:
            snag._write_step(
                {
                    "state": "open",
                    "reject_reason": reason,
                    "fixed_by_id": False,
                    "date_fixed": False,
                    "verified_by_id": False,
                    "date_verified": False,
                }
            )
            snag.message_post(body=self.env._("Not put right yet: %(reason)s", reason=reason))
        self._refresh_activity()

    def _cancel(self, reason):
        """Take snags off the list that are none, or are left as they are.

        :raises AccessError: not the manager of the project
        """
        for project in self.project_id:
            project._check_is_manager()
        take(self)
        self._check_state(("open", "fixed", "cancelled"))
        for snag in self.filtered(lambda snag: snag.state != "cancelled"):
            snag._write_step({"state": "cancelled", "cancel_reason": reason})
            snag.message_post(body=self.env._("Cancelled: %(reason)s", reason=reason))
        self._refresh_activity()
        self._tell_holds()

    def _refresh_activity(self):
        """One open activity a snag: to fix it for whom it is given to, then to verify it for the manager."""
        # reason of sudo: the activity is another person's, and may be made by whoever found the snag
        for snag in self.sudo():
            wanted = snag._prepare_activity_values()
            activity = snag.activity_id.exists()
            if activity and wanted and all(self._differs_not(activity, name, wanted[name]) for name in wanted):
                continue
            activity.unlink()
            if wanted:
                snag.activity_id = snag.with_context(mail_activity_quick_update=True).activity_schedule(
                    "mail.mail_activity_data_todo", **wanted
                )

    def _differs_not(self, activity, name, value):
        current = activity[name]
        return (current.id if isinstance(current, models.BaseModel) else current) == value

    def _prepare_activity_values(self):
        """What the open activity of this snag is, or nothing when none is needed."""
        self.ensure_one()
        manager = self.project_id.user_id
        if self.state == "open":
            user = self.user_id or self.crew_id.leader_id or manager
            summary = self.env._("Fix: %(snag)s", snag=self.name)
            day = self.date_due
        elif self.state == "fixed" and manager != self.fixed_by_id:
            user = manager
            summary = self.env._("Verify: %(snag)s", snag=self.name)
            day = fields.Date.context_today(self)
        else:
            return {}
        if not user:
            return {}
        return {"user_id": user.id, "summary": summary, "date_deadline": day or fields.Date.context_today(self)}
