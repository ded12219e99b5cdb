from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    construction_secret_costs = fields.Boolean(
        string="Secret Costs",
        help="Hide the cost of products and the cost and margin of quotes from everyone who may not see "
        "the costs of works.",
    )

    @api.model
    def get_values(self):
        values = super().get_values()
        everyone, stock_cost = self._get_cost_groups()
        values["construction_secret_costs"] = stock_cost not in everyone.all_implied_ids
        return values

    def set_values(self):  # pylint: disable=missing-return
        super().set_values()
        # sudo: who may save the settings may set this one, as with the groups of stock.
        everyone, stock_cost = (group.sudo() for group in self._get_cost_groups())
        if self.construction_secret_costs:
            everyone._remove_group(stock_cost)
        else:
            everyone._apply_group(stock_cost)

    @api.model
    def _get_cost_groups(self):
        """Give the group of every employee and the group that sees costs in stock's own records."""
        return self.env.ref("base.group_user"), self.env.ref("construction_crm.group_stock_cost")
