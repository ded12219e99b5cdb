from odoo import api, models


class ProjectTask(models.Model):
    _inherit = "project.task"

    @api.model
    def _get_planned_date_fields(self):
        """Names of the fields that move along with the stage of a task, the later one first."""
        return [name for name in ("date_deadline", "date_work_start") if name in self._fields]
