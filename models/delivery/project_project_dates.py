from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import date_utils, format_date

from ..pipeline.compute_again import compute_again


class ProjectProject(models.Model):
    """The dates and weights of the stages of a project, taken together."""

    _inherit = "project.project"

    # Stored as the next stage itself is: lists search by it.
    next_stage_planned_date = fields.Date(
        compute="_compute_next_stage",
        store=True,
        precompute=True,
        copy=False,
        groups="base.group_user",
        export_string_translation=False,
    )
    stage_weight_total = fields.Float(
        string="Weight of All Stages (%)",
        digits=(6, 2),
        compute="_compute_stage_weight_total",
        groups="base.group_user",
    )
    is_stage_weight_wrong = fields.Boolean(
        compute="_compute_stage_weight_total",
        groups="base.group_user",
        export_string_translation=False,
    )

    # === COMPUTE === #

    def _compute_next_stage(self):
        result = super()._compute_next_stage()
        for project in self:
            project.next_stage_planned_date = project.next_stage_milestone_id._get_due_day()
        return result

    @api.depends("next_stage_planned_date")
    def _compute_days_late(self):
        """By the end of the next stage as it was planned first: moving a stage does not hide that it is late."""
        result = super()._compute_days_late()
        today = fields.Date.context_today(self)
        for project in self.filtered("next_stage_planned_date"):
            project.days_late = max(project.days_late, (today - project.next_stage_planned_date).days)
        return result

    @api.depends("milestone_ids.weight", "milestone_ids.project_stage_id")
    def _compute_stage_weight_total(self):
        for project in self:
            stages = project.milestone_ids.filtered("project_stage_id")
            project.stage_weight_total = sum(stages.mapped("weight"))
            project.is_stage_weight_wrong = bool(stages) and round(project.stage_weight_total, 2) != 100.0

    # === ACTION === #

    def action_move_dates(self):
        """Ask by how much the works that are still open move."""
        self.ensure_one()
        return self._open_move_dates("start_slip")

    # === BUSINESS === #

    def _refresh_next_stage(self):
        result = super()._refresh_next_stage()
        compute_again(self, "next_stage_planned_date")
        return result

    @api.model
    def _get_late_domain(self, days):
        domain = super()._get_late_domain(days)
        if days < 0:
            return domain
        before = date_utils.subtract(fields.Date.context_today(self), days=days)
        return domain | Domain("next_stage_planned_date", "<", before)

    def _open_move_dates(self, event, **context):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Move Dates"),
            "res_model": "construction.plan.what.if",
            "views": [(self.env.ref("construction_crm.construction_plan_what_if_view_form_move").id, "form")],
            "target": "new",
            "context": {"default_event": event, "default_moved_project_id": self.id, **context},
        }

    def _shift_start(self, days, dates, **options):
        """Move the works that are still open, and with them the start and end of the project.

        :param int days: calendar days the start moves by; negative: earlier
        :param dict dates: the new dates of the open stages, see `project.milestone._get_moved_dates`
        :param options: see `project.milestone._write_dates`
        """
        self.ensure_one()
        stages = self.env["project.milestone"].union(*dates) if dates else self.env["project.milestone"]
        stages._write_dates(dates, **options)
        if self.date_start and not self.milestone_ids.filtered(lambda m: m.project_stage_id and m.is_reached):
            old, new = self.date_start, self.date_start + timedelta(days=days)
            # reason of sudo: who leads the works moves them, without the right to write the project in general
            self.sudo().write({"date_start": new, "date": self.date and max(self.date, new)})
            # reason of sudo: as above; the note names its author
            self.sudo()._message_log(
                body=self.env._(
                    "The start moved from %(old)s to %(new)s.",
                    old=format_date(self.env, old),
                    new=format_date(self.env, new),
                )
            )

    def _get_last_end(self):
        """The end of the last stage of works, False while none has one."""
        self.ensure_one()
        ends = [stage.deadline for stage in self.milestone_ids if stage.project_stage_id and stage.deadline]
        return max(ends, default=False)

    def _filter_ending_with_stages(self):
        """Those of these projects that end with their last stage, and so follow it."""
        return self.filtered(lambda project: project.date and project.date == project._get_last_end())

    def _end_with_stages(self):
        """Let these projects end with their last stage."""
        for project in self:
            end = project._get_last_end()
            if end and end != project.date:
                # reason of sudo: as in `_shift_start`
                project.sudo().date = max(end, project.date_start or end)
