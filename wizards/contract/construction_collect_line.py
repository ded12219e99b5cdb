from odoo import api, fields, models


class ConstructionCollectLine(models.TransientModel):
    """The part of what was received that one instalment gets."""

    _name = "construction.collect.line"
    _description = "Part of a Collection"

    collect_id = fields.Many2one("construction.collect", required=True, ondelete="cascade", index=True)
    instalment_id = fields.Many2one("construction.instalment", required=True, readonly=True)
    contract_id = fields.Many2one(related="instalment_id.contract_id")
    currency_id = fields.Many2one(related="collect_id.currency_id")
    state = fields.Selection(related="instalment_id.state")
    date_claim = fields.Date(string="Due", compute="_compute_left")
    amount_left = fields.Monetary(string="Left to Collect", compute="_compute_left")
    amount = fields.Monetary(compute="_compute_amount", store=True, readonly=False)

    # === COMPUTE === #

    @api.depends("instalment_id", "collect_id.currency_id", "collect_id.date", "collect_id.is_retention_paid")
    def _compute_left(self):
        for line in self:
            row = line.instalment_id.sudo()  # salespeople see what is left, not the invoices it is read from
            line.date_claim = row._get_claim_date() if row.date_due or row.invoice_ids else False
            collect = line.collect_id
            line.amount_left = row._get_amount_to_collect(line.currency_id, collect.date, collect.is_retention_paid)

    @api.depends(
        "instalment_id",
        "collect_id.amount",
        "collect_id.currency_id",
        "collect_id.date",
        "collect_id.is_retention_paid",
    )
    def _compute_amount(self):
        """Propose the split: oldest due first, until the money is used up."""
        for collect, lines in self.grouped("collect_id").items():
            left = collect.amount
            lines = collect.line_ids | lines
            for line in lines.sorted(lambda line: (line.instalment_id._get_claim_date(), line.instalment_id.id)):
                share = line.amount_left if collect.is_several_clients else min(line.amount_left, max(left, 0.0))
                if line in self:
                    currency = line.currency_id or self.env.company.currency_id
                    line.amount = currency.round(share)
                left -= share
