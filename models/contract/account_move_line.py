from odoo import api, fields, models

# what an invoice comes to is made of these
BILLING_FIELDS = {"price_unit", "quantity", "discount", "tax_ids", "balance", "amount_currency", "sale_line_ids"}
# Context of a reconciliation: how much of a payment the lines of each step may take. A dict of the ids of the step's
# lines (frozenset) → (id of the payment's line, amount in its currency).
CONTEXT_SHARES = "construction_shares"


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

    @api.model
    def _reconcile_shares(self, steps):
        """Match parts of payments with what they are meant for, all at once.

        Stock lets a payment pay what it finds; a transfer over several instalments says what each gets.

        :param steps: list of (the payment's line, lines to pay, amount in the currency of the payment)
        """
        plan, shares = [], {}
        for source, targets, amount in steps:
            lines = source + targets
            plan.append(lines)
            shares[frozenset(lines.ids)] = (source.id, amount)
        if plan:
            self.with_context(**{CONTEXT_SHARES: shares})._reconcile_plan(plan)

    @api.model
    def _prepare_reconciliation_plan(self, plan, amls_values_map, shadowed_aml_values=None):
        """Let a step that has a share take only that of the payment's line: see `_reconcile_shares`."""
        share = self.env.context.get(CONTEXT_SHARES, {}).get(frozenset(plan["aml_ids"]))
        if not share:
            return super()._prepare_reconciliation_plan(plan, amls_values_map, shadowed_aml_values=shadowed_aml_values)
        source = self.browse(share[0])
        values = amls_values_map[source]
        whole, whole_company = values["amount_residual_currency"], values["amount_residual"]
        part, part_company = source._take_part(whole, whole_company, share[1])
        values.update(amount_residual_currency=part, amount_residual=part_company)
        results = super()._prepare_reconciliation_plan(plan, amls_values_map, shadowed_aml_values=shadowed_aml_values)
        values["amount_residual_currency"] += whole - part
        values["amount_residual"] += whole_company - part_company
        return results

    def _take_part(self, whole, whole_company, amount):
        """The part of a residual, in its currency and the company's; `amount` is positive, residuals may be negative.

        :return: tuple (amount in the line's currency, in the company's)
        """
        self.ensure_one()
        if self.currency_id.compare_amounts(amount, abs(whole)) >= 0:
            return whole, whole_company
        part = amount if whole > 0 else -amount
        return part, self.company_currency_id.round(whole_company * part / whole)
