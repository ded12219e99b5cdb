from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..pipeline.construction_reason_mixin import ReasonStep
from ..pipeline.row_lock import take

# Written by what happened only, never given.
KEPT_FIELDS = {
    "reach_reason",
    "approval_state",
    "approval_asked_by_id",
    "approval_asked_date",
    "approval_activity_id",
    "approved_by_id",
    "approved_date",
    "return_reason",
    "client_told_date",
}


class ProjectMilestone(models.Model):
    """A stage of works whose end the manager of the project approves."""

    _name = "project.milestone"
    _inherit = ["project.milestone", "construction.reason.mixin"]

    needs_approval = fields.Boolean(related="project_stage_id.needs_approval", groups="base.group_user")
    is_manager = fields.Boolean(
        compute="_compute_is_manager", groups="base.group_user", export_string_translation=False
    )
    approval_state = fields.Selection(
        [("asked", "Waiting for Approval"), ("returned", "Returned"), ("approved", "Approved")],
        string="Approval",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    approval_asked_by_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        ondelete="set null",
        groups="base.group_user",
    )
    approval_asked_date = fields.Date(string="Approval Asked On", readonly=True, copy=False, groups="base.group_user")
    approved_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="set null", groups="base.group_user"
    )
    approved_date = fields.Date(string="Approved On", readonly=True, copy=False, groups="base.group_user")
    return_reason = fields.Text(string="Returned Because", readonly=True, copy=False, groups="base.group_user")
    approval_activity_id = fields.Many2one(
        "mail.activity",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
        export_string_translation=False,
    )

    # === COMPUTE === #

    @api.depends("project_id.user_id")
    @api.depends_context("uid")
    def _compute_is_manager(self):
        for project, milestones in self.grouped("project_id").items():
            milestones.is_manager = project._is_manager()

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_given(vals)
        return super().create(vals_list)

    def write(self, vals):
        if vals.get("is_reached"):
            # with the reason a manager goes on in spite of what is open
            self._check_given({key: value for key, value in vals.items() if key != "reach_reason"})
        else:
            self._check_given(vals)
        return super().write(vals)

    @api.model
    def _check_given(self, vals):
        given = vals.keys() & KEPT_FIELDS
        if given and not self.env.su:
            labels = [self._fields[name]._description_string(self.env) for name in sorted(given)]
            raise UserError(
                self.env._(
                    "This is noted by itself and cannot be given: %(fields)s. Use the buttons of the stage.",
                    fields=", ".join(labels),
                )
            )

    # === ACTION === #

    def action_ask_approval(self):
        """Ask the manager of the project to approve these stages: once, however often."""
        take(self)
        for stage in self.filtered(lambda stage: not stage.is_reached and stage.approval_state != "asked"):
            stage._ask_approval()
        return True

    def action_return(self):
        """Give a stage back to who asked for its approval, with a reason."""
        self.ensure_one()
        self.project_id._check_is_manager()
        return self._ask_reason("return")

    @api.model
    def _get_reason_steps(self):
        step = ReasonStep(
            method="_return",
            title=self.env._("Return the Stage"),
            button=self.env._("Return"),
            placeholder=self.env._("e.g. The photos of the pipes in the bathroom are missing"),
        )
        return {**super()._get_reason_steps(), "return": step}

    # === BUSINESS === #

    def _ask_approval(self):
        self.ensure_one()
        if not self.needs_approval:
            raise UserError(
                self.env._("The stage %(stage)s needs no approval: mark it reached when it is done.", stage=self.name)
            )
        # reason of sudo: project users ask for approval without the right to write the project, and its activities
        stage = self.sudo()
        manager = stage.project_id.user_id
        if not manager:
            raise UserError(
                self.env._(
                    "%(project)s has no project manager to ask. Set one on the project first.",
                    project=stage.project_id.name,
                )
            )
        stage._drop_activity()
        stage.write(
            {
                "approval_state": "asked",
                "approval_asked_by_id": self.env.uid,
                "approval_asked_date": fields.Date.context_today(self),
                "return_reason": False,
                "approval_activity_id": stage._schedule_for(
                    manager, self.env._("Approve the stage %(stage)s", stage=self.name), stage._get_reach_holds()
                ).id,
            }
        )

    def _return(self, reason):
        """Give a stage back to who asked for its approval.

        :raises AccessError: the user does not decide on the project
        :raises UserError: nobody waits for an approval, or there is no reason
        """
        self.ensure_one()
        self.project_id._check_is_manager()
        take(self)
        if self.is_reached or self.approval_state != "asked":
            raise UserError(self.env._("Nobody waits for an approval of the stage %(stage)s.", stage=self.name))
        if not (reason or "").strip():
            raise UserError(self.env._("Say why you return the stage: whoever asked has to know what to do."))
        # reason of sudo: these fields are written by what happens only
        stage = self.sudo()
        stage._drop_activity()
        asker = stage.approval_asked_by_id
        summary = self.env._("Returned: the stage %(stage)s", stage=self.name)
        activity = stage._schedule_for(asker, summary, [reason]) if asker.active else stage.approval_activity_id
        stage.write({"approval_state": "returned", "return_reason": reason, "approval_activity_id": activity.id})
        stage._log_on_project(
            self.env._("The stage %(stage)s was returned: %(reason)s", stage=self.name, reason=reason)
        )

    def _schedule_for(self, user, summary, lines):
        """An activity on the project that leads to this stage, with sudo."""
        self.ensure_one()
        items = Markup("").join(Markup("<li>%s</li>") % line for line in lines)
        note = Markup("<p>%s</p>") % self._get_html_link(title=self.name)
        return self.project_id.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=summary,
            note=note + (Markup("<ul>%s</ul>") % items if lines else ""),
            user_id=user.id,
        )

    def _drop_activity(self):
        """What was asked of somebody is settled, with sudo."""
        self.approval_activity_id.unlink()

    def _log_on_project(self, body):
        # reason of sudo: who leads works need not write on the project; the note names its author
        self.sudo().project_id._message_log(body=body)

    # === HOOKS === #

    def _check_reach(self, day, reason):
        for stage in self.filtered(lambda stage: stage.needs_approval and not stage.project_id._is_manager()):
            # reason of sudo: only the name of whom to ask
            manager = stage.sudo().project_id.user_id
            raise UserError(
                self.env._(
                    "The stage %(stage)s is reached when %(manager)s approves it. Press “Ask for Approval”.",
                    stage=stage.name,
                    manager=manager.name or self.env._("the project manager"),
                )
            )
        return super()._check_reach(day, reason)

    def _check_unreach(self):
        self.filtered("needs_approval").project_id._check_is_manager()
        return super()._check_unreach()

    def _after_reach(self, instalments):
        # reason of sudo: these fields are written by what happens only
        stages = self.sudo()
        stages._drop_activity()
        approved = stages.filtered("needs_approval")
        approved.write(
            {
                "approval_state": "approved",
                "approved_by_id": self.env.uid,
                "approved_date": fields.Date.context_today(self),
                "return_reason": False,
            }
        )
        return super()._after_reach(instalments)

    def _after_unreach(self, instalments):
        # reason of sudo: as in `_after_reach`
        self.sudo().write({"approval_state": False, "approved_by_id": False, "approved_date": False})
        return super()._after_unreach(instalments)
