from odoo import api, fields, models


class ProjectProject(models.Model):
    """What a running project still takes over from its deal: the job transfer, and chapters ordered since."""

    _inherit = "project.project"

    handoff_state = fields.Selection(
        [
            ("open", "To Accept"),
            ("returned", "Returned"),
            ("accepted", "Accepted"),
        ],
        string="Job Transfer",
        compute="_compute_handoff_state",
        compute_sudo=True,
        groups="base.group_user",
    )
    chapters_to_add = fields.Integer(
        compute="_compute_chapters_to_add",
        compute_sudo=True,
        groups="base.group_user",
        help="Chapters that were ordered on this deal and have no task in the project yet.",
    )

    # === COMPUTE === #

    @api.depends("lead_id.handoff_ids.state")
    def _compute_handoff_state(self):
        for project in self:
            # Of a deal from before job transfers, it is made when somebody opens it.
            project.handoff_state = project.lead_id and (project.lead_id.handoff_ids[:1].state or "open")

    def _compute_chapters_to_add(self):
        for project in self:
            lead = project.lead_id
            project.chapters_to_add = (
                len(lead._get_chapters_without_task(project))
                if lead and lead.construction_project_id == project and project._may_lack_chapters()
                else 0
            )

    def _may_lack_chapters(self):
        """Tell cheaply whether a chapter may lack its task, before all lines of the orders are read."""
        orders = self.lead_id._get_confirmed_orders()
        if self.task_detail == "part" or any(not order.project_id for order in orders):
            return True
        tasks = self.env["project.task"].with_context(active_test=False)
        lines = self.env["sale.order.line"]
        chapters = [
            ("order_id", "in", orders.ids),
            ("display_type", "=", "line_section"),
            "|",
            ("chapter_product_id", "!=", False),
            ("chapter_uom_id", "!=", False),
        ]
        with_task = tasks._search([("project_id", "=", self.id), ("chapter_line_id", "!=", False)])
        return bool(lines.search_count([*chapters, ("id", "not in", with_task.subselect("chapter_line_id"))], limit=1))

    # === ACTIONS === #

    def action_view_handoff(self):
        """Open the job transfer of this project's deal."""
        self.ensure_one()
        # sudo: a project user may not read the deal; only the link is taken, the job transfer's rules check him
        return self.sudo().lead_id.action_view_handoff()

    def action_add_chapters(self):
        """Ask about the chapters that were ordered since, and make their tasks."""
        self.ensure_one()
        # sudo: a project user may not read the deal; it checks his rights
        return self.sudo().lead_id.sudo(False).action_start_project()
