from odoo import models


class ConstructionEvaluation(models.Model):
    """What all items of a sheet take."""

    _name = "construction.evaluation"
    _inherit = ["construction.evaluation", "construction.resource.mixin"]

    def _get_resource_parts(self, has_costs):
        # sudo: what items take is no secret, how they are priced is; costs come for who may see them only.
        parts_by_line = self.sudo().line_ids._explode()
        book = self._get_price_book(parts_by_line) if has_costs else None
        labels = dict(self.env["construction.recipe.line"]._fields["percent_base"]._description_selection(self.env))
        resources = []
        for line, parts in parts_by_line.items():
            if not line.product_id:
                resources.append(self._prepare_free_part(line))
            costs = book.part_costs(parts) if book else [0.0] * len(parts)
            for part, cost in zip(parts, costs, strict=True):
                if part.get("rounded_quantity"):  # rounding takes nothing
                    continue
                recipe_line, is_percentage = part["recipe_line"], part["percent"] is not None
                resources.append(
                    {
                        "product": part["product"],
                        "name": line.name,
                        "uom": part["uom"],
                        "quantity": part["exact_quantity"],
                        "nature": part["nature"] or "",
                        "amount": cost * part["exact_quantity"],
                        "booked": cost * part["quantity"],
                        "percent": part["percent"],
                        "percent_base": labels.get(recipe_line.percent_base) if is_percentage else None,
                    }
                )
        return resources

    def _prepare_free_part(self, line):
        """A free item takes nothing anybody knows of; it is listed so that nobody forgets it."""
        return {
            "product": line.product_id,
            "name": line.name,
            "uom": line.uom_id,
            "quantity": line.quantity,
            "nature": "",
            "amount": 0.0,
            "booked": 0.0,
            "percent": None,
            "percent_base": None,
        }
