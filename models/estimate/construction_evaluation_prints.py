from odoo import models

from .construction_recipe_cost import COST_GROUP


class ReportEvaluationResources(models.AbstractModel):
    """The resource list of a sheet."""

    _name = "report.construction_crm.report_evaluation_resources"
    _inherit = "construction.print.mixin"
    _description = "Resource List of an Evaluation Sheet"
    _print_model = "construction.evaluation"

    def _gather(self, doc):
        return doc._get_resources()


class ReportEvaluationAnalysis(models.AbstractModel):
    """The unit-price analysis of a sheet, with costs."""

    _name = "report.construction_crm.report_evaluation_analysis"
    _inherit = "construction.print.mixin"
    _description = "Unit-Price Analysis of an Evaluation Sheet"
    _print_model = "construction.evaluation"
    _print_groups = COST_GROUP

    def _gather(self, doc):
        return doc._get_analysis()


class ReportRecipeAnalysis(models.AbstractModel):
    """The unit-price analysis of a recipe, with costs."""

    _name = "report.construction_crm.report_recipe_analysis"
    _inherit = "construction.print.mixin"
    _description = "Unit-Price Analysis of a Recipe"
    _print_model = "construction.recipe"
    _print_groups = COST_GROUP

    def _gather(self, doc):
        return doc._get_analysis()
