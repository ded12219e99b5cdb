from odoo import fields, models


class ConstructionPlanChange(models.Model):
    """What moved in the payment plan of a signed contract, and why: an audit record nobody edits."""

    _name = "construction.plan.change"
    _description = "Change of a Payment Plan"
    _order = "id desc"

    contract_id = fields.Many2one("construction.contract", required=True, readonly=True, ondelete="cascade", index=True)
    # record rules of companies read it
    company_id = fields.Many2one(related="contract_id.company_id", store=True)
    currency_id = fields.Many2one(related="contract_id.currency_id")
    user_id = fields.Many2one("res.users", string="By", readonly=True, required=True)
    date = fields.Datetime(string="When", readonly=True, required=True, default=fields.Datetime.now)
    reason = fields.Char(readonly=True, required=True)
    amount_before = fields.Monetary(string="Contract Before", readonly=True)
    amount_after = fields.Monetary(string="Contract After", readonly=True)
    content = fields.Html(string="What Moved", readonly=True, help="The rows that changed, before and after.")
