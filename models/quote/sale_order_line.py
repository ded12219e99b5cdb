from odoo import fields, models

from ..estimate.product_template import COST_NATURES


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    chapter_number = fields.Char(string="No.", copy=True)
    chapter_product_id = fields.Many2one(
        "product.product",
        string="Chapter Item",
        check_company=True,
        help="The item of the catalogue this chapter builds.",
    )
    chapter_quantity = fields.Float(digits="Product Unit")
    chapter_uom_id = fields.Many2one("uom.uom", string="Chapter Unit")
    cost_nature = fields.Selection(COST_NATURES)
