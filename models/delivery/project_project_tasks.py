from odoo import fields, models

from .construction_type import TASK_DETAILS
from .work_days import WorkDays


class ProjectProject(models.Model):
    """The tasks a construction project starts with: those of its template, and those of its chapters."""

    _inherit = "project.project"

    task_detail = fields.Selection(
        TASK_DETAILS,
        string="Tasks Are Made",
        copy=False,
        groups="base.group_user",
        help="What became a task when this project started, and does when chapters are added.",
    )

    # === BUSINESS: chapters === #

    def _add_chapter_tasks(self, chapters, overrides=None):
        """Make the tasks of chapters that have none in this project yet; twice is once.

        :param chapters: list of ``(section line, component lines)``
        :param dict overrides: id of the line a task is for (the chapter's, or the part's) → ``name``,
            ``allocated_hours``, ``project_stage_id`` as asked
        :return: the new tasks
        """
        self.ensure_one()
        overrides = overrides or {}
        units = self._get_units_without_task(chapters)
        milestones = {m.project_stage_id.id: m for m in self.milestone_ids if m.project_stage_id}
        components = self.env["sale.order.line"].union(*(own for _chapter, _part, own in units))
        needs = components._read_needs()
        vals_list = []
        for chapter, part, own in units:
            line = part or chapter
            override = overrides.get(line.id, {})
            stage_id = override.get("project_stage_id", chapter._get_stage_of_works(part).id)
            milestone = milestones.get(stage_id, self.env["project.milestone"])
            vals_list.append(
                {
                    **line._prepare_chapter_task_values(own, needs),
                    **{key: override[key] for key in ("name", "allocated_hours") if key in override},
                    "chapter_line_id": chapter.id,
                    "part_line_id": part.id,
                    "project_id": self.id,
                    "milestone_id": milestone.id,
                    **milestone._prepare_task_dates(),
                    "stage_id": self.type_ids[:1].id,
                }
            )
        self._put_in_order(vals_list, milestones)
        return self.env["project.task"]._create_in_batch(self, vals_list)

    def _get_units_without_task(self, chapters, detail=None):
        """Take chapters apart as this project asks, and leave out what has its task.

        :param str detail: "chapter" or "part", for a project that is not there yet
        :return: as ``sale.order._get_parts_of_works``
        """
        detail = detail or self.task_detail
        orders = self.env["sale.order"].union(*(section.order_id for section, _components in chapters))
        if detail == "part":
            units = orders._get_parts_of_works(chapters)
        else:
            no_part = self.env["sale.order.line"]
            units = [(section, no_part, components) for section, components in chapters]
        if not self:
            return units
        # Archived tasks count: a manager who archived one does not want it back.
        tasks = self.env["project.task"].with_context(active_test=False)
        wanted = [section.id for section, _components in chapters]
        tasks = tasks.search_fetch(
            [("project_id", "=", self.id), ("chapter_line_id", "in", wanted)], ["chapter_line_id", "part_line_id"]
        )
        done = {(task.chapter_line_id.id, task.part_line_id.id) for task in tasks}
        has_task = {chapter_id for chapter_id, _part_id in done}
        # A chapter that has one task for all of it has its parts in it.
        in_parts = {chapter_id for chapter_id, part_id in done if part_id}
        return [
            (chapter, part, own)
            for chapter, part, own in units
            if (chapter.id, part.id) not in done
            and (chapter.id not in has_task or (chapter.id in in_parts and detail == "part"))
        ]

    def _put_in_order(self, vals_list, milestones):
        """Number the tasks: stage after stage, within each as in the orders, after those the project has."""
        place = {milestone.id: number for number, milestone in enumerate(milestones.values())}
        last = len(place)
        first = 10 + len(self.task_ids)
        ordered = sorted(vals_list, key=lambda vals: place.get(vals["milestone_id"], last))
        for number, vals in enumerate(ordered):
            vals["sequence"] = first + number

    # === BUSINESS: template === #

    def _copy_template_tasks(self, project, milestones, roles):
        """Copy the tasks of this template into ``project``, in batches and with chains of any length.

        :param dict milestones: milestone of the template → id of its copy
        :param dict roles: id of a role → ids of the users who take it
        """
        self.ensure_one()
        tasks = self.env["project.task"].with_context(active_test=False)
        roots = tasks.search([("project_id", "=", self.id), ("parent_id", "=", False)], order="id")
        new_tasks = roots._copy_tree_in_batch(self, project, milestones, roles)
        users = new_tasks.user_ids - self.env.user
        if users:
            project.message_notify(
                partner_ids=users.partner_id.ids,
                subject=self.env._("You are on the team of %(project)s", project=project.name),
                body=self.env._("The project has started and you have tasks in it."),
            )

    def _get_template_start(self):
        """Give the day the dates of this template count from: its start, else its first date."""
        self.ensure_one()
        if self.date_start:
            return self.date_start
        days = [milestone.deadline for milestone in self.milestone_ids if milestone.deadline]
        tasks = self.env["project.task"].with_context(active_test=False)
        first = tasks.search(
            [("project_id", "=", self.id), ("date_deadline", "!=", False)], order="date_deadline", limit=1
        )
        days += [fields.Datetime.context_timestamp(self, task.date_deadline).date() for task in first]
        return min(days, default=False)

    def _copy_template_dates(self, project, milestones):
        """Date the milestones that came from this template as far from the start as they are there.

        :param dict milestones: milestone of the template → id of its copy
        """
        self.ensure_one()
        dated = self.milestone_ids.filtered("deadline")
        start = dated and self._get_template_start()
        if not start:
            return
        days = WorkDays(project.company_id or self.env.company)
        copies = self.env["project.milestone"].with_context(tracking_disable=True)
        for milestone in dated:
            copy = copies.browse(milestones.get(milestone.id))
            if copy and not copy.project_stage_id:
                copy.deadline = days.move(milestone.deadline, start, project.date_start)

    def _date_tasks_of_stages(self):
        """Give tasks of the template that belong to a stage, and have no date of their own, the dates of the stage."""
        self.ensure_one()
        open_tasks = self.task_ids.filtered(
            lambda task: task.milestone_id.project_stage_id and not task.date_deadline and not task.chapter_line_id
        )
        for milestone, tasks in open_tasks.grouped("milestone_id").items():
            values = milestone._prepare_task_dates()
            if values:
                tasks.with_context(tracking_disable=True, mail_auto_subscribe_no_notify=True).write(values)


class ProjectMilestone(models.Model):
    _inherit = "project.milestone"

    def _prepare_task_dates(self):
        """Values of a task carried out in this stage: the first and the last day of the stage."""
        if not self.deadline:
            return {}
        return {
            "date_work_start": self.date_start,
            "date_deadline": self.env["project.task"]._get_end_of_work(self.deadline, self.project_id),
        }
