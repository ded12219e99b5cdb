import uuid
from datetime import datetime, time

import pytz

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL

from ...core.delivery.dependencies import dependencies_first
from .work_days import WorkDays

# Set while tasks are made in a batch: no log, no tracking, no mail a task; followers are added once for all.
BATCH_CONTEXT = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_auto_subscribe_no_notify": True,
    "construction_batch_tasks": True,
}
# Made and assigned at the same moment: no working time lies between. Stock would ask the calendar, twice a task.
ELAPSED_FIELDS = ("working_hours_open", "working_hours_close", "working_days_open", "working_days_close")
END_OF_WORK = time(17)
PORTAL_VISIBILITIES = ("invited_users", "portal")


class ProjectTask(models.Model):
    _inherit = "project.task"

    chapter_line_id = fields.Many2one(
        "sale.order.line",
        string="Chapter",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The chapter of the order this task carries out.",
    )
    part_line_id = fields.Many2one(
        "sale.order.line",
        string="Part of the Chapter",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The part of the chapter this task carries out, where tasks are made for parts.",
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("chapter_line_id")
    def _compute_sale_order_id(self):  # pylint: disable=missing-return
        """A chapter's task belongs to the order of its chapter, also where the project has several orders."""
        super()._compute_sale_order_id()
        for task in self:
            if task.chapter_line_id and task.allow_billable and not task.sale_line_id:
                # sudo: a project user may not read the order's section line; only the link is taken.
                task.sale_order_id = task.sudo().chapter_line_id.order_id

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """While a batch is made, stock's subscription of each task is left out; the batch subscribes once."""
        if self.env.context.get("construction_batch_tasks"):
            return True
        return super().message_subscribe(partner_ids, subtype_ids)

    @api.model
    def _create_in_batch(self, project, vals_list):
        """Create tasks in one go, without mail for each; the project's manager and the user follow them.

        :param project: the project they belong to
        :param vals_list: values as for ``create``
        """
        if not vals_list:
            return self.browse()
        for vals in vals_list:
            if project.privacy_visibility in PORTAL_VISIBILITIES:
                # Given: stock would write each task again to make it.
                vals.setdefault("access_token", str(uuid.uuid4()))
            vals.setdefault("partner_id", project.partner_id.id)
            vals.setdefault("company_id", project.company_id.id)
            vals.update(dict.fromkeys(ELAPSED_FIELDS, 0.0))
        tasks = self.with_context(**BATCH_CONTEXT).create(vals_list)
        for name in ELAPSED_FIELDS:
            self.env.remove_to_compute(self._fields[name], tasks)
        tasks = tasks.with_env(self.env)
        tasks.message_subscribe((project.user_id | self.env.user).partner_id.ids)
        return tasks

    @api.model
    def _get_end_of_work(self, day, project):
        """Give the moment a day of work ends where the project's company works: naive, in UTC."""
        # sudo: where a company works is no secret
        calendar = (project.company_id or self.env.company).sudo().resource_calendar_id
        local = pytz.timezone(calendar.tz or "UTC").localize(datetime.combine(day, END_OF_WORK))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    def _copy_tree_in_batch(self, template, project, milestones, roles):
        """Copy these tasks with their subtasks and dependencies from ``template`` into ``project``.

        :param dict milestones: milestone id of the template → id of its copy
        :param dict roles: role id → ids of the users who take it
        """
        copies = {}  # id of the original → its copy
        originals, level = self.browse(), self
        start = template._get_template_start()
        days = WorkDays(project.company_id or self.env.company)
        while level:
            level_copies = level._copy_level_in_batch(template, project, milestones, roles, copies)
            if start:
                level._copy_dates(level_copies, start, project, days)
            copies |= level_copies
            originals |= level
            # Stock copies archived roots, but only active subtasks.
            level = level.with_context(active_test=True).child_ids
        if template.allow_task_dependencies:
            originals._copy_dependencies_in_batch(copies)
        return self.browse().union(*copies.values())

    def _copy_level_in_batch(self, template, project, milestones, roles, copies):
        """Copy tasks of one depth; return ``{id of the original: its copy}``."""
        graph = {task.id: task.depend_on_ids.ids for task in self} if template.allow_task_dependencies else {}
        ordered = self.browse(dependencies_first(self.ids, graph))
        source = ordered.with_context(
            copy_project=True,
            copy_from_template=True,
            copy_from_project_template=True,
            milestone_mapping=milestones,
        )
        # A child_ids value that is there keeps stock from nesting the subtasks; they follow as the next level.
        data = source.copy_data({**template._map_tasks_default_values(project), "child_ids": [Command.clear()]})
        for task, vals in zip(ordered, data, strict=True):
            vals.pop("child_ids")
            users = {*task.user_ids.filtered("active").ids}
            users.update(user_id for role_id in task.role_ids.ids for user_id in roles.get(role_id, ()))
            vals.update(
                parent_id=copies[task.parent_id.id].id if task.parent_id else False,
                role_ids=[],
                # Empty rather than "set to nobody": stock would take that for an assignment.
                user_ids=[Command.set(sorted(users))] if users else [],
            )
            if task.project_id != template:
                vals["project_id"] = task.project_id.id
            if template.allow_task_dependencies and any(
                not dependency.is_closed or dependency.project_id == template for dependency in task.depend_on_ids
            ):
                vals["state"] = "04_waiting_normal"
        new_tasks = self.env["project.task"]._create_in_batch(project, data)
        return dict(zip(ordered.ids, new_tasks, strict=True))

    def _copy_dates(self, copies, start, project, days):
        """Date the copies of these tasks as far from the start of the project as they are from the template's.

        :param dict copies: id of the original → its copy
        :param start: the day the dates of the template count from
        :param days: the `WorkDays` to count in
        """
        for task in self.filtered("date_deadline"):
            local = fields.Datetime.context_timestamp(task, task.date_deadline)
            moved = days.move(local.date(), start, project.date_start)
            copies[task.id].with_context(tracking_disable=True).date_deadline = task.date_deadline + (
                moved - local.date()
            )

    def _copy_dependencies_in_batch(self, copies):
        """Let the copies wait for one another as the originals do. Their states are already right."""
        pairs = [
            (copies[task.id].id, copies.get(dependency.id, dependency).id)
            for task in self
            for dependency in task.depend_on_ids
        ]
        pairs += [
            (dependent.id, copies[task.id].id)
            for task in self
            for dependent in task.dependent_ids
            if dependent.id not in copies
        ]
        if not pairs:
            return
        # SQL: written by the ORM, each link recomputes the states behind it, which recurses along the whole chain.
        self.env.cr.execute(
            SQL(
                "INSERT INTO task_dependencies_rel (task_id, depends_on_id) VALUES %s ON CONFLICT DO NOTHING",
                SQL(", ").join(SQL("(%s, %s)", task_id, other_id) for task_id, other_id in pairs),
            )
        )
        self.env["project.task"].invalidate_model(["depend_on_ids", "dependent_ids"])
