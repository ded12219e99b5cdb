from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    construction_auto_remind = fields.Boolean(
        string="Send Reminders by Themselves",
        help="The daily job sends the reminders by mail that are ripe. Off: it only proposes them as activities.",
    )
    construction_overdue_limit = fields.Monetary(
        string="Overdue Limit",
        help="Warn on deals, contracts and projects when more than this is overdue. Zero: no limit.",
    )
    construction_overdue_days = fields.Integer(
        string="Overdue Limit (Days)",
        help="Warn on deals, contracts and projects when money is overdue for more days. Zero: no limit.",
    )
    construction_commission_basis = fields.Selection(
        [("invoiced", "What was invoiced"), ("collected", "What was collected")],
        default="collected",
        required=True,
    )

    _construction_overdue_not_negative = models.Constraint(
        "CHECK(construction_overdue_limit >= 0 AND construction_overdue_days >= 0)",
        "The limits of overdue money cannot be negative.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    construction_auto_remind = fields.Boolean(related="company_id.construction_auto_remind", readonly=False)
    construction_overdue_limit = fields.Monetary(
        related="company_id.construction_overdue_limit", readonly=False, currency_field="currency_id"
    )
    construction_overdue_days = fields.Integer(related="company_id.construction_overdue_days", readonly=False)
    construction_commission_basis = fields.Selection(
        related="company_id.construction_commission_basis", readonly=False, required=True
    )
