from odoo import models


class ProjectTask(models.Model):
    """The task of a chapter says in which stage the chapter is built."""

    _inherit = "project.task"

    def write(self, vals):
        result = super().write(vals)
        if "milestone_id" in vals:
            chapters = self.filtered("chapter_line_id")
            if chapters:
                chapters._move_positions()
        return result

    def _move_positions(self):
        # reason of sudo: the positions follow their tasks, whoever moves these
        positions = self.env["construction.position"].sudo()
        positions = positions.search([("chapter_line_id", "in", self.chapter_line_id.ids)]).grouped("chapter_line_id")
        for task in self:
            stage = task.milestone_id.project_stage_id
            position = positions.get(task.sudo().chapter_line_id)  # reason of sudo: as above
            if position and stage:
                position.project_stage_id = stage
