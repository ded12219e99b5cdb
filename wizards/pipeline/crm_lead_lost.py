from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmLeadLost(models.TransientModel):
    """Why a construction deal was lost, and who got it."""

    _inherit = "crm.lead.lost"

    has_deals = fields.Boolean(compute="_compute_deals", export_string_translation=False)
    has_competitors = fields.Boolean(compute="_compute_deals", export_string_translation=False)
    competitor_id = fields.Many2one(
        "construction.competitor",
        string="Who Got the Job",
        domain="[('lead_id', 'in', lead_ids)]",
        help="One of the competitors on the deal. Leave it empty where nobody got the job, or nobody knows.",
    )
    winner_id = fields.Many2one(
        "res.partner",
        string="Another Competitor",
        help="Somebody who does not stand on the deal yet got the job.",
    )

    # === COMPUTE === #

    @api.depends("lead_ids")
    def _compute_deals(self):
        for wizard in self:
            deals = wizard._get_deals()
            wizard.has_deals = bool(deals)
            # Of several deals each has its own.
            wizard.has_competitors = len(deals) == 1 and bool(deals.competitor_ids)

    # === ACTION === #

    def action_lost_reason_apply(self):
        """Note who got the deals before they are marked lost.

        :raise UserError: without a reason, for construction deals
        """
        self.ensure_one()
        deals = self._get_deals()
        if deals and not self.lost_reason_id:
            raise UserError(
                self.env._("Choose the reason why %(deal)s was lost.", deal=", ".join(deals.mapped("name")))
            )
        winner = self.competitor_id.partner_id or self.winner_id
        if deals and winner:
            deals.check_access("write")
            deals._set_winner(winner)
        return super().action_lost_reason_apply()

    # === BUSINESS === #

    def _get_deals(self):
        # an archived deal is marked as lost, too
        return self.with_context(active_test=False).lead_ids.filtered("construction_type_id")
