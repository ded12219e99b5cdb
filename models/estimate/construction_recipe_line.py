from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core.estimate import explosion
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
    # Consumptions are often small (0.003 h): keep what was typed, whatever the unit precision.
    quantity = fields.Float(
        min_display_digits="Product Unit",
        default=1.0,
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
    unit_cost = fields.Float(
        compute="_compute_unit_cost",
        min_display_digits="Product Price",
        groups="construction_crm.group_cost",
        help="Today's cost of one unit of the component.",
    )
    subtotal = fields.Float(
        string="Cost",
        compute="_compute_subtotal",
        min_display_digits="Product Price",
        groups="construction_crm.group_cost",
        help="Cost of the component in the quantity the recipe makes, waste included.",
    )

    # === COMPUTE === #

    @api.depends("product_id")
    def _compute_uom_id(self):
        for line in self:
            product_uom = line.product_id.uom_id
            if not line.uom_id or (
                product_uom and not product_uom._has_common_reference(line.uom_id)
            ):
                line.uom_id = product_uom

    @api.depends("product_id")
    def _compute_cost_nature(self):
        for line in self:
            line.cost_nature = line.product_id._get_cost_nature()

    @api.depends("product_id.standard_price", "product_id.uom_id", "uom_id", "company_id")
    @api.depends_context("company")
    def _compute_unit_cost(self):
        for line in self:
            product = line.product_id.with_company(line.company_id)
            cost = product.standard_price
            line.unit_cost = product.uom_id._compute_price(cost, line.uom_id) if cost else 0.0

    @api.depends("quantity", "waste_percent", "unit_cost")
    def _compute_subtotal(self):
        for line in self:
            line.subtotal = line.quantity * (1 + line.waste_percent / 100) * line.unit_cost

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

    @api.constrains("quantity", "waste_percent")
    def _check_quantity(self):
        for line in self:
            figures = (line.quantity, line.waste_percent)
            if (
                line.quantity <= 0
                or line.waste_percent < 0
                or not all(map(explosion.is_usable_quantity, figures))
            ):
                raise ValidationError(
                    self.env._(
                        "Recipe of %(product)s: %(component)s needs a quantity above zero and a waste "
                        "that is not negative.",
                        product=line.recipe_id.product_tmpl_id.display_name,
                        component=line.product_id.display_name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        recipe_ids = {vals["recipe_id"] for vals in vals_list if vals.get("recipe_id")}
        self.env["construction.recipe"].browse(recipe_ids)._check_not_used()
        for vals in vals_list:
            self._check_figures_given(vals)
        return super().create(vals_list)

    def write(self, vals):
        recipes = self.recipe_id
        if vals.get("recipe_id"):
            recipes |= recipes.browse(vals["recipe_id"])
        recipes._check_not_used()
        self._check_figures_given(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self.recipe_id._check_not_used()

    # === BUSINESS === #

    def _check_figures_given(self, vals):
        """Refuse what is no number before the ORM rounds it, which fails on it."""
        for name in ("quantity", "waste_percent"):
            if not explosion.is_usable_quantity(vals.get(name) or 0.0):
                raise ValidationError(
                    self.env._(
                        "A quantity or waste of a recipe is too large to be true. Check what was "
                        "typed."
                    )
                )
