from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core.estimate import explosion, formula
from .product_template import COST_NATURES


class ConstructionRecipeLine(models.Model):
    """One component of a recipe."""

    _name = "construction.recipe.line"
    _description = "Recipe Component"
    _order = "recipe_id, sequence, id"
    _rec_name = "product_id"
    _check_company_auto = True

    recipe_id = fields.Many2one(
        "construction.recipe",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="recipe_id.company_id")
    currency_id = fields.Many2one(related="recipe_id.currency_id")
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        "product.product",
        string="Component",
        required=True,
        check_company=True,
        ondelete="restrict",
        index=True,
        domain="[('product_tmpl_id', '!=', parent.product_tmpl_id)]",
    )
    kind = fields.Selection(
        [("quantity", "Quantity"), ("percent", "Percentage")],
        string="Counted As",
        default="quantity",
        required=True,
        help="Quantity: so much of the component. Percentage: a share of what other components come to, "
        "such as 3 % auxiliary means; on a quote it is one line with that price.",
    )
    percent = fields.Float(string="Percentage (%)", digits=(16, 6))
    percent_base = fields.Selection(
        [("all", "All before it"), ("code", "Codes that begin with"), *COST_NATURES],
        string="Of",
        default="all",
        help="What the percentage is taken of: everything above this line, what above it has a reference that begins "
        "with the given letters, or all that is of one nature.",
    )
    percent_code = fields.Char(
        string="Code Begins With",
        help="The percentage counts the components above it whose internal reference begins with this.",
    )
    use_recipe = fields.Boolean(
        default=True,
        help="When the component has an active recipe, take what that recipe takes instead of the component itself.",
    )
    hours_per_unit = fields.Float(
        string="Hours per Unit",
        min_display_digits="Product Unit",
        help="Working or machine hours that one unit of the product takes; they make the quantity.",
    )
    quantity_formula = fields.Char(
        string="Formula",
        help="Works out the quantity from the parameters of the recipe, for example thickness / 100 * 1.05",
    )
    minimum_quantity = fields.Float(
        string="At Least",
        min_display_digits="Product Unit",
        help="The least quantity an item of an evaluation sheet takes, however small it is. It is left aside in "
        "the cost of one unit.",
    )
    # Consumptions are often small (0.003 h): keep what was typed, whatever the unit precision.
    quantity = fields.Float(
        min_display_digits="Product Unit",
        compute="_compute_quantity",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="Consumption for the quantity the recipe makes, before waste.",
    )
    uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        compute="_compute_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        ondelete="restrict",
    )
    waste_percent = fields.Float(
        string="Waste (%)",
        digits=(6, 2),
        help="What is cut off, spilt or broken, on top of the consumption.",
    )
    cost_nature = fields.Selection(
        COST_NATURES,
        string="Nature",
        compute="_compute_cost_nature",
        store=True,
        readonly=False,
        precompute=True,
        help="Labour sold by the hour becomes the planned hours of the project.",
    )

    # === COMPUTE === #

    @api.depends("product_id")
    def _compute_uom_id(self):
        for line in self:
            product_uom = line.product_id.uom_id
            if not line.uom_id or (product_uom and not product_uom._has_common_reference(line.uom_id)):
                line.uom_id = product_uom

    @api.depends("product_id")
    def _compute_cost_nature(self):
        for line in self:
            line.cost_nature = line.product_id._get_cost_nature()

    @api.depends(
        "hours_per_unit",
        "quantity_formula",
        "uom_id",
        "recipe_id.output_quantity",
        "recipe_id.parameter_ids.name",
        "recipe_id.parameter_ids.default",
    )
    def _compute_quantity(self):
        """Work the quantity out of a formula or of hours; what a person typed stays."""
        for line in self:
            line.quantity = line._get_worked_out_quantity() or line.quantity or 1.0

    # === CONSTRAINTS === #

    @api.constrains("product_id")
    def _check_product_id(self):
        for line in self:
            if line.product_id.product_tmpl_id == line.recipe_id.product_tmpl_id:
                raise ValidationError(
                    self.env._(
                        "%(product)s cannot be a component of its own recipe. Choose another product.",
                        product=line.product_id.display_name,
                    )
                )

    @api.constrains("product_id", "uom_id")
    def _check_uom_id(self):
        for line in self:
            product_uom = line.product_id.uom_id
            if not product_uom._has_common_reference(line.uom_id):
                raise ValidationError(
                    self.env._(
                        "Recipe of %(product)s: %(component)s is counted in %(product_unit)s, which "
                        "does not convert to %(unit)s. Choose a unit of the same kind.",
                        product=line.recipe_id.product_tmpl_id.display_name,
                        component=line.product_id.display_name,
                        product_unit=product_uom.display_name,
                        unit=line.uom_id.display_name,
                    )
                )

    @api.constrains("quantity", "waste_percent", "minimum_quantity", "hours_per_unit")
    def _check_quantity(self):
        for line in self:
            figures = (line.quantity, line.waste_percent, line.minimum_quantity, line.hours_per_unit)
            if line.quantity <= 0 or min(figures) < 0 or not all(map(explosion.is_usable_quantity, figures)):
                raise ValidationError(
                    self.env._(
                        "Recipe of %(product)s: %(component)s needs a quantity above zero and a waste "
                        "that is not negative.",
                        product=line.recipe_id.product_tmpl_id.display_name,
                        component=line.product_id.display_name,
                    )
                )

    @api.constrains("kind", "percent")
    def _check_percent(self):
        for line in self:
            if line.kind == "percent" and not 0 < line.percent <= 1000:
                raise ValidationError(
                    self.env._(
                        "Recipe of %(product)s: %(component)s is a percentage and must lie above 0 and at most "
                        "at 1000 %%.",
                        product=line.recipe_id.product_tmpl_id.display_name,
                        component=line.product_id.display_name,
                    )
                )

    @api.constrains("kind", "percent_base", "percent_code")
    def _check_percent_code(self):
        for line in self:
            if line.kind == "percent" and line.percent_base == "code" and not line.percent_code:
                raise ValidationError(
                    self.env._(
                        "Recipe of %(product)s: say with what the codes begin that %(component)s counts.",
                        product=line.recipe_id.product_tmpl_id.display_name,
                        component=line.product_id.display_name,
                    )
                )

    @api.constrains("quantity_formula")
    def _check_formula(self):
        for line in self.filtered("quantity_formula"):
            line._check_formula_names(set(line.recipe_id._get_parameter_values()))

    @api.constrains("hours_per_unit", "uom_id")
    def _check_hours_per_unit(self):
        lines = self.filtered("hours_per_unit")
        hour = lines and self.env.ref("uom.product_uom_hour")
        for line in lines:
            if not line.uom_id._has_common_reference(hour):
                raise ValidationError(
                    self.env._(
                        "Recipe of %(product)s: hours per unit are for components counted in time, and "
                        "%(component)s is counted in %(unit)s.",
                        product=line.recipe_id.product_tmpl_id.display_name,
                        component=line.product_id.display_name,
                        unit=line.uom_id.display_name,
                    )
                )

    @api.constrains("product_id", "use_recipe", "kind")
    def _check_nesting(self):
        self.recipe_id._check_nesting()

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        recipe_ids = {vals["recipe_id"] for vals in vals_list if vals.get("recipe_id")}
        self.env["construction.recipe"].browse(recipe_ids)._check_not_used()
        for vals in vals_list:
            self._check_figures_given(vals)
        lines = super().create(vals_list)
        lines.recipe_id._forget_costs()
        return lines

    def write(self, vals):
        recipes = self.recipe_id
        if vals.get("recipe_id"):
            recipes |= recipes.browse(vals["recipe_id"])
        recipes._check_not_used()
        self._check_figures_given(vals)
        result = super().write(vals)
        recipes._forget_costs()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self.recipe_id._check_not_used()
        self.recipe_id._forget_costs()

    # === BUSINESS === #

    def _is_made_by_recipe(self):
        """Tell whether the component is to be taken apart when it has a recipe."""
        return self.use_recipe and self.kind == "quantity"

    def _get_percent_base(self):
        """Give the base of a percentage as `core.estimate.explosion` has it."""
        if self.percent_base == "code":
            return explosion.CODE + (self.percent_code or "")
        return self.percent_base or explosion.ALL_BEFORE

    def _get_product_cost(self, known=None):
        """Give the cost of one unit of the component as it is bought: as `known` by product id, or today's."""
        product = self.product_id.with_company(self.company_id)
        cost = known[product.id][0] if known and product.id in known else product.standard_price
        return product.uom_id._compute_price(cost, self.uom_id) if cost else 0.0

    def _get_worked_out_quantity(self):
        """Give what the formula or the hours make, zero when there is neither."""
        if self.quantity_formula:
            try:
                values = self.recipe_id._get_parameter_values(usual=True)
                return float(formula.parse(self.quantity_formula).evaluate(values))
            except formula.FormulaError:
                return 0.0  # saving says what is wrong with it
        if self.hours_per_unit and self.uom_id:
            hour = self.env.ref("uom.product_uom_hour")
            hours = self.hours_per_unit * (self.recipe_id.output_quantity or 1.0)
            return hour._compute_quantity(hours, self.uom_id, round=False, raise_if_failure=False)
        return 0.0

    def _check_figures_given(self, vals):
        """Refuse what is no number before the ORM rounds it, which fails on it."""
        for name in ("quantity", "waste_percent", "minimum_quantity", "hours_per_unit", "percent"):
            if not explosion.is_usable_quantity(vals.get(name) or 0.0):
                raise ValidationError(
                    self.env._("A quantity or waste of a recipe is too large to be true. Check what was typed.")
                )
