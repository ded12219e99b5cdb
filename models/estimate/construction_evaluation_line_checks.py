from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from ...core.estimate import explosion, formula
from .price_book import PRICE_FIELDS


class ConstructionEvaluationLine(models.Model):
    """What is refused of an item, and what keeps it from being quoted."""

    _inherit = "construction.evaluation.line"

    # === CONSTRAINTS === #

    @api.constrains("product_id", "uom_id")
    def _check_uom_id(self):
        for line in self:
            product_unit = line.product_id.uom_id
            if product_unit and not product_unit._has_common_reference(line.uom_id):
                raise ValidationError(
                    self.env._(
                        "%(item)s is counted in %(product_unit)s, which does not convert to %(unit)s. "
                        "Choose a unit of the same kind.",
                        item=line._get_label(),
                        product_unit=product_unit.display_name,
                        unit=line.uom_id.display_name,
                    )
                )

    # On the sheet too: an item made with neither names neither.
    @api.constrains("product_id", "name", "evaluation_id")
    def _check_name(self):
        for line in self:
            if not line.product_id and not (line.name or "").strip():
                raise ValidationError(
                    self.env._("An item of an evaluation sheet needs a product or a description. Give it one.")
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
                        item=line._get_label(),
                    )
                )
            # reason of sudo: a recipe of another company is not readable; before stock's check, which names no item
            company = recipe.sudo().company_id
            if company and company != line.company_id:
                raise ValidationError(
                    self.env._(
                        "%(item)s: its recipe belongs to %(company)s, the sheet to %(own)s. Duplicate the recipe for "
                        "%(own)s and activate it there, or take the item without a recipe.",
                        item=line._get_label(),
                        company=company.name,
                        own=line.company_id.name,
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
                        item=line._get_label(),
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
                        item=line._get_label(),
                    )
                )

    # === BUSINESS === #

    def _check_quantity_given(self, vals):
        """Refuse what is no quantity before the ORM rounds it, which fails on it."""
        if not explosion.is_usable_quantity(vals.get("quantity") or 0.0):
            line = self[:1] or self.new({name: vals[name] for name in ("product_id", "name") if vals.get(name)})
            raise ValidationError(
                self.env._(
                    "The quantity of %(item)s is too large to be true. Check what was typed.",
                    item=line._get_label(),
                )
            )

    def _check_price_not_given(self, vals):
        if PRICE_FIELDS.intersection(vals):
            raise UserError(
                self.env._("The prices of an evaluation sheet come from the catalogue and cannot be typed.")
            )

    def _get_label(self):
        """Give what a message calls the item: its product, else the first line of its description."""
        return self.product_id.display_name or (self.name or "").strip().partition("\n")[0]

    def _get_default_uom(self):
        """Give the unit of a free item nobody has given one."""
        # Not `env.ref`, which asks the database each time.
        return self.env["uom.uom"].browse(self.env["ir.model.data"]._xmlid_to_res_id("uom.product_uom_unit"))
