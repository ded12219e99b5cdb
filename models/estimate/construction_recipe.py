from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...core.estimate import explosion
from .recipe_library import RecipeLibrary

# Fields a version may change after it has been used: where it stands, never what it says.
_BOOKKEEPING_FIELDS = {"state"}
# More recipes than this are activated as one: a library that was read in, not a person's choice of versions.
MANY = 100


class ConstructionRecipe(models.Model):
    """The unit-price analysis of a product: what goes into making it."""

    _name = "construction.recipe"
    _description = "Recipe"
    _inherit = ["mail.thread"]
    _order = "product_tmpl_id, version desc, id desc"
    _rec_names_search = ["product_tmpl_id.name", "product_tmpl_id.default_code"]
    _check_company_auto = True

    _one_active_version = models.UniqueIndex(
        "(product_tmpl_id, company_id) WHERE state = 'active'",
        "This product has an active recipe already. Archive it, or activate this one with its button.",
    )
    _version_unique = models.UniqueIndex(
        "(product_tmpl_id, company_id, version) WHERE version > 0",
        "This product has a recipe of this version already.",
    )
    _output_quantity_positive = models.Constraint(
        "CHECK(output_quantity > 0)",
        "A recipe must make a quantity above zero.",
    )

    product_tmpl_id = fields.Many2one(
        "product.template",
        string="Product",
        required=True,
        check_company=True,
        ondelete="restrict",
        index=True,
        help="What this recipe makes.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    version = fields.Integer(readonly=True, copy=False)
    state = fields.Selection(
        [("draft", "Draft"), ("active", "Active"), ("archived", "Archived")],
        default="draft",
        required=True,
        index=True,
        tracking=True,
        help="The active version is the one evaluation sheets use.",
    )
    output_quantity = fields.Float(
        string="Makes",
        digits="Product Unit",
        default=1.0,
        required=True,
        help="The quantities of the components are for this much of the product.",
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
        help="The unit of what the recipe makes. It must measure the same thing as the product's unit.",
    )
    # Before the components: Odoo makes them in this order, and formulas need their parameters.
    parameter_ids = fields.One2many(
        "construction.recipe.parameter",
        "recipe_id",
        string="Parameters",
        copy=True,
        help="Measures the formulas of the components refer to.",
    )
    line_ids = fields.One2many(
        "construction.recipe.line",
        "recipe_id",
        string="Components",
        copy=True,
    )
    is_used = fields.Boolean(
        compute="_compute_is_used",
        export_string_translation=False,
    )
    note = fields.Html(string="Notes")

    # === COMPUTE === #

    @api.depends("product_tmpl_id")
    def _compute_uom_id(self):
        for recipe in self:
            product_unit = recipe.product_tmpl_id.uom_id
            if not recipe.uom_id or not product_unit._has_common_reference(recipe.uom_id):
                recipe.uom_id = product_unit

    def _compute_is_used(self):
        used_ids = self._get_used_ids()
        for recipe in self:
            recipe.is_used = recipe._origin.id in used_ids

    @api.depends("product_tmpl_id", "version")
    def _compute_display_name(self):
        for recipe in self:
            product = recipe.product_tmpl_id.display_name
            # numbered when it is saved
            if product and recipe.version:
                product = self.env._("%(product)s (version %(version)s)", product=product, version=recipe.version)
            recipe.display_name = product or self.env._("New")

    # === CONSTRAINTS === #

    @api.constrains("product_tmpl_id", "uom_id")
    def _check_uom_id(self):
        for recipe in self:
            product_unit = recipe.product_tmpl_id.uom_id
            if not product_unit._has_common_reference(recipe.uom_id):
                raise ValidationError(
                    self.env._(
                        "%(product)s is counted in %(product_unit)s: its recipe cannot be in %(unit)s. "
                        "Choose a unit of the same kind.",
                        product=recipe.product_tmpl_id.display_name,
                        product_unit=product_unit.display_name,
                        unit=recipe.uom_id.display_name,
                    )
                )

    @api.constrains("output_quantity")
    def _check_output_quantity(self):
        for recipe in self:
            quantity = recipe.output_quantity
            if quantity <= 0 or not explosion.is_usable_quantity(quantity):
                raise ValidationError(
                    self.env._(
                        "The recipe of %(product)s must make a quantity above zero.",
                        product=recipe.product_tmpl_id.display_name,
                    )
                )

    @api.constrains("product_tmpl_id")
    def _check_product_tmpl_id(self):
        self.line_ids._check_product_id()

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        self._number_versions(vals_list)
        if len(vals_list) > MANY:
            self = self.with_context(mail_create_nolog=True)  # half the time goes into “Recipe created”
        recipes = super().create(vals_list)
        for recipe in recipes:
            if recipe.state == "active":
                recipe._check_has_components()
        return recipes

    def write(self, vals):
        if any(self._is_content_field(name) for name in vals):
            self._check_not_used()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_not_used()

    def copy_data(self, default=None):
        # A copy is a new version of the same product unless told otherwise; it starts as a draft.
        return [dict(vals, state="draft") for vals in super().copy_data(default)]

    # === ACTION === #

    def action_activate(self):
        """Make this the version in use; the one used until now is archived."""
        for recipe in self:
            recipe._check_has_components()
        self._check_nesting()
        others = self.search(self._get_active_rivals_domain()) - self
        others.write({"state": "archived"})
        # The unique index must see the old versions leave before the new ones come.
        others.flush_recordset(["state"])
        self._set_active()
        self._forget_costs()
        return True

    def action_archive_version(self):
        """Take the version out of use; nothing is lost."""
        self.write({"state": "archived"})
        return True

    def action_draft(self):
        """Take the version back to the workbench."""
        self.write({"state": "draft"})
        return True

    def action_new_version(self):
        """Open the next version of the recipe: the draft that waits already, or a copy."""
        self.ensure_one()
        drafts = self.search(
            [
                ("product_tmpl_id", "=", self.product_tmpl_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "draft"),
                ("version", ">", self.version),
                ("date_activate", "=", False),
            ],
            order="version DESC",
            limit=1,
        )
        recipe = drafts or self.copy()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": recipe.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    # === BUSINESS === #

    def explode(self, quantity, parameters=None):
        """List what `quantity` of the product (in the unit of the recipe) takes.

        Components made by a recipe of their own give their components in their place.

        :param float quantity: above zero
        :param dict parameters: name → value, over the usual values of the recipe
        :return: a list of dicts, one a component, with the records `recipe_line`, `recipe` (the
            version it comes from), `product` and `uom`, the `quantity` in that unit rounded to its
            precision, `exact_quantity` before rounding, the `nature`, and `section`, the line of this
            recipe whose sub-recipe it comes from. A percentage has the quantity 1, its `percent` and
            `base`, the places in the list of what it is a percentage of; `order` is the order in which
            amounts can be worked out.
        :raise ValidationError: when the quantity or the recipe gives nothing to work with
        """
        self.ensure_one()
        if quantity <= 0 or not explosion.is_usable_quantity(quantity):
            raise ValidationError(
                self.env._(
                    "The recipe of %(product)s needs a quantity above zero, not %(quantity)s.",
                    product=self.product_tmpl_id.display_name,
                    quantity=quantity,
                )
            )
        return self._get_components(quantity, self._get_quantity_digits(), values=parameters)

    @api.model
    def _get_active_by_product(self, products, company):
        """Find the active recipes of many products in one query.

        :param products: `product.product` records
        :return: a dict of product id → recipe, with the products that have one
        """
        recipes = self.search(
            [
                ("product_tmpl_id", "in", products.product_tmpl_id.ids),
                ("company_id", "=", company.id),
                ("state", "=", "active"),
            ]
        )
        by_template = {recipe.product_tmpl_id.id: recipe for recipe in recipes}
        return {
            product.id: by_template[product.product_tmpl_id.id]
            for product in products
            if product.product_tmpl_id.id in by_template
        }

    @api.model
    def _get_quantity_digits(self):
        return self.env["decimal.precision"].precision_get("Product Unit")

    def _get_inner_recipes(self):
        """Map each recipe to the versions active now that stand inside it, however deep."""
        library = RecipeLibrary(self)
        if not library.inner_recipes:
            return {}
        result = {}
        for recipe in self:
            found, level = recipe.browse(), recipe
            while level:
                inner = recipe.browse().union(*(library.recipe_of(line) for line in level.line_ids))
                level = inner - found
                found |= level
            result[recipe] = found
        return result

    @api.model
    def _number_versions(self, vals_list):
        """Put into the values of new recipes the next number of their product within their company."""
        highest = {
            (product.id, company.id): version or 0
            for product, company, version in self.sudo()._read_group(  # sees all numbers in use
                [("product_tmpl_id", "in", [vals.get("product_tmpl_id") for vals in vals_list])],
                ["product_tmpl_id", "company_id"],
                ["version:max"],
            )
        }
        default = self.default_get(["product_tmpl_id", "company_id"])
        for vals in vals_list:
            key = tuple(vals.get(name) or default.get(name) for name in ("product_tmpl_id", "company_id"))
            highest[key] = max(highest.get(key, 0) + 1, vals.get("version") or 0)
            vals["version"] = vals.get("version") or highest[key]

    def _set_active(self):
        if len(self) <= MANY:
            self.write({"state": "active"})
            return
        # A change followed record by record takes two queries each; these were activated together.
        self.with_context(mail_notrack=True).write({"state": "active"})
        if not self.env.context.get("tracking_disable"):
            body = self.env._("Activated together with %(count)s others.", count=len(self) - 1)
            self._message_log_batch(bodies=dict.fromkeys(self.ids, body))

    def _get_active_rivals_domain(self):
        return [
            ("state", "=", "active"),
            ("product_tmpl_id", "in", self.product_tmpl_id.ids),
            ("company_id", "in", self.company_id.ids),
        ]

    def _check_has_components(self):
        if not self.line_ids:
            raise UserError(
                self.env._(
                    "The recipe %(recipe)s has no components yet. Add what it takes, then activate it.",
                    recipe=self.display_name,
                )
            )

    def _check_not_used(self):
        """Refuse to touch what sheets and quotes rest on."""
        used_ids = self._get_used_ids()
        for recipe in self:
            if recipe.id in used_ids:
                raise UserError(
                    self.env._(
                        "The recipe %(recipe)s is used in evaluation sheets or quotes and cannot be "
                        "changed. Press “New Version” and change the copy.",
                        recipe=recipe.display_name,
                    )
                )

    # === HOOKS === #

    def _is_content_field(self, name):
        """Tell whether a field is part of what a used version must keep as it is."""
        field = self._fields.get(name)
        return bool(field) and name not in _BOOKKEEPING_FIELDS and not name.startswith("message_")

    def _get_used_ids(self):
        """Give the ids of those recipes that a document refers to; other rooms add theirs."""
        lines = self.env["construction.evaluation.line"].sudo()  # sheets the user may not see count
        used_ids = set()
        for name in ("recipe_id", "subrecipe_ids"):
            groups = lines._read_group([(name, "in", self.ids)], [name])
            used_ids |= {recipe.id for (recipe,) in groups}
        return used_ids
