from odoo import fields, models

COST_NATURES = [
    ("material", "Material"),
    ("labour", "Labour"),
    ("equipment", "Equipment"),
    ("subcontract", "Subcontract"),
    ("transport", "Transport"),
    ("other", "Other"),
]


class ProductTemplate(models.Model):
    _inherit = "product.template"

    cost_nature = fields.Selection(
        COST_NATURES,
        help="What this product is in a recipe. Labour sold by the hour becomes the planned hours of the project.",
    )
