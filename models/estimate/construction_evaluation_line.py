from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...core.estimate import explosion, formula, pricing
from .price_book import PRICE_FIELDS, PRICE_GROUPS
from .recipe_library import RecipeLibrary

# What the price of a row and the total of its sheet read of every row.
PREFETCHED_FIELDS = ["recipe_id", "parameter_values", "price_subtotal", "price_raw", "has_included_tax"]


class ConstructionEvaluationLine(models.Model):
    """An item of an evaluation sheet: what is to be done, and how much of it."""

    _name = "construction.evaluation.line"
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
        required=True,
        check_company=True,
        ondelete="restrict",
        index=True,
        domain="[('sale_ok', '=', True)]",
    )
    name = fields.Text(
        string="Description",
        compute="_compute_name",
        store=True,
        readonly=False,
    )
    zone = fields.Char(help="Where on the site: a room, a floor, a façade.")
    quantity = fields.Float(digits="Product Unit", default=0.0, required=True)
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
            line.name = (product.with_context(lang=lang) if lang else product).display_name

    @api.depends("product_id")
    def _compute_uom_id(self):
        for line in self:
            product_uom = line.product_id.uom_id
            if not line.uom_id or (product_uom and not product_uom._has_common_reference(line.uom_id)):
                line.uom_id = product_uom

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

    # === CONSTRAINTS === #

    @api.constrains("product_id", "uom_id")
    def _check_uom_id(self):
        for line in self:
            product_uom = line.product_id.uom_id
            if not product_uom._has_common_reference(line.uom_id):
                raise ValidationError(
                    self.env._(
                        "%(item)s is counted in %(product_unit)s, which does not convert to %(unit)s. "
                        "Choose a unit of the same kind.",
                        item=line.product_id.display_name,
                        product_unit=product_uom.display_name,
                        unit=line.uom_id.display_name,
                    )
                )

    @api.constrains("recipe_id", "product_id")
    def _check_recipe_id(self):
        for line in self:
            recipe = line.recipe_id
            if recipe and recipe.product_tmpl_id != line.product_id.product_tmpl_id:
                raise ValidationError(
                    self.env._(
                        "The recipe %(recipe)s does not make %(item)s.",
                        recipe=recipe.display_name,
                        item=line.product_id.display_name,
                    )
                )

    @api.constrains("parameter_values")
    def _check_parameter_values(self):
        for line in self.filtered("parameter_values"):
            try:
                formula.parse_values(line.parameter_values)
            except formula.ValuesError as error:
                raise ValidationError(
                    self.env._(
                        "%(item)s: “%(text)s” is not understood. Write the parameters as “thickness = 12; "
                        "spacing = 40”.",
                        item=line.product_id.display_name,
                        text=error.detail,
                    )
                ) from error

    @api.constrains("quantity")
    def _check_quantity(self):
        for line in self:
            if line.quantity < 0:
                raise ValidationError(
                    self.env._(
                        "The quantity of %(item)s cannot be negative.",
                        item=line.product_id.display_name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        sheet_ids = {vals["evaluation_id"] for vals in vals_list if vals.get("evaluation_id")}
        self.env["construction.evaluation"].browse(sheet_ids)._check_lines_writable()
        for vals in vals_list:
            self._check_price_not_given(vals)
            self._check_quantity_given(vals)
        return super().create(vals_list)

    def write(self, vals):
        sheets = self.evaluation_id
        if vals.get("evaluation_id"):
            sheets |= sheets.browse(vals["evaluation_id"])
        sheets._check_lines_writable()
        self._check_price_not_given(vals)
        self._check_quantity_given(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_final(self):
        self.evaluation_id._check_lines_writable()

    # === BUSINESS === #

    def _explode(self):
        """List what each item will be on a quote: its components, or the item itself.

        :return: a dict of line → list of dicts shaped as those of `construction.recipe.explode`;
            an item without a recipe gives itself, with an empty `recipe_line`
        """
        exploded = self._get_parts()
        for line, parts in exploded.items():
            if not line.recipe_id:
                parts[0]["nature"] = line.product_id._get_cost_nature()
        return exploded

    def _get_parts(self):
        """What `_explode` gives, without the nature of items that have no recipe."""
        digits = self.env["construction.recipe"]._get_quantity_digits()
        libraries = self._get_libraries()
        return {line: line._get_parts_of(line.quantity, digits, libraries.get(line)) for line in self}

    def _get_parts_of(self, quantity, digits, library, minimums=True):
        """List what a quantity of the item takes; nothing where its recipe cannot tell (see `_get_faults`)."""
        self.ensure_one()
        if not self.recipe_id:
            return [
                {
                    "recipe_line": self.env["construction.recipe.line"],
                    "recipe": self.recipe_id,
                    "product": self.product_id,
                    "quantity": quantity,
                    "exact_quantity": quantity,
                    "uom": self.uom_id,
                    "nature": False,
                    "section": None,
                    "percent": None,
                    "base": (),
                    "order": 0,
                }
            ]
        if not explosion.is_usable_quantity(quantity):
            return []
        # Unrounded: only what a line of the quote will hold is rounded.
        quantity = self.uom_id._compute_quantity(quantity, self.recipe_id.uom_id, round=False)
        try:
            return self.recipe_id._get_components(quantity, digits, library, self._get_parameter_values(), minimums)
        except ValidationError:
            return []

    def _get_libraries(self):
        """Read the recipes of all items at once, each with the versions its item keeps.

        :return: a dict of line → `RecipeLibrary`, for the items that have a recipe
        """
        lines = self.filtered("recipe_id")
        lines.subrecipe_ids.line_ids.fetch(["product_id"])
        return {
            line: library
            for inner, alike in lines.grouped("subrecipe_ids").items()
            for library in [RecipeLibrary(alike.recipe_id, pinned=inner._origin)]
            for line in alike
        }

    def _get_parameter_values(self):
        """Give the values typed for the parameters of the recipe; none while they make no sense."""
        self.ensure_one()
        try:
            return formula.parse_values(self.parameter_values)
        except formula.ValuesError:
            return {}

    def _set_price(self, components, book, library):
        """Store the price of the item from its priced components."""
        self.ensure_one()
        parts = [part for part in components if part["product"] and part["uom"]]
        amounts = [priced.amount for priced in book.price_parts(parts)]
        unit_price = 0.0 if self.quantity else self._get_price_of_one(book, library)
        price = pricing.item_price(amounts, self.quantity, unit_price, book.currency.round)
        self.price_unit = price.unit
        self.price_subtotal = price.subtotal
        self.price_raw = price.raw
        self.has_included_tax = any(book.has_included_tax(part["product"]) for part in parts)

    def _get_price_of_one(self, book, library):
        """Price one unit of an item that has no quantity yet, so that the list shows it."""
        digits = self.env["construction.recipe"]._get_quantity_digits()
        parts = self._get_parts_of(1.0, digits, library, minimums=False)
        parts = [dict(part, quantity=part["exact_quantity"]) for part in parts if part["product"] and part["uom"]]
        return sum(priced.amount.raw for priced in book.price_parts(parts, is_rounded=False))

    def _check_quantity_given(self, vals):
        """Refuse what is no quantity before the ORM rounds it, which fails on it."""
        if not explosion.is_usable_quantity(vals.get("quantity") or 0.0):
            product = self.product_id[:1] or self.product_id.browse(vals.get("product_id"))
            raise ValidationError(
                self.env._(
                    "The quantity of %(item)s is too large to be true. Check what was typed.",
                    item=product.display_name,
                )
            )

    def _check_price_not_given(self, vals):
        if PRICE_FIELDS.intersection(vals):
            raise UserError(
                self.env._("The prices of an evaluation sheet come from the catalogue and cannot be typed.")
            )
