from odoo import fields, models

from ..pipeline.formats import format_figure


class ConstructionPlanRow(models.AbstractModel):
    """Rows of payment plans can wait for the works: a stage, or a share of them."""

    _inherit = "construction.plan.row"

    trigger = fields.Selection(
        selection_add=[("stage", "Stage reached"), ("progress", "Progress of works")],
        ondelete={"stage": "set default", "progress": "set default"},
    )
    project_stage_id = fields.Many2one(
        "project.project.stage",
        string="Stage",
        # A restriction would keep stages of plans long forgotten; without its stage a row asks for one.
        ondelete="set null",
        help="The stage of works this instalment waits for.",
    )
    progress_percent = fields.Float(
        string="Progress (%)",
        digits=(5, 2),
        help="The share of the works, by the weights of the stages reached, this instalment waits for.",
    )

    _progress_percent_range = models.Constraint(
        "CHECK(progress_percent IS NULL OR (progress_percent >= 0 AND progress_percent <= 100))",
        "The progress an instalment waits for must lie between 0 and 100 %.",
    )

    def _describe_event(self):
        if self.trigger == "stage" and self.project_stage_id:
            return self.env._("Stage reached: %(stage)s", stage=self.project_stage_id.name)
        if self.trigger == "progress":
            percent = format_figure(self.env, self.progress_percent)
            return self.env._("%(percent)s %% of the works done", percent=percent)
        return super()._describe_event()


class ConstructionPlanTemplateLine(models.Model):
    _inherit = "construction.plan.template.line"

    def _prepare_instalment_values(self):
        return {
            **super()._prepare_instalment_values(),
            "project_stage_id": self.project_stage_id.id,
            "progress_percent": self.progress_percent,
        }
