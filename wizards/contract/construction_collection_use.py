from odoo import api, fields, models


class ConstructionCollectionUse(models.TransientModel):
    """Which instalment money that no invoice took yet shall pay."""

    _name = "construction.collection.use"
    _description = "Use Money on Account"

    collection_id = fields.Many2one("construction.collection", required=True, readonly=True)
    contract_id = fields.Many2one(related="collection_id.contract_id")
    partner_id = fields.Many2one(related="collection_id.partner_id")
    currency_id = fields.Many2one(related="collection_id.currency_id")
    amount_open = fields.Monetary(string="Not Matched Yet", compute="_compute_amount_open")
    instalment_id = fields.Many2one(
        "construction.instalment",
        string="Use On",
        domain="[('partner_id', '=', partner_id), ('state', 'not in', ('collected', 'cancelled')),"
        " ('contract_id.state', 'in', ('signed', 'running', 'completed'))]",
        help="An instalment of this client. Empty: keep it on account of the contract.",
    )
    amount = fields.Monetary(compute="_compute_amount", store=True, readonly=False)

    # === COMPUTE === #

    @api.depends("collection_id")
    def _compute_amount_open(self):
        for wizard in self:
            collection = wizard.collection_id
            shares = collection.payment_id._share_open_amount()
            wizard.amount_open = shares.get(collection._origin, (0.0, 0.0))[0]

    @api.depends("collection_id", "instalment_id")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.amount_open
            if wizard.instalment_id:
                left = wizard.instalment_id._get_amount_to_collect(wizard.currency_id, wizard.collection_id.date)
                wizard.amount = min(wizard.amount_open, left)

    # === ACTION === #

    def action_use(self):
        """Move the money; what the instalment has invoiced is paid at once.

        :raises AccessError: without invoicing rights
        :raises UserError: more than is open, or than the instalment asks for
        """
        self.ensure_one()
        collection, instalment = self.collection_id, self.instalment_id
        collection.contract_id._check_invoicing_rights()
        (instalment or collection.contract_id)._lock_rows()
        if instalment:
            instalment._check_can_collect()
            instalment._check_amount_to_collect(self.amount, self.currency_id, collection.date)
        collection._use_on(instalment.contract_id or collection.contract_id, instalment, self.amount)._match()
        return {"type": "ir.actions.act_window_close"}
