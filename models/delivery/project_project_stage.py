from odoo import fields, models


class ProjectProjectStage(models.Model):
    _inherit = "project.project.stage"

    duration_days = fields.Integer(
        string="Usual Duration (days)",
        help="Calendar days this stage of works usually takes. It proposes the dates and weights when a "
        "construction project starts.",
    )

    crew_id = fields.Many2one(
        "construction.crew",
        string="Usual Crew",
        index="btree_not_null",
        ondelete="set null",
        help="The crew that works in this stage where the labour of a chapter names no trade.",
    )

    construction_type_ids = fields.Many2many("construction.type", string="Construction Types")

    _duration_days_not_negative = models.Constraint(
        "CHECK(duration_days >= 0)",
        "The usual duration of a stage cannot be negative.",
    )
