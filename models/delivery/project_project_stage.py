from odoo import fields, models


class ProjectProjectStage(models.Model):
    _inherit = "project.project.stage"

    duration_days = fields.Integer(
        string="Usual Duration (days)",
        help="Days this stage of works usually takes: working days of the company, or calendar days where the settings "
        "say so. They propose the dates and weights when a construction project starts.",
    )
    usual_weight = fields.Float(
        string="Usual Weight (%)",
        digits=(5, 2),
        help="Share of the whole works this stage usually stands for. Stages without one share what is left, by "
        "their duration.",
    )
    needs_approval = fields.Boolean(
        string="Approved by the Manager",
        help="Only the manager of the project can mark this stage reached; others ask for the approval.",
    )
    is_handover = fields.Boolean(
        string="Handover",
        help="The stage in which the works are handed over to the client.",
    )
    tell_client = fields.Boolean(
        string="Tell the Client",
        help="The client gets a message when this stage is reached.",
    )
    check_template_ids = fields.One2many(
        "construction.stage.check.template",
        "project_stage_id",
        string="Checklist",
        copy=True,
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
    _usual_weight_range = models.Constraint(
        "CHECK(usual_weight IS NULL OR (usual_weight >= 0 AND usual_weight <= 100))",
        "The usual weight of a stage must lie between 0 and 100 %.",
    )
