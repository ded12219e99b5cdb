from odoo import models


class ProjectProject(models.Model):
    _inherit = "project.project"

    def _add_chapter_tasks(self, chapters, overrides=None):
        """Give the new tasks their crews: those asked for (``crew_id`` in the overrides), else those proposed."""
        tasks = super()._add_chapter_tasks(chapters, overrides)
        tasks._assign_crews(chapters, overrides or {})
        return tasks
