from odoo import models
from odoo.exceptions import UserError


class ProjectTask(models.Model):
    _inherit = "project.task"

    def action_make_work_order(self):
        """Put the chapters of these tasks on a work order; asks how much of each.

        :raises UserError: when the tasks carry out no chapter, or belong to several projects
        """
        self.check_access("read")
        # sudo: a project user may not read the order's section line; only the link is taken.
        tasks = self.sudo().filtered("chapter_line_id").sudo(False)
        if not tasks:
            raise UserError(
                self.env._("These tasks carry out no chapter of an order: there is nothing to put on a work order.")
            )
        project = tasks.project_id
        if len(project) > 1:
            raise UserError(self.env._("A work order is for one project. Choose tasks of one project."))
        action = project.action_make_work_order()
        action["context"] = {
            "default_project_id": project.id,
            "default_task_ids": tasks.ids,
        }
        return action
