from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    construction_stage_id = fields.Many2one(
        "project.project.stage",
        string="Stage of Works",
        index="btree_not_null",
        ondelete="set null",
        help="Stage of the project in which this item is built: the task of its chapter lands there.",
    )
    trade_id = fields.Many2one(
        "construction.trade",
        index="btree_not_null",
        ondelete="set null",
        help="The trade of this labour: its hours need a crew of this trade.",
    )
