from odoo import api, fields, models
from odoo.tools import SQL

from .recipe_figures import RecipeFigures


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
        # sudo: of whoever's recipe
        lines_sudo = self.env["construction.recipe.line"].sudo()
        components = lines_sudo._read_group([("product_id", "in", products.ids)], ["product_id"])
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
    def _record_first(self, products, company):
        """Begin the history of products that become components: their cost has stood since their last change at least.

        One query, whatever their number.
        """
        products.flush_recordset(["standard_price"])
        self.flush_model()
        # SQL: the components of a library are begun by the dozen thousand.
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO construction_component_cost
                       (product_id, company_id, date, cost, create_uid, create_date, write_uid, write_date)
                SELECT product.id, %(company)s, product.write_date::date,
                       (product.standard_price->>%(company)s::text)::float,
                       %(user)s, now() AT TIME ZONE 'UTC', %(user)s, now() AT TIME ZONE 'UTC'
                  FROM product_product product
                 WHERE product.id IN %(products)s
                   AND (product.standard_price->>%(company)s::text)::float > 0
                   AND NOT EXISTS (
                           SELECT FROM construction_component_cost cost
                            WHERE cost.product_id = product.id AND cost.company_id = %(company)s
                       )
                """,
                company=company.id,
                user=self.env.uid,
                products=tuple(products.ids),
            )
        )
        self.invalidate_model()

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
        rows = self.search_fetch(
            [("product_id", "in", products.ids), ("company_id", "=", company.id), ("date", "<=", date)],
            ["product_id", "cost", "date"],
            order="date, id",
        )
        return {row.product_id.id: (row.cost, row.date) for row in rows}

    @api.model
    def _get_dates(self, product_ids, company):
        """Give the day from which each product has had its present cost, as far as it is known.

        :return: a dict of product id → date
        """
        groups = self._read_group(
            [
                ("product_id", "in", list(product_ids)),
                ("company_id", "=", company.id),
                ("date", "<=", fields.Date.context_today(self)),
            ],
            ["product_id"],
            ["date:max"],
        )
        return {product.id: date for product, date in groups}


class ConstructionRecipe(models.Model):
    _inherit = "construction.recipe"

    def _get_known_costs(self, date, source="history"):
        """Give what the components of these recipes of one company, and of those inside, cost on a day.

        :param source: "history", the costs kept here, or "vendor", the price lists of vendors valid on that day
        :return: a dict of product id → cost of one unit, without those nothing is known of
        """
        figures = RecipeFigures(self)
        products = self.env["product.product"].browse(set(figures.products.values()))
        return products._get_known_costs(self.company_id or self.env.company, date, source)
