from odoo import api, models

# What decides which stage comes next.
WATCHED = {"project_stage_id", "project_id", "is_reached", "deadline", "sequence"}


class ProjectMilestone(models.Model):
    """Stages of works tell their project which comes next; other milestones cost it nothing."""

    _inherit = "project.milestone"

    @api.model_create_multi
    def create(self, vals_list):
        milestones = super().create(vals_list)
        milestones.filtered("project_stage_id").project_id._refresh_next_stage()
        return milestones

    def write(self, vals):
        watched = bool(vals.keys() & WATCHED)
        projects = self.filtered("project_stage_id").project_id if watched else self.project_id.browse()
        res = super().write(vals)
        if watched:
            (projects | self.filtered("project_stage_id").project_id)._refresh_next_stage()
        return res

    def unlink(self):
        projects = self.filtered("project_stage_id").project_id
        res = super().unlink()
        projects._refresh_next_stage()
        return res
