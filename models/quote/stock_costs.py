"""Costs and margins in stock's own records, for those of a group only.

Until the setting "Secret Costs" is on, every employee has that group and sees what he saw before.
A customer in the portal never has it.
"""

from odoo import fields, models

GROUP_STOCK_COST = "construction_crm.group_stock_cost"


class ProductTemplate(models.Model):
    _inherit = "product.template"

    standard_price = fields.Float(groups=GROUP_STOCK_COST)


class ProductProduct(models.Model):
    _inherit = "product.product"

    standard_price = fields.Float(groups=GROUP_STOCK_COST)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    margin = fields.Monetary(groups=GROUP_STOCK_COST)
    margin_percent = fields.Float(groups=GROUP_STOCK_COST)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    purchase_price = fields.Float(groups=GROUP_STOCK_COST)
    margin = fields.Float(groups=GROUP_STOCK_COST)
    margin_percent = fields.Float(groups=GROUP_STOCK_COST)

    def _add_precomputed_values(self, vals_list):
        # sudo: stock computes the cost of a new line whoever adds it, not for him to see.
        if not self.env.su and not self.env.user.has_group(GROUP_STOCK_COST):
            self = self.sudo()
        return super()._add_precomputed_values(vals_list)


class SaleReport(models.Model):
    _inherit = "sale.report"

    margin = fields.Float(groups=GROUP_STOCK_COST)
