from odoo import fields, models

PRICE_SOURCES = [("catalogue", "Catalogue"), ("buildup", "Cost and markups")]


class ResCompany(models.Model):
    _inherit = "res.company"

    construction_price_source = fields.Selection(
        PRICE_SOURCES,
        string="Prices of Works From",
        default="catalogue",
        required=True,
        help="Catalogue: the sales prices and pricelists of the components. Cost and markups: what components cost, "
        "and the markups of the company or of the construction type. Each evaluation sheet can choose otherwise.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    construction_price_source = fields.Selection(related="company_id.construction_price_source", readonly=False)
