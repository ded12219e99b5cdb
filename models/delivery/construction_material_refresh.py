from collections import defaultdict

from odoo import api, models
from odoo.tools import float_compare, float_round

from ..pipeline.row_lock import touch


class ConstructionMaterial(models.Model):
    """The list follows the chapters: read anew when orders are added, varied, or the list is opened."""

    _inherit = "construction.material"

    @api.model
    def _refresh(self, projects, works_by_order=None):
        """Make the rows that are missing and bring what is planned up to date. Twice is once.

        What was ordered, used, or added by hand stays; rows that are no longer needed and empty go.

        :param projects: the `project.project` records
        :param dict works_by_order: what was read of their orders before, as `sale.order._get_works` gives it
        """
        # sudo: what is planned is read from orders and written by nobody.
        materials, projects = self.browse().sudo(), projects.sudo()
        planned = self._read_planned(projects, works_by_order)
        rows = {
            (row.project_id.id, row.project_stage_id.id, row.product_id.id): row
            for row in materials.search([("project_id", "in", projects.ids)])
        }
        if planned.keys() - rows.keys():
            # Two who open a list at the same moment make its rows once: whoever waited runs again.
            touch(projects)
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        for key, row in rows.items():
            quantity = planned.get(key, 0.0)
            if float_compare(row.quantity_planned, quantity, precision_digits=digits):
                row.quantity_planned = quantity
        materials.create(
            [self._prepare_planned_values(*key, quantity) for key, quantity in planned.items() if key not in rows]
        )
        materials.union(*(row for key, row in rows.items() if key not in planned))._drop_empty()

    def _read_planned(self, projects, works_by_order=None):
        """Add up what the chapters of the projects take.

        :return: a dict of (project id, stage id or False, product id) → quantity in the unit of the product
        """
        totals = defaultdict(float)
        for position, parts in projects._get_work_positions()._get_components(works_by_order).items():
            key = (position.project_id.id, position.project_stage_id.id)
            for part in parts:
                if self._is_material(part):
                    quantity = part["uom"]._compute_quantity(
                        part["quantity"], part["product"].uom_id, round=False, raise_if_failure=False
                    )
                    totals[(*key, part["product"].id)] += quantity
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        rounded = {key: float_round(quantity, precision_digits=digits) for key, quantity in totals.items()}
        return {key: quantity for key, quantity in rounded.items() if quantity > 0}

    @api.model
    def _prepare_planned_values(self, project_id, stage_id, product_id, quantity):
        """Values of a new row. What follows from the others is given: Odoo would work it out row by row."""
        return {
            "project_id": project_id,
            "project_stage_id": stage_id,
            "product_id": product_id,
            "quantity_planned": quantity,
            "quantity_needed": quantity,
            "stage_sequence": self.env["project.project.stage"].browse(stage_id).sequence,
            "company_id": (self.env["project.project"].browse(project_id).company_id or self.env.company).id,
        }

    def _drop_empty(self):
        self.filtered(lambda row: not (row.quantity_extra or row.quantity_used or row.note or row.request_ids)).unlink()

    # === HOOKS === #

    @api.model
    def _is_material(self, part):
        """Tell whether a component, as `construction.position._get_components` gives it, is bought as material."""
        if not part["product"]:
            return False
        return part["nature"] == "material" or (not part["nature"] and part["product"].type == "consu")


class ConstructionPosition(models.Model):
    _inherit = "construction.position"

    def _after_sync(self, orders, works_by_order):
        """Bring the materials of the projects up to date too."""
        result = super()._after_sync(orders, works_by_order)
        if self.project_id:
            self.env["construction.material"]._refresh(self.project_id, works_by_order)
        return result
