from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ProjectMilestone(models.Model):
    """A milestone that stands for a stage of works of a construction project."""

    _inherit = "project.milestone"

    project_stage_id = fields.Many2one(
        "project.project.stage",
        string="Stage of Works",
        index="btree_not_null",
        ondelete="restrict",
        help="The stage this milestone dates and weighs.",
    )
    weight = fields.Float(
        string="Weight (%)",
        digits=(5, 2),
        help="Share of the whole works this stage stands for. The stages of a project add up to 100 %.",
    )
    date_start = fields.Date(string="Start Date", copy=False)

    _weight_range = models.Constraint(
        "CHECK(weight IS NULL OR (weight >= 0 AND weight <= 100))",
        "The weight of a stage must lie between 0 and 100 %.",
    )

    @api.constrains("date_start", "deadline")
    def _check_dates(self):
        for milestone in self:
            if milestone.date_start and milestone.deadline and milestone.deadline < milestone.date_start:
                raise ValidationError(
                    self.env._(
                        "The stage %(stage)s would end on %(end)s, before it starts on %(start)s. Correct its dates.",
                        stage=milestone.name,
                        end=milestone.deadline,
                        start=milestone.date_start,
                    )
                )

    def write(self, vals):
        res = super().write(vals)
        if "is_reached" in vals:
            self.filtered("project_stage_id").project_id._move_to_open_stage()
        return res
