from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..pipeline.row_lock import take
from .work_days import WorkDays


class ProjectMilestone(models.Model):
    """The dates of a stage of works: as planned at first, as they are now, and how to move them."""

    _inherit = "project.milestone"

    deadline_original = fields.Date(
        string="Planned End",
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="The end as it was planned first. Moving the stage leaves it, so that lateness stays visible.",
    )
    days_late = fields.Integer(
        compute="_compute_days_late",
        groups="base.group_user",
        help="Days from the end as planned first, or from an earlier one set since, to the day the stage was reached, "
        "or to today.",
    )
    days_moved = fields.Integer(
        compute="_compute_days_late",
        groups="base.group_user",
        help="Days by which the end lies after the one planned first; negative: before it.",
    )

    # === COMPUTE === #

    @api.depends("deadline", "deadline_original", "is_reached", "reached_date")
    def _compute_days_late(self):
        today = fields.Date.context_today(self)
        for stage in self:
            planned = stage.deadline_original or stage.deadline
            due = stage._get_due_day()
            happened = (stage.is_reached and stage.reached_date) or today
            stage.days_late = max((happened - due).days, 0) if due else 0
            stage.days_moved = (stage.deadline - planned).days if planned and stage.deadline else 0

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("project_stage_id") and vals.get("deadline"):
                vals.setdefault("deadline_original", vals["deadline"])
        return super().create(vals_list)

    def write(self, vals):
        stages = self.filtered("project_stage_id")
        if "deadline_original" in vals:
            stages.project_id._check_is_manager()
            res = super().write(vals)
            stages.project_id._refresh_next_stage()
            return res
        if not stages or "deadline" not in vals:
            return super().write(vals)
        unplanned = stages.filtered(lambda stage: not stage.deadline_original)
        planned_before = {stage: stage.deadline for stage in unplanned}
        res = super().write(vals)
        # reason of sudo: the first end is noted by itself
        for stage in unplanned.sudo():
            stage.deadline_original = planned_before[stage] or stage.deadline
        return res

    # === ACTION === #

    def action_move_dates(self):
        """Ask by how much this stage, and those after it, move."""
        self.ensure_one()
        return self.project_id._open_move_dates("stage_slip", default_milestone_id=self.id)

    def action_keep_plan(self):
        """Take the dates as they are now for the plan: lateness counts from here."""
        self.project_id._check_is_manager()
        for stage in self.filtered(lambda stage: stage.deadline != stage.deadline_original):
            before = stage.deadline_original
            stage.deadline_original = stage.deadline
            stage._log_on_project(
                self.env._(
                    "The planned end of the stage %(stage)s is %(new)s from now on; it was %(old)s.",
                    stage=stage.name,
                    new=format_date(self.env, stage.deadline) or "–",
                    old=format_date(self.env, before) or "–",
                )
            )
        return True

    # === BUSINESS === #

    def _get_due_day(self):
        """The day after which a stage is late: its end as planned first, or now where that comes earlier."""
        days = [day for day in (self.deadline_original, self.deadline) if day]
        return min(days, default=False)

    def _get_with_following(self):
        """This stage of works and those after it in its project, but for reached ones."""
        self.ensure_one()
        stages = self.project_id.milestone_ids.filtered("project_stage_id")
        if self not in stages:
            return self.filtered(lambda stage: not stage.is_reached)
        return stages[list(stages).index(self) :].filtered(lambda stage: not stage.is_reached)

    def _get_moved_dates(self, days, in_work_days=False, longer=None):
        """The dates these stages would have, so many days later.

        :param int days: negative: earlier
        :param bool in_work_days: count days of the company's working time only
        :param longer: the stage that takes longer: its start stays
        :return: dict stage → ``{"date_start", "deadline"}`` with its new dates, False where there is none
        """
        moved = {}
        for company, stages in self.grouped(lambda stage: stage.project_id.company_id).items():
            work_days = WorkDays(company or self.env.company) if in_work_days else None
            for stage in stages:
                start, end = (
                    day and (work_days.add(day, days) if work_days else day + timedelta(days=days))
                    for day in (stage.date_start, stage.deadline)
                )
                if stage == longer:
                    start = stage.date_start
                moved[stage] = {"date_start": start, "deadline": end}
        return moved

    def _shift_stages(
        self, days, with_following=True, in_work_days=False, with_tasks=False, reason=None, agreed=False, longer=False
    ):
        """Move a stage of works by so many days, with those after it; reached ones stay.

        :param int days: negative: earlier
        :param bool with_following: those after it move by as much
        :param bool in_work_days: count days of the company's working time only
        :param bool with_tasks: the open tasks of these stages move along
        :param str reason: why, for the note on the project
        :param bool agreed: the client agreed to these days: the planned ends move too, so they are not late
        :param bool longer: this stage takes longer: its start stays
        :return: the stages moved
        """
        self.ensure_one()
        stages = self._get_with_following() if with_following else self.filtered(lambda stage: not stage.is_reached)
        dates = stages._get_moved_dates(days, in_work_days, longer=self if longer else None)
        return stages._write_dates(dates, with_tasks=with_tasks, reason=reason, agreed=agreed)

    def _write_dates(self, dates, with_tasks=False, reason=None, agreed=False):
        """Give these stages new dates, and say so on their projects.

        :param dict dates: as `_get_moved_dates` gives them; others as for `_shift_stages`
        :raises UserError: a stage would end before it starts, or is reached
        """
        take(self)
        self._check_may_move()
        ending = self.project_id._filter_ending_with_stages()
        lines = {}
        for stage in self:
            values = {name: day for name, day in dates[stage].items() if day != stage[name]}
            if not values:
                continue
            old_end, new_end = stage.deadline, dates[stage]["deadline"]
            days = (new_end - old_end).days if old_end and new_end else 0
            if agreed and days and stage.deadline_original:
                # reason of sudo: who moves the dates says that they were agreed
                stage.sudo().deadline_original += timedelta(days=days)
            lines.setdefault(stage.project_id, []).append(stage._describe_move(dates[stage]))
            if with_tasks and days:
                stage._shift_tasks(days)
            stage.write(values)
        for project, moves in lines.items():
            title = self.env._("Dates moved: %(reason)s", reason=reason) if reason else self.env._("Dates moved.")
            self.filtered(lambda stage, project=project: stage.project_id == project)[:1]._log_lines([title, *moves])
        ending._end_with_stages()
        return self

    def _check_may_move(self):
        reached = self.filtered("is_reached")
        if reached:
            raise UserError(
                self.env._("The stage %(stage)s is reached: its dates stay. Undo it first.", stage=reached[0].name)
            )
        if not self.env.su and not self.env.user.has_group("project.group_project_user"):
            raise AccessError(self.env._("Only project users move the dates of the works."))

    def _describe_move(self, dates):
        self.ensure_one()
        return self.env._(
            "%(stage)s: %(old_start)s – %(old_end)s becomes %(new_start)s – %(new_end)s",
            stage=self.name,
            old_start=format_date(self.env, self.date_start) or "…",
            old_end=format_date(self.env, self.deadline) or "…",
            new_start=format_date(self.env, dates["date_start"]) or "…",
            new_end=format_date(self.env, dates["deadline"]) or "…",
        )

    def _shift_tasks(self, days):
        """Move the open tasks of this stage by so many calendar days."""
        self.ensure_one()
        tasks = self.env["project.task"].search([("milestone_id", "=", self.id), ("is_closed", "=", False)])
        step = timedelta(days=days)
        for name in tasks._get_planned_date_fields():
            for day, same_day in tasks.filtered(name).grouped(name).items():
                same_day.write({name: day + step})
