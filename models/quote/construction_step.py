from odoo import fields, models


class ConstructionStepType(models.Model):
    _inherit = "construction.step.type"

    requirement = fields.Selection(selection_add=[("quote", "An accepted quote")], ondelete={"quote": "set default"})


class ConstructionStep(models.Model):
    """Steps that are done with a quote the client accepted."""

    _inherit = "construction.step"

    def _get_requirement_holds(self):
        holds = super()._get_requirement_holds()
        if self.type_id.requirement == "quote" and not self._find_accepted_quote():
            holds.append(self.env._("Have a quote of this deal accepted: signed by the client, or confirmed by you."))
        return holds

    def _find_accepted_quote(self):
        # sudo: a quote counts, whoever may read it
        orders = self.env["sale.order"].sudo()
        return orders.search([("opportunity_id", "=", self.lead_id.id), ("state", "=", "sale")], limit=1)

    def _get_fix_action(self):
        if self.type_id.requirement != "quote":
            return super()._get_fix_action()
        return self.lead_id.action_view_step_quotes(), self._get_fix_label()

    def _get_fix_label(self):
        if self.type_id.requirement != "quote":
            return super()._get_fix_label()
        return self.env._("Open the Quote")


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def action_view_step_quotes(self):
        """The quotes of this deal: what a step that waits for an accepted one needs.

        :return: the action of the only one there is, or of the list
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.sale_order_action_construction")
        action["domain"] = [("opportunity_id", "=", self.id)]
        action["context"] = {"default_opportunity_id": self.id, "default_partner_id": self.partner_id.id}
        quotes = self.env["sale.order"].search([*action["domain"], ("state", "!=", "cancel")], limit=2)
        if len(quotes) == 1:
            action.update(views=[(False, "form")], res_id=quotes.id)
        return action


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _action_confirm(self):
        # Here both roads meet: the button and the client's signature or payment in the portal.
        res = super()._action_confirm()
        deals = self.opportunity_id
        if deals:
            deals._advance_steps("quote")
        return res
