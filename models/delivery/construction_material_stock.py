from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

# Inventory is no dependency: where it is installed, what left the warehouse for a project is read from its moves.
STOCK_MOVE = "stock.move"
# Where goods no longer lie in a warehouse: at the client's, in a product, lost.
GONE = ("customer", "production", "inventory")


class ConstructionMaterial(models.Model):
    """What the warehouse gave to the works, where Inventory is installed."""

    _inherit = "construction.material"

    quantity_from_stock = fields.Float(
        string="From Stock",
        digits="Product Unit",
        min_display_digits=2,
        # pieces and kilograms do not add up
        aggregator=None,
        compute="_compute_quantity_from_stock",
        help="What left the warehouse for the project, less what came back. It fills the stages in their order.",
    )

    # === COMPUTE === #

    @api.depends("project_id", "product_id", "quantity_needed")
    def _compute_quantity_from_stock(self):
        taken = self._read_taken_from_stock()
        shares = self._share_among_stages(taken) if taken else {}
        for material in self:
            material.quantity_from_stock = shares.get(material._origin.id, 0.0)

    # === BUSINESS === #

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Leave out what only Inventory can tell where that is not installed."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if STOCK_MOVE not in self.env:
            for node in arch.xpath("//field[@name='quantity_from_stock']"):
                node.getparent().remove(node)
        return arch, view

    def _get_quantity_used(self):
        """How much was used: as the site says, or where it says nothing, as the warehouse does."""
        self.ensure_one()
        return self.quantity_used or max(self.quantity_from_stock, 0.0)

    def _read_taken_from_stock(self):
        """Add up what left the warehouse for these projects, less what came back; few queries for all.

        :return: dict of (project, product) → quantity in the unit of the product
        """
        if STOCK_MOVE not in self.env:
            return {}
        # sudo: people on the site have no right on the warehouse; quantities only.
        moves_sudo = self.env[STOCK_MOVE].sudo()
        projects, products = self.project_id._origin, self.product_id._origin
        roads = self._get_stock_roads(moves_sudo, projects)
        if not roads or not products:
            return {}
        result = defaultdict(float)
        done = Domain("state", "=", "done") & Domain("product_id", "in", products.ids)
        for move in moves_sudo.search(done & Domain.OR(domain for domain, _read in roads)):
            sign = (move.location_dest_id.usage in GONE) - (move.location_id.usage in GONE)
            project = next(filter(None, (read(move) for _domain, read in roads)), None)
            if sign and project:
                own, unit = move.product_uom, move.product_id.uom_id  # not stale: a field of stock.move
                quantity = own._compute_quantity(move.quantity, unit, round=False, raise_if_failure=False)
                result[project.id, move.product_id.id] += sign * quantity
        return result

    @api.model
    def _get_stock_roads(self, moves_sudo, projects):
        """How moves tell which project they are for: list of (domain, function of a move that gives the project)."""
        roads = []
        if "project_id" in moves_sudo.picking_id._fields:
            roads.append((Domain("picking_id.project_id", "in", projects.ids), lambda move: move.picking_id.project_id))
        if "sale_line_id" in moves_sudo._fields:
            path = "sale_line_id.order_id.opportunity_id.construction_project_id"
            roads.append(
                (
                    Domain(path, "in", projects.ids),
                    lambda move: move.sale_line_id.order_id.opportunity_id.construction_project_id,
                )
            )
        return roads

    def _share_among_stages(self, taken):
        """Give each row its part: the stages take what they need in their order, the last one what is left."""
        # sudo: all rows of the projects share, whichever of them are looked at
        rows = self.sudo().search(
            [("project_id", "in", self.project_id._origin.ids), ("product_id", "in", self.product_id._origin.ids)],
            order="project_id, product_id, stage_sequence, id",
        )
        shares = {}
        for (project, product), same in rows.grouped(lambda row: (row.project_id.id, row.product_id.id)).items():
            left = taken.get((project, product), 0.0)
            for row in same:
                part = left if row == same[-1:] else max(min(left, row.quantity_needed), 0.0)
                shares[row.id] = part
                left -= part
        return shares
