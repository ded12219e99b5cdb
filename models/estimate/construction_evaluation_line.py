from odoo import api, fields, models

from ...core.estimate import formula
from .price_book import PRICE_GROUPS

# What the price of a row and the total of its sheet read of every row.
PREFETCHED_FIELDS = [
    "recipe_id",
    "parameter_values",
    "is_optional",
    "price_subtotal",
    "price_raw",
    "has_included_tax",
]


class ConstructionEvaluationLine(models.Model):
    """An item of an evaluation sheet: what is to be done, and how much of it."""

    _name = "construction.evaluation.line"
    _inherit = ["construction.evaluation.part"]
    _description = "Evaluation Sheet Item"
    _order = "evaluation_id, sequence, id"
    _rec_name = "name"
    _check_company_auto = True

    _quantity_not_negative = models.Constraint(
        "CHECK(quantity >= 0)",
        "The quantity of an item cannot be negative.",
    )

    evaluation_id = fields.Many2one(
        "construction.evaluation",
        string="Evaluation Sheet",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="evaluation_id.company_id")
    currency_id = fields.Many2one(related="evaluation_id.currency_id")
    state = fields.Selection(related="evaluation_id.state")
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        "product.product",
        string="Item",
        check_company=True,
        ondelete="restrict",
        index=True,
        domain="[('sale_ok', '=', True)]",
        help="Empty for a free item, which has only a description until a product is chosen for it.",
    )
    name = fields.Text(
        string="Description",
        compute="_compute_name",
        store=True,
        readonly=False,
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
    # This and the prices are not to be typed (see `_check_price_not_given`). They are readonly=False
    # all the same: in a form Odoo computes every readonly row again when one is edited.
    recipe_id = fields.Many2one(
        "construction.recipe",
        compute="_compute_recipe_id",
        store=True,
        readonly=False,
        copy=False,
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        help="The version of the recipe this item is priced by.",
    )
    # Stored: a sheet keeps the versions inside its recipes, as it keeps the recipes themselves.
    subrecipe_ids = fields.Many2many(
        "construction.recipe",
        "construction_evaluation_line_subrecipe_rel",
        string="Recipes Inside",
        compute="_compute_recipe_id",
        store=True,
        readonly=False,
        copy=False,
        export_string_translation=False,
    )
    parameter_values = fields.Char(
        string="Parameters",
        compute="_compute_parameter_values",
        store=True,
        readonly=False,
        help="Values of the parameters of the recipe: thickness = 12; spacing = 40",
    )
    price_unit = fields.Float(
        string="Unit Price",
        compute="_compute_price",
        store=True,
        readonly=False,
        copy=False,
        min_display_digits="Product Price",
        aggregator=None,
        groups=PRICE_GROUPS,
        help="Price of one unit from the pricelist; with a recipe, what its components come to.",
    )
    price_subtotal = fields.Monetary(
        string="Subtotal",
        compute="_compute_price",
        store=True,
        readonly=False,
        copy=False,
        groups=PRICE_GROUPS,
        help="Tax excluded.",
    )
    # A company that rounds per tax totals the exact amounts, as its orders do.
    price_raw = fields.Float(
        compute="_compute_price",
        store=True,
        readonly=False,
        copy=False,
        groups=PRICE_GROUPS,
        export_string_translation=False,
    )
    has_included_tax = fields.Boolean(
        compute="_compute_price",
        store=True,
        readonly=False,
        copy=False,
        export_string_translation=False,
        groups=PRICE_GROUPS,
    )

    # === COMPUTE === #

    @api.depends("product_id")
    def _compute_name(self):
        for line in self:
            lang = line.evaluation_id.partner_id.lang
            product = line.product_id.with_context(display_default_code=False)
            if product:
                line.name = (product.with_context(lang=lang) if lang else product).display_name
            else:
                line.name = line.name

    @api.depends("product_id")
    def _compute_uom_id(self):
        for line in self:
            product_unit = line.product_id.uom_id
            if not line.uom_id or (product_unit and not product_unit._has_common_reference(line.uom_id)):
                line.uom_id = product_unit or line._get_default_uom()

    @api.depends("product_id", "evaluation_id.company_id")
    def _compute_recipe_id(self):
        """Take the version active now; it stays when another is activated later."""
        lines = self.filtered(lambda line: not line.evaluation_id._is_locked())
        for company, company_lines in lines.grouped("company_id").items():
            recipes = self.env["construction.recipe"]._get_active_by_product(company_lines.product_id, company)
            found = self.env["construction.recipe"].browse(recipe.id for recipe in recipes.values())
            inner = found._get_inner_recipes()
            for line in company_lines:
                recipe = recipes.get(line.product_id.id, found.browse())
                line.recipe_id = recipe
                line.subrecipe_ids = inner.get(recipe, found.browse())

    @api.depends("recipe_id", "subrecipe_ids")
    def _compute_parameter_values(self):
        """Propose the usual values; those given already stay, as far as the recipe knows them."""
        for line in self:
            if line.evaluation_id._is_locked():
                continue
            own = line.recipe_id.parameter_ids
            values = line.recipe_id._get_parameter_values() if own else {}
            if line.parameter_values:
                known = {name.lower() for name in (own | line.subrecipe_ids.parameter_ids).mapped("name")}
                given = line._get_parameter_values()
                values |= {name: value for name, value in given.items() if name in known}
            line.parameter_values = (
                formula.format_values({name: value for name, value in values.items() if value is not None}) or False
            )

    @api.depends(
        "product_id",
        "quantity",
        "uom_id",
        "recipe_id",
        "subrecipe_ids",
        "parameter_values",
        "evaluation_id.price_source",
        "evaluation_id.markup_ids.percent",
        "evaluation_id.markup_ids.base",
        "evaluation_id.markup_ids.cost_nature",
        "evaluation_id.markup_ids.sequence",
        "evaluation_id.markup_ids.round_to",
        "evaluation_id.pricelist_id",
        "evaluation_id.fiscal_position_id",
        "evaluation_id.currency_id",
    )
    def _compute_price(self):
        for sheet, lines in self.grouped("evaluation_id").items():
            if sheet._is_locked():
                continue
            # One query for the sheet; the total needs every row of it anyway.
            sheet._origin.line_ids.fetch(PREFETCHED_FIELDS)
            parts_by_line = lines._get_parts()
            book = sheet._get_price_book(parts_by_line)
            libraries = lines.filtered(lambda line: not line.quantity)._get_libraries()
            for line in lines:
                line._set_price(parts_by_line[line], book, libraries.get(line))

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_price_not_given(vals)
            self._check_quantity_given(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_price_not_given(vals)
        self._check_quantity_given(vals)
        return super().write(vals)
