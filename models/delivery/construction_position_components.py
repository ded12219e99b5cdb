from collections import defaultdict

from odoo import models
from odoo.exceptions import ValidationError

from ..estimate.recipe_library import RecipeLibrary


class ConstructionPosition(models.Model):
    """What the works of a position take: materials, machines, hours; quantities only, never a price."""

    _inherit = "construction.position"

    def _get_components(self, works_by_order=None):
        """List what each position takes as it is contracted now, variations included, each thing once.

        Items priced as one line are taken apart by their recipe. Waste is included, packs are not.

        :param dict works_by_order: what was read of their orders before, as `sale.order._get_works` gives it
        :return: a dict of position → list of dicts with ``product`` (empty for a text), ``name``, ``uom``,
            ``quantity`` in that unit and ``nature`` (a key of `COST_NATURES` or empty)
        """
        # sudo: project users read no orders; only quantities come out of here.
        lines_by_position = self.sudo()._get_component_lines(works_by_order)
        whole = self.env["sale.order.line"].sudo().union(*lines_by_position.values())._filter_whole_items()
        whole_ids = set(whole.ids)
        totals = {position: {} for position in self}
        for position, lines in lines_by_position.items():
            for line in lines:
                if line.id not in whole_ids:
                    _add_part(totals[position], line._prepare_resource_part(0.0))
        for position, parts in self._explode_whole_items(lines_by_position, whole).items():
            for part in parts:
                if part["percent"] is None:
                    _add_part(totals[position], {**part, "quantity": part["exact_quantity"], "name": ""})
        return {position: list(parts.values()) for position, parts in totals.items()}

    def _get_component_lines(self, works_by_order=None):
        """Give the order lines of each position: those of its chapter and of what variations add or take away.

        :param dict works_by_order: as for `_get_components`
        :return: a dict of position, with the rights of the user → `sale.order.line` without percentages and rounding
        """
        roots = {position.chapter_line_id: position.sudo(False) for position in self}
        # reason of sudo: the caller keeps quantities only
        result = {position: self.env["sale.order.line"].sudo() for position in roots.values()}
        orders = (self.order_id | self.contract_id.order_ids).filtered(lambda order: order.state == "sale")
        left_out = {*orders._get_rounding_lines().ids, *(line.id for line in orders.order_line._get_percentages())}
        for works_of_order in orders._get_works(works_by_order).values():
            for works in works_of_order:
                position = roots.get(works.key._get_root_chapter())
                if position:
                    own = works.lines
                    if not left_out.isdisjoint(own.ids):
                        own = own.filtered(lambda line: line.id not in left_out)
                    result[position] = result[position] | own if result[position] else own
        return result

    def _explode_whole_items(self, lines_by_position, whole):
        """Take the items that are one priced line apart: the recipe of each once, for all that is contracted of it.

        :param whole: the lines that are such an item
        :return: a dict of position → list of dicts as `construction.recipe.explode` gives
        """
        wanted = {}  # (position, recipe) → [quantity in the unit of the recipe, sheet item]
        for position, lines in lines_by_position.items():
            for line in lines & whole:
                entry = wanted.setdefault((position, line.recipe_id), [0.0, line.evaluation_line_id])
                entry[0] += line.product_uom_id._compute_quantity(
                    line.product_uom_qty, line.recipe_id.uom_id, round=False
                )
                entry[1] = entry[1] or line.evaluation_line_id
        by_versions = defaultdict(list)
        for (position, recipe), (quantity, item) in wanted.items():
            if quantity > 0:
                by_versions[item.subrecipe_ids, bool(item)].append((position, recipe, quantity, item))
        digits = self.env["construction.recipe"]._get_quantity_digits()
        result = defaultdict(list)
        for (inner, has_item), alike in by_versions.items():
            recipes = whole.recipe_id.browse().union(*(recipe for _position, recipe, _quantity, _item in alike))
            # Where no sheet has kept versions, those active now stand inside.
            library = RecipeLibrary(recipes, pinned=inner if has_item else None)
            for position, recipe, quantity, item in alike:
                values = item._get_parameter_values() if item else {}
                try:
                    result[position] += recipe._get_components(quantity, digits, library, values)
                except ValidationError:
                    # Its recipe cannot tell any more: it stays one thing.
                    result[position].append(_as_one_thing(recipe, quantity))
        return result


def _add_part(parts, part):
    """Add a part to those of its position, in the unit of its product."""
    product, uom, quantity = part["product"], part["uom"], part["quantity"]
    if product and uom != product.uom_id and uom._has_common_reference(product.uom_id):
        quantity = uom._compute_quantity(quantity, product.uom_id, round=False)
        uom = product.uom_id
    key = (product.id, uom.id, "" if product else part["name"], part["nature"])
    entry = parts.setdefault(
        key,
        {"product": product, "name": part["name"], "uom": uom, "quantity": 0.0, "nature": part["nature"]},
    )
    entry["quantity"] += quantity


def _as_one_thing(recipe, quantity):
    product = recipe.product_tmpl_id.product_variant_id
    return {
        "product": product,
        "uom": recipe.uom_id,
        "exact_quantity": quantity,
        "nature": product._get_cost_nature() or "",
        "percent": None,
    }
