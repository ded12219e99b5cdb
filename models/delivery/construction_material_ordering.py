from odoo import models
from odoo.exceptions import UserError

from .construction_material_request import PURCHASE_ORDER


class ConstructionMaterial(models.Model):
    """What is missing is ordered: asked in a dialog, which makes the documents."""

    _inherit = "construction.material"

    # === ACTION === #

    def action_order(self):
        """Ask how to order what is missing of these materials.

        :raises UserError: when nothing is missing
        """
        self.check_access("write")
        self._check_may_order()
        self._refresh(self.project_id)
        orders = self.env["construction.material.order"]
        commands = orders._prepare_line_commands(self.exists())
        if not commands:
            raise UserError(self.env._("Nothing is missing of these materials: all that is needed is ordered."))
        wizard = orders.create({"line_ids": commands})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Order Materials"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    # === BUSINESS === #

    def _check_may_order(self):
        """Let those order who lead the projects, or buy for the company.

        :raises AccessError: by others
        """
        if PURCHASE_ORDER in self.env and self.env[PURCHASE_ORDER].has_access("create"):
            return
        for project in self.project_id:
            project._check_is_manager()
