from odoo import fields, models


class ConstructionType(models.Model):
    _inherit = "construction.type"

    plan_template_id = fields.Many2one(
        "construction.plan.template",
        string="Payment Plan",
        check_company=True,
        help="The payment plan proposed on contracts of this type.",
    )
    user_invoicing_id = fields.Many2one(
        "res.users",
        string="Invoiced By",
        domain="[('share', '=', False)]",
        help="Gets an activity when an instalment of such a contract becomes due. "
        "Empty: the person responsible for the contract.",
    )
