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
