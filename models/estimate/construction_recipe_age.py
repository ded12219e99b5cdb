from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from .construction_recipe_cost import COST_GROUP
from .recipe_figures import RecipeFigures


class ConstructionRecipe(models.Model):
    """How old the costs are that a recipe rests on."""

    _inherit = "construction.recipe"

    oldest_cost_date = fields.Date(
        compute="_compute_oldest_cost",
        groups=COST_GROUP,
        help="The longest standing cost among the components, with those of the recipes inside.",
    )
    has_old_cost = fields.Boolean(
        string="Old Costs",
        compute="_compute_oldest_cost",
        search="_search_has_old_cost",
        groups=COST_GROUP,
        help="A component has had its cost longer than the company trusts costs.",
    )

    # === COMPUTE === #

    @api.depends("line_ids.product_id", "state", "company_id")
    def _compute_oldest_cost(self):
        saved = self.filtered(lambda recipe: isinstance(recipe.id, int))
        dates = saved._get_oldest_cost_dates()
        for recipe in self:
            date = dates.get(recipe._origin.id)
            recipe.oldest_cost_date = date
            recipe.has_old_cost = recipe.company_id._is_cost_old(date)

    def _search_has_old_cost(self, operator, value):
        if operator != "in":
            return NotImplemented
        # Nothing else asks before the answer tells of costs.
        self._check_field_access(self._fields["has_old_cost"], "read")
        recipes = self.search([("company_id", "in", self.env.companies.ids)])
        dates = recipes._get_oldest_cost_dates()
        found = [recipe.id for recipe in recipes if recipe.company_id._is_cost_old(dates.get(recipe.id))]
        return [("id", "in", found)]

    # === BUSINESS === #

    def _get_oldest_cost_dates(self):
        """Give the oldest date of a cost of each of these saved recipes: a dict of recipe id → date."""
        result = {}
        for company, recipes in self.grouped("company_id").items():
            figures = RecipeFigures(recipes)
            known = self.env["construction.component.cost"]._get_dates(set(figures.products.values()), company)
            result |= figures.oldest(known)
        return result


class ConstructionRecipeLine(models.Model):
    _inherit = "construction.recipe.line"

    cost_date = fields.Date(
        string="Cost Since",
        compute="_compute_cost_date",
        groups=COST_GROUP,
        help="The day from which the component has had its present cost, as far as it is known.",
    )
    has_old_cost = fields.Boolean(
        compute="_compute_cost_date",
        groups=COST_GROUP,
        export_string_translation=False,
    )

    @api.depends("product_id", "company_id")
    def _compute_cost_date(self):
        for company, lines in self.grouped("company_id").items():
            dates = self.env["construction.component.cost"]._get_dates(lines.product_id.ids, company)
            for line in lines:
                line.cost_date = dates.get(line.product_id._origin.id)
                line.has_old_cost = company._is_cost_old(line.cost_date)

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        for company, company_lines in lines.grouped("company_id").items():
            self.env["construction.component.cost"]._record_first(company_lines.product_id, company)
        return lines

    def write(self, vals):
        result = super().write(vals)
        if vals.get("product_id"):
            for company, lines in self.grouped("company_id").items():
                self.env["construction.component.cost"]._record_first(lines.product_id, company)
        return result


class ResCompany(models.Model):
    _inherit = "res.company"

    def _is_cost_old(self, date):
        """Tell whether a cost that has stood since a day is older than this company trusts costs."""
        months = self.construction_cost_months
        return bool(date and months and date < fields.Date.context_today(self) - relativedelta(months=months))
