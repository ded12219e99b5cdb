from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..pipeline.row_lock import take
from .holds import HardHold

REACH_FIELDS = {"is_reached", "reached_date", "reach_reason"}


class ProjectMilestone(models.Model):
    """Reaching a stage of works, and taking that back: by whichever road, on the same conditions."""

    _inherit = "project.milestone"

    # Given together with `is_reached`, or changed later: stock computes it only.
    reached_date = fields.Date(readonly=False)
    is_handover = fields.Boolean(related="project_stage_id.is_handover", groups="base.group_user")
    reach_reason = fields.Text(
        string="Reached All the Same",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Why the manager marked the stage reached while something was open.",
    )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """A stage given as reached is made open first: it is reached by the same road as any other."""
        plain, reached = [], []
        for vals in vals_list:
            is_reached = vals.get("project_stage_id") and vals.get("is_reached")
            reached.append({name: vals[name] for name in REACH_FIELDS & vals.keys()} if is_reached else None)
            plain.append({name: vals[name] for name in vals.keys() - REACH_FIELDS} if is_reached else vals)
        milestones = super().create(plain)
        for milestone, values in zip(milestones, reached, strict=True):
            if values:
                milestone.write(values)
        return milestones

    def write(self, vals):
        stages = self.filtered("project_stage_id")
        if "is_reached" not in vals or not stages:
            stages._check_kept(vals)
            res = super().write(vals)
            if "reached_date" in vals:
                stages._follow_reached_date()
            return res
        # twice is once: whoever waited here finds what the other did
        take(stages)
        is_reached = bool(vals["is_reached"])
        moved = stages.filtered(lambda stage: stage.is_reached != is_reached)
        if not is_reached:
            moved._check_unreach()
            vals = {**vals, "reach_reason": False}
        else:
            moved._check_reach(vals.get("reached_date"), vals.get("reach_reason"))
        rows = moved._get_contracts().instalment_ids.filtered(lambda row: bool(row.date_event) != is_reached)
        # the second of two says nothing new: writing the same again would give the stage another day
        done = stages - moved
        rest = {key: value for key, value in vals.items() if key not in REACH_FIELDS}
        if done and rest:
            super(ProjectMilestone, done).write(rest)
        res = super(ProjectMilestone, self - done).write(vals)
        if moved:
            changed = rows.filtered(lambda row: bool(row.date_event) == is_reached)
            moved._after_reach(changed) if is_reached else moved._after_unreach(changed)
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_reached(self):
        reached = self.filtered(lambda stage: stage.project_stage_id and stage.is_reached)
        if reached:
            raise UserError(
                self.env._(
                    "The stage %(stage)s is reached and stays on record. Undo it first, then delete it.",
                    stage=reached[0].name,
                )
            )

    # === ACTION === #

    def action_reach(self):
        """Mark these stages reached today.

        :raises UserError: naming what is open, see `_get_reach_holds`
        """
        return self._reach()

    def action_unreach(self):
        """Take back that these stages are reached, with all it made due that is not invoiced.

        :raises UserError: naming the instalment whose invoice is in the way
        """
        self.filtered("is_reached").write({"is_reached": False})
        return True

    def action_ask_reach(self):
        """Ask on which day this stage was reached, showing what is open and what becomes due."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reached: %(stage)s", stage=self.name),
            "res_model": "construction.stage.reach",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_milestone_id": self.id},
        }

    def action_open_stage(self):
        """Open this stage in its own form: its checklist and its buttons do not fit in a dialog on a phone."""
        self.ensure_one()
        # by an action with an address of its own: a page loaded again shows this form, not stock's
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.project_milestone_action_stages")
        return {
            **action,
            "name": self.display_name,
            "view_mode": "form",
            "views": [(self.get_formview_id(), "form")],
            "res_id": self.id,
            "domain": [],
            "context": {},
        }

    def get_formview_id(self, access_uid=None):
        """A stage of works opens in its own form, by whichever road."""
        if len(self) == 1 and self.project_stage_id:
            return self.env.ref("construction_crm.project_milestone_view_form_stage").id
        return super().get_formview_id(access_uid=access_uid)

    # === BUSINESS === #

    def _reach(self, day=None, reason=None):
        """Mark these stages reached; those that are already stay as they are.

        :param day: the day they were reached, today when empty
        :param str reason: why all the same, by a manager, where something that may be overridden is open
        :raises UserError: naming what is open
        """
        values = {"is_reached": True}
        if day:
            values["reached_date"] = day
        if reason:
            values["reach_reason"] = reason
        self.write(values)
        return True

    def _check_reach(self, day, reason):
        """:raises UserError: the stages may not be marked reached on that day, or not yet"""
        day = fields.Date.to_date(day)
        if day and day > fields.Date.context_today(self):
            raise UserError(
                self.env._(
                    "A stage cannot be reached on %(day)s, which is still to come. Choose today or an earlier day.",
                    day=format_date(self.env, day),
                )
            )
        for stage in self.filtered(lambda stage: not stage.project_id.is_template):
            holds = stage._get_reach_holds()
            is_hard = any(HardHold.is_hard(hold) for hold in holds)
            if not holds or ((reason or "").strip() and not is_hard and stage.project_id._is_manager()):
                continue
            raise UserError(
                self.env._(
                    "The stage %(stage)s is not reached yet:\n%(holds)s",
                    stage=stage.name,
                    holds="\n".join(f"• {hold}" for hold in holds),
                )
            )

    def _check_unreach(self):
        """:raises UserError: these stages may not be taken back"""

    def _check_kept(self, vals):
        """What a reached stage stands on stays while it is reached.

        :raises UserError: the write would change it
        """
        reached = self.filtered("is_reached")
        if not reached:
            return
        if "reached_date" in vals:
            day = fields.Date.to_date(vals["reached_date"])
            if not day or day > fields.Date.context_today(self):
                raise UserError(
                    self.env._(
                        "The stage %(stage)s needs the day it was reached: today or an earlier one.",
                        stage=reached[0].name,
                    )
                )
        for name in ("project_stage_id", "project_id"):
            if name in vals and any(stage[name].id != vals[name] for stage in reached):
                raise UserError(
                    self.env._(
                        "The stage %(stage)s is reached: it stays what it is. Undo it first.",
                        stage=reached[0].name,
                    )
                )

    def _follow_reached_date(self):
        """The stages were reached on another day than told before: what is not invoiced follows."""
        for stage in self.filtered("is_reached"):
            stage._get_contracts()._move_event("stage", stage.reached_date, project_stage_id=stage.project_stage_id.id)

    def _after_reach(self, instalments):
        """These stages were just reached.

        :param instalments: what became due by that, with sudo
        """

    def _after_unreach(self, instalments):
        """These stages were just taken back.

        :param instalments: what waits again by that, with sudo
        """

    # === HOOKS === #

    def _get_reach_holds(self):
        """Why this stage cannot be marked reached yet. Other rooms add theirs.

        :return: list of sentences; a manager may override them with a reason, but for a `holds.HardHold`
        """
        self.ensure_one()
        # reason of sudo: what is open holds the stage, whoever reads it
        return self.sudo().check_ids._get_holds()
