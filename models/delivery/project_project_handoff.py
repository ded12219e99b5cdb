from odoo import api, fields, models


class ProjectProject(models.Model):
    """What a running project still takes over from its deal: the hand-over, and chapters ordered since."""

    _inherit = "project.project"

    handoff_ids = fields.One2many("construction.handoff", "project_id", groups="base.group_user")
    handoff_state = fields.Selection(
        [
            ("preparing", "In Preparation"),
            ("handed", "To Accept"),
            ("returned", "Returned"),
            ("accepted", "Accepted"),
        ],
        string="Hand-Over",
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

    @api.depends("handoff_ids.state")
    def _compute_handoff_state(self):
        for project in self:
            project.handoff_state = project.handoff_ids[:1].state

    def _compute_chapters_to_add(self):
        """Look only where an order may have been added: a project whose orders are all its own tops up nothing."""
        for project in self:
            lead = project.lead_id
            running = lead and lead.construction_project_id == project
            project.chapters_to_add = len(lead._get_chapters_without_task(project)) if running else 0

    # === ACTIONS === #

    def action_view_handoff(self):
        """Open the hand-over of this project's deal."""
        self.ensure_one()
        # sudo: a project user may not read the deal; only the link is taken, the hand-over's rules check him
        return self.sudo().lead_id.action_view_handoff()

    def action_add_chapters(self):
        """Ask about the chapters that were ordered since, and make their tasks."""
        self.ensure_one()
        # sudo: a project user may not read the deal; it checks his rights
        return self.sudo().lead_id.sudo(False).action_start_project()
