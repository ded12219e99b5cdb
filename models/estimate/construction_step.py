from odoo import fields, models


class ConstructionStepType(models.Model):
    _inherit = "construction.step.type"

    requirement = fields.Selection(
        selection_add=[("sheet", "A final evaluation sheet")], ondelete={"sheet": "set default"}
    )


class ConstructionStep(models.Model):
    """Steps that are done with a final evaluation sheet."""

    _inherit = "construction.step"

    def _get_requirement_holds(self):
        holds = super()._get_requirement_holds()
        if self.type_id.requirement == "sheet" and not self._find_final_sheet():
            holds.append(self.env._("Finalise an evaluation sheet of this deal."))
        return holds

    def _find_final_sheet(self):
        # sudo: a sheet counts, whoever may read it
        sheets = self.env["construction.evaluation"].sudo()
        return sheets.search([("lead_id", "=", self.lead_id.id), ("state", "=", "final")], limit=1)

    def _get_fix_action(self):
        if self.type_id.requirement != "sheet":
            return super()._get_fix_action()
        lead = self.lead_id
        # sudo: whether there is a sheet at all
        if self.env["construction.evaluation"].sudo().search_count([("lead_id", "=", lead.id)], limit=1):
            return lead.action_view_evaluations(), self.env._("Open the Evaluation Sheet")
        return lead.action_create_evaluation(), self.env._("New Evaluation Sheet")

    def _get_fix_label(self):
        if self.type_id.requirement != "sheet":
            return super()._get_fix_label()
        if self.lead_id.evaluation_count:
            return self.env._("Open the Evaluation Sheet")
        return self.env._("New Evaluation Sheet")


class ConstructionEvaluation(models.Model):
    _inherit = "construction.evaluation"

    def action_finalize(self):
        res = super().action_finalize()
        self.lead_id._advance_steps("sheet")
        return res
