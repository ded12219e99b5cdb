from odoo import models
from odoo.exceptions import UserError

from ...core.estimate import breakdown
from .construction_recipe_cost import COST_GROUP
from .packs import count_packs
from .product_template import COST_NATURES


class ConstructionResourceMixin(models.AbstractModel):
    """A document of which one can tell all that its works take: materials, hours, machines."""

    _name = "construction.resource.mixin"
    _description = "Document with Resources"

    # === ACTION === #

    def action_view_resources(self):
        """List what the works of this document take, each thing once."""
        self.ensure_one()
        self.check_access("read")
        rows = self.env["construction.resource"]._make(self)
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.construction_resource_action")
        action["domain"] = [("id", "in", rows.ids)]
        action["display_name"] = self.env._("Resources of %(document)s", document=self.display_name)
        return action

    def action_export_resources(self):
        """Download the list as a spreadsheet."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/construction_crm/resources/{self._name}/{self.id}",
            "target": "download",
        }

    # === BUSINESS === #

    def _get_resources(self):
        """Add up what the works take, each product once within its nature.

        Costs are there only for a user who may see costs. The amounts of the rows, the percentages and the
        rounding make the total, which is the direct cost of the document.

        :return: a dict with `has_costs`, `has_packs`, `currency`, `groups` (dicts with `nature`, `label`, `rows`,
            `subtotal`), `percentages`, `rounding` and `total`; rows hold `product`, `code`, `name`, `uom`,
            `quantity` in the unit of the product, `packs` and `pack_uom` where it is bought in another unit,
            `unit_cost` and `amount`
        """
        self.ensure_one()
        # The user's groups, not the environment's: a print made with sudo hides as much.
        has_costs = self.env.user.has_group(COST_GROUP)
        parts = self._get_resource_parts(has_costs)
        currency = self.currency_id or self.env.company.currency_id
        plain = self._group_resources([part for part in parts if part["percent"] is None], currency)
        percentages = self._group_resources([part for part in parts if part["percent"] is not None], currency)
        total = currency.round(sum(part["booked"] for part in parts))
        groups = self._prepare_resource_groups(plain, has_costs)
        values = {
            "has_costs": has_costs,
            "has_packs": any(row["packs"] for group in groups for row in group["rows"]),
            "currency": currency,
            "groups": groups,
            "percentages": [
                self._prepare_percentage_row(entry, has_costs) for group in percentages for entry in group.entries
            ],
        }
        if has_costs:
            amounts = [entry.amount for group in (*plain, *percentages) for entry in group.entries]
            values.update(total=total, rounding=breakdown.rounding(total, amounts, currency.round))
        return values

    def _group_resources(self, parts, currency):
        entries = breakdown.merge(
            breakdown.Entry(self._get_resource_key(part), part["nature"], self._to_product_unit(part), part["amount"])
            for part in parts
        )
        return breakdown.by_nature(entries, [nature for nature, _label in COST_NATURES], currency.round)

    def _prepare_resource_groups(self, groups, has_costs):
        labels = dict(self.env["construction.recipe.line"]._fields["cost_nature"]._description_selection(self.env))
        return [
            {
                "nature": group.nature,
                "label": labels.get(group.nature, self.env._("Other")),
                "rows": [self._prepare_resource_row(entry, has_costs) for entry in group.entries],
                **({"subtotal": group.subtotal} if has_costs else {}),
            }
            for group in groups
        ]

    def _get_resource_key(self, part):
        if part["percent"] is not None:
            return (part["product"], part["percent"], part["percent_base"])
        # What is on no catalogue is known by its name and unit only.
        return part["product"] or (part["name"], part["uom"])

    def _to_product_unit(self, part):
        product, uom = part["product"], part["uom"]
        if not product or uom == product.uom_id:
            return part["quantity"]
        return uom._compute_quantity(part["quantity"], product.uom_id, round=False, raise_if_failure=False)

    def _prepare_resource_row(self, entry, has_costs):
        product, name, uom = (entry.key, "", None) if isinstance(entry.key, models.Model) else (None, *entry.key)
        packs, pack_uom = self._get_packs(product, entry.quantity) if product else (0, None)
        row = {
            "product": product,
            "code": product and product.default_code or "",
            "name": product.with_context(display_default_code=False).display_name if product else name,
            "uom": product.uom_id if product else uom,
            "quantity": entry.quantity,
            "packs": packs,
            "pack_uom": pack_uom,
        }
        if has_costs:
            row.update(unit_cost=entry.amount / entry.quantity if entry.quantity else 0.0, amount=entry.amount)
        return row

    def _prepare_percentage_row(self, entry, has_costs):
        product, percent, base = entry.key
        row = {
            "product": product,
            "code": product.default_code or "",
            "name": product.with_context(display_default_code=False).display_name,
            "percent": percent,
            "base": base,
        }
        return row | {"amount": entry.amount} if has_costs else row

    def _get_packs(self, product, quantity):
        """Give how many packs to buy, and their unit: those of the first vendor, else the first packaging.

        :return: `(0, None)` where the product is bought in its own unit, without a least quantity
        """
        return count_packs(product, quantity, self.company_id)

    # === HOOKS === #

    def _get_resource_parts(self, has_costs):
        """List everything the works take, place by place.

        :param has_costs: whether costs are asked for; without them all amounts are zero
        :return: list of dicts with `product` (or, without one, a `name`), `uom`, `quantity` as exact as it is known,
            `nature`, the `amount` it costs in that quantity and the `booked` amount the document reckons with,
            `percent` (else None) and `percent_base`, in words
        """
        raise UserError(self.env._("This document does not tell what its works take."))
