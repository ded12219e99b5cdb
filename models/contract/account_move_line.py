from odoo import api, fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    lead_id = fields.Many2one(
        "crm.lead",
        string="Deal",
        compute="_compute_lead_id",
        # sums of deals add up lines; precomputed, so that new lines cost no second write
        store=True,
        precompute=True,
        # Read by lines of the accounting, whoever looks at them.
        compute_sudo=True,
        index="btree_not_null",
        copy=False,
    )

    # === COMPUTE === #

    @api.depends("sale_line_ids.order_id.opportunity_id", "move_id.instalment_id.contract_id.lead_id")
    def _compute_lead_id(self):
        """By the order of the line; what is added by hand to an instalment's invoice belongs to it too."""
        for line in self:
            if line.display_type == "product" and line.move_id.move_type in ("out_invoice", "out_refund"):
                line.lead_id = (
                    line.sale_line_ids.order_id.opportunity_id[:1] or line.move_id.instalment_id.contract_id.lead_id
                )
            else:
                line.lead_id = False

    # === CRUD === #

    def write(self, vals):
        result = super().write(vals)
        if "date_maturity" in vals:
            self.move_id.filtered(lambda move: move.state == "posted")._refresh_construction_money()
        return result
