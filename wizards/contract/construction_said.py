from odoo import api, fields, models


class ConstructionSaid(models.TransientModel):
    """What the client said about instalments: a promise, a dispute, its end. Models do, this only asks."""

    _name = "construction.said"
    _description = "What the Client Said"

    kind = fields.Selection(
        [("promise", "Promise to pay"), ("dispute", "Dispute"), ("settled", "Dispute settled")],
        required=True,
        readonly=True,
    )
    instalment_ids = fields.Many2many("construction.instalment", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    date = fields.Date(string="Promised For", default=lambda self: self._default_date())
    amount = fields.Monetary(
        string="Promised Amount",
        help="Leave empty when all that is open was promised.",
    )
    promised_by = fields.Char(help="Who said so on the client's side.")
    note = fields.Text()

    def _default_date(self):
        return fields.Date.add(fields.Date.context_today(self), days=7)

    @api.depends("instalment_ids")
    def _compute_currency_id(self):
        for wizard in self:
            currencies = wizard.instalment_ids.currency_id
            wizard.currency_id = currencies if len(currencies) == 1 else False

    def action_record(self):
        """Record it on every instalment chosen.

        :raises UserError: nothing is open, or something is missing
        """
        self.ensure_one()
        if self.kind == "promise":
            amount = self.amount if len(self.instalment_ids) == 1 else 0.0
            self.instalment_ids._record_promise(self.date, amount, self.promised_by, self.note)
        elif self.kind == "dispute":
            self.instalment_ids._record_dispute(self.note)
        else:
            self.instalment_ids._settle_dispute(self.note)
        return {"type": "ir.actions.act_window_close"}
