from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    retention_account_id = fields.Many2one(
        "account.account",
        check_company=True,
        domain="[('account_type', '=', 'asset_receivable'), ('reconcile', '=', True)]",
        help="Receivable account of what clients keep back of invoices. Empty: the client's own receivable account.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    retention_account_id = fields.Many2one(related="company_id.retention_account_id", readonly=False)
