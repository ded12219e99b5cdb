from odoo import fields, models


class ConstructionType(models.Model):
    _inherit = "construction.type"

    plan_template_id = fields.Many2one(
        "construction.plan.template",
        string="Payment Plan",
        check_company=True,
        index="btree_not_null",
        help="The payment plan proposed on contracts of this type.",
    )
    contract_template_id = fields.Many2one(
        "construction.contract.template",
        check_company=True,
        help="The text and the terms proposed on contracts of this type.",
    )
    sequence_id = fields.Many2one(
        "ir.sequence",
        string="Contract Numbering",
        help="Numbers contracts of this type. Empty: the common numbering of contracts.",
    )
    signed_copy = fields.Selection(
        [
            ("no", "Not expected"),
            ("warn", "Reminded of after signing"),
            ("block", "Needed to sign"),
        ],
        default="warn",
        required=True,
        help="Whether the signed paper, scanned, must stand among the documents of the contract.",
    )
    user_invoicing_id = fields.Many2one(
        "res.users",
        string="Invoiced By",
        domain="[('share', '=', False)]",
        help="Gets an activity when an instalment of such a contract becomes due. "
        "Empty: the person responsible for the contract.",
    )
