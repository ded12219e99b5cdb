from odoo import api, fields, models


class ResPartner(models.Model):
    """What a competitor won and lost against us."""

    _inherit = "res.partner"

    competitor_ids = fields.One2many(
        "construction.competitor",
        "partner_id",
        string="Bids against Us",
        groups="sales_team.group_sale_salesman,account.group_account_invoice,account.group_account_readonly",
    )
    is_competitor = fields.Boolean(
        string="Competitor",
        compute="_compute_is_competitor",
        # Stored, so that contacts who are none cost no query; precomputed, so that a new one costs none either.
        store=True,
        precompute=True,
        compute_sudo=True,
        groups="base.group_user",
        help="Stands as a competitor on a deal.",
    )
    # Counted among the deals the user may see.
    competitor_won_count = fields.Integer(
        string="Jobs They Got",
        compute="_compute_competitor_counts",
        groups="sales_team.group_sale_salesman,account.group_account_invoice,account.group_account_readonly",
    )
    competitor_lost_count = fields.Integer(
        string="Jobs They Did Not Get",
        compute="_compute_competitor_counts",
        groups="sales_team.group_sale_salesman,account.group_account_invoice,account.group_account_readonly",
    )
    competitor_open_count = fields.Integer(
        string="Jobs They Bid For",
        compute="_compute_competitor_counts",
        groups="sales_team.group_sale_salesman,account.group_account_invoice,account.group_account_readonly",
    )

    # === COMPUTE === #

    @api.depends("competitor_ids")
    def _compute_is_competitor(self):
        for partner in self:
            partner.is_competitor = bool(partner.competitor_ids)

    @api.depends("competitor_ids.outcome")
    @api.depends_context("uid")
    def _compute_competitor_counts(self):
        rivals = self.filtered("is_competitor")
        counts = {}
        if rivals:
            groups = self.env["construction.competitor"]._read_group(
                [("partner_id", "in", rivals.ids)], ["partner_id", "outcome"], ["__count"]
            )
            counts = {(partner, outcome): count for partner, outcome, count in groups}
        for partner in self:
            partner.competitor_won_count = counts.get((partner._origin, "won"), 0)
            partner.competitor_lost_count = counts.get((partner._origin, "lost"), 0)
            partner.competitor_open_count = counts.get((partner._origin, "open"), 0)

    # === ACTION === #

    def action_view_competitor(self):
        """Show the deals this competitor bid for."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.construction_competitor_action")
        action["domain"] = [("partner_id", "=", self.id)]
        action["context"] = {"create": False}
        return action
