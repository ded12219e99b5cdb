from odoo import api, fields, models

from .recipe_library import RecipeLibrary


class ConstructionComponentCost(models.Model):
    """What a component cost from a day on."""

    _name = "construction.component.cost"
    _description = "Component Cost"
    _order = "date desc, id desc"
    _rec_name = "product_id"

    product_id = fields.Many2one("product.product", required=True, index=True, ondelete="cascade", readonly=True)
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    date = fields.Date(required=True, default=fields.Date.context_today, readonly=True)
    cost = fields.Float(min_display_digits="Product Price", readonly=True)

    @api.model
    def _record(self, products):
        """Note today's costs of those products that are components of a recipe."""
        components = (
            self.env["construction.recipe.line"]
            .sudo()
            ._read_group(  # of whoever's recipe
                [("product_id", "in", products.ids)], ["product_id"]
            )
        )
        # sudo: whoever may change a cost makes its history.
        self.sudo().create(
            [
                {
                    "product_id": product.id,
                    "company_id": self.env.company.id,
                    "cost": product.sudo().with_company(self.env.company).standard_price,
                }
                for (product,) in components
            ]
        )

    @api.model
    def _record_dated(self, company, costs):
        """Note costs from a day on; another cost of the same day is replaced.

        :param costs: list of `(product, cost, date)`
        """
        products = self.env["product.product"].union(*(product for product, _cost, _date in costs))
        days = {date for _product, _cost, date in costs}
        # sudo: whoever may change a cost makes its history.
        rows_sudo = self.sudo().search(
            [("product_id", "in", products.ids), ("company_id", "=", company.id), ("date", "in", list(days))]
        )
        known = {(row.product_id.id, row.date): row for row in rows_sudo}
        vals_list = []
        for product, cost, date in costs:
            row = known.get((product.id, date))
            if not row:
                vals_list.append({"product_id": product.id, "company_id": company.id, "date": date, "cost": cost})
            elif row.cost != cost:
                row.cost = cost
        self.sudo().create(vals_list)  # sudo: as above

    @api.model
    def _get_costs_at(self, products, company, date):
        """Give what products cost on a day; those without a history then are left out.

        :return: a dict of product id → `(cost, date)`
        """
        rows = self.search(
            [("product_id", "in", products.ids), ("company_id", "=", company.id), ("date", "<=", date)],
            order="date, id",
        )
        return {row.product_id.id: (row.cost, row.date) for row in rows}


class ConstructionRecipe(models.Model):
    _inherit = "construction.recipe"

    def _get_unit_cost_at(self, date):
        """Give what one unit of the product cost on a day; components without a history at today's cost."""
        self.ensure_one()
        library = RecipeLibrary(self)
        products = (self | library.inner_recipes).line_ids.product_id
        costs = self.env["construction.component.cost"]._get_costs_at(products, self.company_id, date)
        costing = library.costing(costs)
        return costing.unit_cost(self.id, self._get_parameter_values(usual=True))


class ConstructionRecipeLine(models.Model):
    _inherit = "construction.recipe.line"

    cost_date = fields.Date(
        string="Cost Since",
        compute="_compute_cost_date",
        groups="construction_crm.group_cost",
        help="The day from which the component has had its present cost, as far as it is known.",
    )

    @api.depends("product_id", "company_id")
    def _compute_cost_date(self):
        for company, lines in self.grouped("company_id").items():
            costs = self.env["construction.component.cost"]._get_costs_at(
                lines.product_id, company, fields.Date.context_today(self)
            )
            for line in lines:
                line.cost_date = costs.get(line.product_id.id, (0.0, False))[1]
