from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmLead(models.Model):
    _inherit = "crm.lead"

    evaluation_ids = fields.One2many("construction.evaluation", "lead_id", string="Evaluation Sheets")
    evaluation_count = fields.Integer(compute="_compute_evaluation_count")

    @api.depends("evaluation_ids")
    def _compute_evaluation_count(self):
        # Deals without a type of works have no sheets to count, and cost no query; nor do those without any sheet.
        measured = self.filtered(lambda lead: lead.construction_type_id and lead.linked_counts["evaluation_ids"])
        counts = {}
        if measured:
            counts = dict(
                self.env["construction.evaluation"]._read_group(
                    [("lead_id", "in", measured.ids)], ["lead_id"], ["__count"]
                )
            )
        for lead in self:
            lead.evaluation_count = counts.get(lead._origin, 0)

    @api.depends("evaluation_ids")
    def _compute_linked_counts(self):
        return super()._compute_linked_counts()

    @api.model
    def _get_linked_counters(self):
        return {**super()._get_linked_counters(), "evaluation_ids": ("construction.evaluation",)}

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evaluation(self):
        # sudo: sheets the user may not see hold the deal as well.
        sheets = self.env["construction.evaluation"].sudo().search([("lead_id", "in", self.ids)])
        if sheets:
            raise UserError(
                self.env._(
                    "%(deal)s has evaluation sheets (%(sheets)s). Mark it as lost instead, or delete the sheets first.",
                    deal=sheets[0].lead_id.display_name,
                    sheets=", ".join(sheets.mapped("display_name")),
                )
            )

    def action_create_evaluation(self):
        """Open a new evaluation sheet for the deal, to be saved by the user."""
        self.ensure_one()
        action = self._get_evaluation_action()
        action["views"] = [(False, "form")]
        return action

    def action_import_budget(self):
        """Open the import of a budget for this deal."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.construction_import_action")
        action["context"] = {"default_lead_id": self.id}
        return action

    def action_view_evaluations(self):
        """Open the evaluation sheets of the deal: the only one there is, or the list."""
        self.ensure_one()
        action = self._get_evaluation_action()
        sheets = self.env["construction.evaluation"].search([("lead_id", "=", self.id)])
        if len(sheets) == 1:
            action.update(views=[(False, "form")], res_id=sheets.id)
        return action

    def _get_evaluation_action(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.construction_evaluation_action")
        action["domain"] = [("lead_id", "=", self.id)]
        action["context"] = self._prepare_evaluation_context()
        return action

    def _prepare_evaluation_context(self):
        """Defaults of a sheet made from the deal; the rest follows from the deal itself."""
        return {"default_lead_id": self.id}

    def _merge_dependences(self, opportunities):
        """Carry the sheets of merged deals over to the one that remains."""
        result = super()._merge_dependences(opportunities)
        # sudo: whoever may merge the deals may not see every sheet.
        opportunities.sudo().evaluation_ids._relink_lead(self)
        return result
