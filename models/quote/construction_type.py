from odoo import fields, models


class ConstructionType(models.Model):
    _inherit = "construction.type"

    quote_template_id = fields.Many2one(
        "sale.order.template",
        string="Quotation Template",
        # stock gives templates a company, types have none
        company_dependent=True,
        check_company=True,
        ondelete="restrict",
        help="Quotes of these deals take their terms, validity, signature and payment from it; those made by hand "
        "its lines, too. Empty: what the company uses.",
    )
