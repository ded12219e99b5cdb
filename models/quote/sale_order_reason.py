from odoo import api, models

from ..pipeline.construction_reason_mixin import ReasonStep


class SaleOrder(models.Model):
    """The steps of a quote that ask for a reason."""

    _name = "sale.order"
    _inherit = ["sale.order", "construction.reason.mixin"]

    # === HOOKS === #

    @api.model
    def _get_reason_steps(self):
        refuse = ReasonStep(
            method="action_refuse",
            title=self.env._("Refuse the Approval"),
            button=self.env._("Refuse"),
            hint=self.env._("Whoever asked for the approval is told the reason."),
        )
        override = ReasonStep(
            method="action_override",
            title=self.env._("Allow Without Approval"),
            button=self.env._("Allow Sending"),
            hint=self.env._("The quote can then be sent as it is. Your name and the reason are kept in its history."),
        )
        revise = ReasonStep(
            method="action_revise",
            title=self.env._("Revise a Quote"),
            button=self.env._("Revise"),
            hint=self.env._(
                "The revision is a draft under the same number. The quote that was sent stays as it is and holds "
                "until the revision is sent."
            ),
            placeholder=self.env._("e.g. The client wants smaller tiles"),
        )
        return {**super()._get_reason_steps(), "refuse": refuse, "override": override, "revise": revise}
