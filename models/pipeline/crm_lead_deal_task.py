from odoo import api, fields, models


class CrmLead(models.Model):
    """The to-dos of a deal, and what becomes of them when it is won or lost."""

    _inherit = "crm.lead"

    deal_task_ids = fields.One2many("construction.deal.task", "lead_id", string="To-Dos")
    # Stored: the button of the deal costs no query; precomputed, so that a new deal costs none.
    deal_task_count = fields.Integer(
        string="Open To-Dos",
        compute="_compute_deal_task_count",
        store=True,
        precompute=True,
        copy=False,
    )

    @api.depends("deal_task_ids.state")
    def _compute_deal_task_count(self):
        for lead in self:
            lead.deal_task_count = len(lead.deal_task_ids.filtered(lambda task: task.state == "open"))

    def action_view_deal_tasks(self):
        """The to-dos of this deal."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.construction_deal_task_action")
        action["domain"] = [("lead_id", "=", self.id)]
        action["context"] = {"default_lead_id": self.id, "search_default_open": 1}
        return action

    def _handle_won_lost(self, old_status_by_lead, new_status_by_lead):
        res = super()._handle_won_lost(old_status_by_lead, new_status_by_lead)
        nothing = {"is_lost": False, "is_won": False}
        for lead in self.filtered("construction_type_id"):
            old = old_status_by_lead.get(lead.id, nothing)
            new = new_status_by_lead.get(lead.id, nothing)
            if old == new:
                continue
            tasks = lead.sudo().deal_task_ids  # follows from winning or losing, whoever may see them
            is_open = tasks.filtered(lambda task: task.state == "open")
            if new["is_won"] and not old["is_won"]:
                is_open.filtered(lambda task: task.on_win == "close")._set_state("done")
            elif new["is_lost"] and not old["is_lost"]:
                is_open._set_state("dropped")
            elif old["is_lost"] and not new["is_lost"]:
                tasks.filtered(lambda task: task.state == "dropped")._set_state("open")
        return res

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        # sudo: whoever may merge the deals may not see every to-do
        opportunities.sudo().deal_task_ids.write({"lead_id": self.id})
        return result
