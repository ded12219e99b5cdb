from odoo import api, fields, models

# what an invoice comes to is made of these
BILLING_FIELDS = {"price_unit", "quantity", "discount", "tax_ids", "balance", "amount_currency", "sale_line_ids"}


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

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._follow_in_plan()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if "date_maturity" in vals:
            self.move_id.filtered(lambda move: move.state == "posted")._refresh_construction_money()
        if not BILLING_FIELDS.isdisjoint(vals):
            self._follow_in_plan()
        return result

    def unlink(self):
        instalments = self.move_id.instalment_id
        result = super().unlink()
        instalments._follow_invoices()
        return result

    # === BUSINESS === #

    def _follow_in_plan(self):
        """The plan follows what is changed on invoices of instalments, drafts above all."""
        self.move_id.instalment_id._follow_invoices()
