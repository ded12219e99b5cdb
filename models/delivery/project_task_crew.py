from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ProjectTask(models.Model):
    """Who carries out a task, and from which day on. Stock's deadline is its last day."""

    _inherit = "project.task"

    crew_id = fields.Many2one(
        "construction.crew",
        domain="[('company_id', 'in', [company_id] if company_id else allowed_company_ids)]",
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
        help="The crew that carries this task out. Its hours count as load of the crew.",
    )
    date_work_start = fields.Date(
        string="Work Starts",
        copy=False,
        groups="base.group_user",
        help="First day planned for this work; the deadline is its last. Without dates it takes those of its stage.",
    )

    # ------------------------------------------------------------
    # CONSTRAINT
    # ------------------------------------------------------------

    @api.constrains("crew_id", "company_id")
    def _check_crew_company(self):
        for task in self:
            if task.crew_id and task.company_id and task.crew_id.company_id != task.company_id:
                raise ValidationError(
                    self.env._(
                        "The crew %(crew)s belongs to %(crew_company)s, the task %(task)s to %(company)s. "
                        "Choose a crew of that company.",
                        crew=task.crew_id.name,
                        crew_company=task.crew_id.company_id.name,
                        task=task.name,
                        company=task.company_id.name,
                    )
                )

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _assign_crews(self, chapters, overrides):
        """Give these new tasks of chapters, or of their parts, their crews.

        :param chapters: list of ``(section line, component lines)`` the tasks were made of
        :param dict overrides: line id → dict, of which ``crew_id`` says which crew (or none) was asked for
        """
        tasks = self.filtered(lambda task: task.chapter_line_id and not task.crew_id)
        lines = {task: (task.part_line_id or task.chapter_line_id).id for task in tasks}
        asked = {key: override["crew_id"] for key, override in overrides.items() if "crew_id" in override}
        proposed = {}
        if any(key not in asked for key in lines.values()):
            components = tasks._get_components_of_works(chapters)
            proposed = self.env["construction.crew"]._propose_for_works(
                {
                    key: (components[key], task.milestone_id.project_stage_id)
                    for task, key in lines.items()
                    if key not in asked and key in components
                }
            )
        by_crew = defaultdict(self.browse)
        for task, key in lines.items():
            crew_id = asked[key] if key in asked else key in proposed and proposed[key].id
            if crew_id:
                by_crew[crew_id] |= task
        for crew_id, crew_tasks in by_crew.items():
            crew_tasks.with_context(tracking_disable=True).write({"crew_id": crew_id})

    def _get_components_of_works(self, chapters):
        """Return the order lines each of these tasks carries out, by the id of its chapter's or its part's line."""
        components = {section.id: lines for section, lines in chapters}
        if self.part_line_id:
            orders = self.env["sale.order"].union(*(section.order_id for section, _lines in chapters))
            for section, part, lines in orders._get_parts_of_works(chapters):
                components[(part or section).id] = lines
        return components
