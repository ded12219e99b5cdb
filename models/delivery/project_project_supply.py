from odoo import fields, models
from odoo.exceptions import UserError

SUPPLY_GROUPS = (
    "project.group_project_user,sales_team.group_sale_salesman,"
    "account.group_account_invoice,account.group_account_readonly"
)


class ProjectProject(models.Model):
    """What the works of a project need: work orders for the crews, materials for the stages."""

    _inherit = "project.project"

    work_order_count = fields.Integer(string="Work Orders", compute="_compute_supply_counts", groups=SUPPLY_GROUPS)
    work_order_open_count = fields.Integer(
        string="Open Work Orders", compute="_compute_supply_counts", groups=SUPPLY_GROUPS
    )

    def _compute_supply_counts(self):
        counts = {}
        for project, state, count in self.env["construction.work.order"]._read_group(
            [("project_id", "in", self.ids), ("state", "!=", "cancelled")], ["project_id", "state"], ["__count"]
        ):
            counts[project.id, state] = count
        for project in self:
            found = {state: counts.get((project.id, state), 0) for state in ("draft", "issued", "done")}
            project.work_order_count = sum(found.values())
            project.work_order_open_count = found["draft"] + found["issued"]

    # === ACTION === #

    def action_view_work_orders(self):
        """Open the work orders of this project."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.construction_work_order_action")
        action["display_name"] = self.env._("Work Orders of %(project)s", project=self.name)
        action["domain"] = [("project_id", "=", self.id)]
        action["context"] = {"default_project_id": self.id}
        return action

    def action_make_work_order(self):
        """Ask which chapters go on a new work order."""
        self.ensure_one()
        self.check_access("read")
        if not self._get_work_positions():
            raise UserError(
                self.env._(
                    "%(project)s has no chapters to build yet: its deal needs a confirmed order.", project=self.name
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Work Order"),
            "res_model": "construction.work.order.make",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_project_id": self.id,
                "default_project_stage_id": self._get_stage_to_order().id,
            },
        }

    def _get_stage_to_order(self):
        """The stage to give out works of: the open one, or where nothing is left of it the next that has some."""
        self.ensure_one()
        stage = self._get_stage_to_supply()
        quantities = self._get_work_positions()._get_quantities_left()
        left = {position.project_stage_id for position, quantity in quantities.items() if quantity}
        if not stage or stage in left:
            return stage
        return self.milestone_ids.project_stage_id.filtered(lambda other: other in left)[:1]

    def action_view_materials(self):
        """Bring the list of materials up to date and open it."""
        self.ensure_one()
        self.check_access("read")
        self.env["construction.material"]._refresh(self)
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.construction_material_action")
        action["display_name"] = self.env._("Materials of %(project)s", project=self.name)
        action["domain"] = [("project_id", "=", self.id)]
        action["context"] = {"default_project_id": self.id}
        return action

    # === BUSINESS === #

    def _get_work_positions(self):
        """Give the chapters that are built in these projects, in order: all positions but discounts."""
        domain = [("project_id", "in", self.ids), ("is_follower", "=", False)]
        return self.env["construction.position"].search(domain)

    def _get_stage_to_supply(self):
        """Give the stage of works whose chapters are next: the one the project is in, if chapters belong to it."""
        self.ensure_one()
        stage = self.construction_stage_id
        return stage if stage in self._get_work_positions().project_stage_id else stage.browse()
