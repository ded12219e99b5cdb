from odoo import fields, models
from odoo.fields import Command
from odoo.tools import plaintext2html

from ..pipeline.row_lock import take


class ConstructionDealTask(models.Model):
    """To-dos of a deal that go on in its project."""

    _inherit = "construction.deal.task"

    task_id = fields.Many2one(
        "project.task",
        string="Task",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="What became of it in the project.",
    )

    def _carry_to(self, project):
        """Make tasks of the open to-dos that go on in the project; twice is once.

        :param project: a project.project
        :return: the new tasks
        """
        take(self)
        todos = self.filtered(lambda todo: todo.state == "open" and todo.on_win == "carry" and not todo.task_id)
        Task = self.env["project.task"]
        if not todos:
            return Task
        made = Task._create_in_batch(project, [todo._prepare_task_values(project) for todo in todos])
        for todo, task in zip(todos, made, strict=True):
            todo.task_id = task
        todos._set_state("carried")
        return made

    def _prepare_task_values(self, project):
        """Values of the task of this to-do."""
        self.ensure_one()
        return {
            "name": self.name,
            "project_id": project.id,
            "stage_id": project.type_ids[:1].id,
            "user_ids": [Command.set(self.user_ids.ids)],
            "date_deadline": self.date_deadline,
            "description": plaintext2html(self.note) if self.note else False,
        }


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _start_project(self, values=None):
        project = super()._start_project(values)
        # sudo: whoever may start the project carries over what was promised on the deal
        self.sudo().deal_task_ids._carry_to(project.sudo())
        return project
