from odoo import api, fields, models

from .construction_recipe_cost import COST_GROUP
from .product_template import COST_NATURES


class ConstructionResource(models.TransientModel):
    """A row of a resource list on the screen, as it stood when the list was opened."""

    _name = "construction.resource"
    _description = "Resource"
    _order = "sequence, id"

    sequence = fields.Integer()
    document = fields.Char(readonly=True)
    nature = fields.Selection(
        [*COST_NATURES, ("percentage", "Percentages"), ("rounding", "Rounding")],
        readonly=True,
    )
    code = fields.Char(string="Reference", readonly=True)
    name = fields.Char(string="Resource", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    quantity = fields.Float(
        digits=(16, 3),
        readonly=True,
        help="All that the works take, waste included, not rounded up to packs.",
    )
    uom_id = fields.Many2one("uom.uom", string="Unit", readonly=True)
    pack_count = fields.Float(
        string="To Buy",
        min_display_digits=0,
        readonly=True,
        help="Whole packs of the first vendor, or of the first packaging, and no less than the vendor sells.",
    )
    pack_uom_id = fields.Many2one("uom.uom", string="Pack", readonly=True)
    unit_cost = fields.Float(min_display_digits="Product Price", aggregator=None, readonly=True, groups=COST_GROUP)
    amount = fields.Monetary(string="Cost", readonly=True, groups=COST_GROUP)
    currency_id = fields.Many2one("res.currency", readonly=True)

    @api.model
    def _make(self, document):
        """Make the rows of the list of a document, for the user to look at.

        :return: `construction.resource`, with costs only for who may see them
        """
        resources = document._get_resources()
        vals_list = [
            self._prepare_row_values(row, group["nature"] or "other")
            for group in resources["groups"]
            for row in group["rows"]
        ]
        vals_list += [self._prepare_row_values(row, "percentage") for row in resources["percentages"]]
        if resources["has_costs"] and resources["rounding"]:
            vals_list.append({"nature": "rounding", "name": self.env._("Rounding"), "amount": resources["rounding"]})
        for sequence, vals in enumerate(vals_list):
            vals.update(sequence=sequence, document=document.display_name, currency_id=resources["currency"].id)
        # sudo: nobody else makes rows; each user reads those made for him.
        return self.sudo().create(vals_list).sudo(False)

    def _prepare_row_values(self, row, nature):
        values = {
            "nature": nature,
            "name": row["name"],
            "code": row["code"],
            "product_id": row["product"] and row["product"].id,
            "amount": row.get("amount", 0.0),
        }
        if "quantity" in row:
            values.update(
                quantity=row["quantity"],
                uom_id=row["uom"] and row["uom"].id,
                pack_count=row["packs"],
                pack_uom_id=row["pack_uom"] and row["pack_uom"].id,
                unit_cost=row.get("unit_cost", 0.0),
            )
        return values
