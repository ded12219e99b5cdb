from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..pipeline.row_lock import take
from .holds import HardHold


class ProjectMilestone(models.Model):
    """Reaching a stage of works, and taking that back: by whichever road, on the same conditions."""

    _inherit = "project.milestone"

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
        milestones = super().create(vals_list)
        reached = milestones.filtered(lambda stage: stage.project_stage_id and stage.is_reached)
        if reached:
            reached._check_reach(reached[:1].reached_date, None)
            reached._tell_contracts()
            reached.project_id._move_to_open_stage()
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
        elif moved:
            moved._check_reach(vals.get("reached_date"), vals.get("reach_reason"))
        elif vals.keys() & {"reached_date", "reach_reason"}:
            # it is reached already: the second of two says nothing new
            vals = {key: value for key, value in vals.items() if key not in ("reached_date", "reach_reason")}
        rows = moved._get_contracts().instalment_ids.filtered(lambda row: bool(row.date_event) != is_reached)
        res = super().write(vals)
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
            stage._get_contracts()._move_event(
                "stage", stage.reached_date, project_stage_id=stage.project_stage_id.id
            )

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
