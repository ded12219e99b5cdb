from odoo import fields, models

SIGNED = ("signed", "running", "completed", "closed")


class ConstructionStepType(models.Model):
    _inherit = "construction.step.type"

    requirement = fields.Selection(
        selection_add=[("contract", "A signed contract")], ondelete={"contract": "set default"}
    )

    def _stays_after_win(self):
        return super()._stays_after_win() or self.requirement == "contract"


class ConstructionStep(models.Model):
    """Steps that are done with a signed contract."""

    _inherit = "construction.step"

    def _get_requirement_holds(self):
        holds = super()._get_requirement_holds()
        if self.type_id.requirement == "contract" and not self._find_signed_contract():
            holds.append(self.env._("Have the contract of this deal signed."))
        return holds

    def _find_signed_contract(self):
        # sudo: a contract counts, whoever may read it
        contracts = self.env["construction.contract"].sudo()
        return contracts.search([("lead_id", "=", self.lead_id.id), ("state", "in", SIGNED)], limit=1)

    def _get_fix_action(self):
        if self.type_id.requirement != "contract":
            return super()._get_fix_action()
        if self.lead_id.has_contract:
            return self.lead_id.action_view_contracts(), self._get_fix_label()
        return self.lead_id.action_view_step_quotes(), self._get_fix_label()

    def _get_fix_label(self):
        if self.type_id.requirement != "contract":
            return super()._get_fix_label()
        if self.lead_id.has_contract:
            return self.env._("Open the Contract")
        # The contract is made of the accepted quote, which is an order by then.
        return self.env._("Open the Order") if self.lead_id.won_status == "won" else self.env._("Open the Quote")


class ConstructionContract(models.Model):
    _inherit = "construction.contract"

    def action_sign(self):
        res = super().action_sign()
        # sudo: whoever may sign the contract need not be allowed to read the deal
        self.sudo().lead_id.sudo(self.env.su)._advance_steps("contract")
        return res
