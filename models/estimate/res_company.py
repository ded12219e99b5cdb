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
    construction_cost_months = fields.Integer(
        string="Costs Are Old After (Months)",
        default=12,
        help="Recipes mark components whose cost was set longer ago. Zero: never.",
    )

    _construction_cost_months_not_negative = models.Constraint(
        "CHECK(construction_cost_months >= 0)",
        "Costs cannot be old before they are set: give a number of months of zero or more.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    construction_price_source = fields.Selection(related="company_id.construction_price_source", readonly=False)
    construction_cost_months = fields.Integer(related="company_id.construction_cost_months", readonly=False)
