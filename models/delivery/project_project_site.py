from odoo import fields, models

from .construction_snag import OPEN_STATES


class ProjectProject(models.Model):
    """What happens on the site of a construction project."""

    _inherit = "project.project"

    date_delivered = fields.Date(
        string="Delivered On",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="The day the client took over all of the works, by the signed handover act.",
    )
    handover_ids = fields.One2many("construction.handover", "project_id", groups="base.group_user")
    diary_count = fields.Integer(compute="_compute_diary", groups="project.group_project_user")
    delay_days = fields.Float(
        string="Days Lost",
        compute="_compute_diary",
        groups="project.group_project_user",
        help="Days the works were held up, by the confirmed pages of the site diary.",
    )
    delay_days_claimable = fields.Float(
        string="Days to Claim",
        compute="_compute_diary",
        groups="project.group_project_user",
        help="Of the days lost, those the contract gives back.",
    )
    snag_count = fields.Integer(
        string="Open Snags",
        compute="_compute_snag_count",
        groups="project.group_project_user,sales_team.group_sale_salesman",
    )
    handover_count = fields.Integer(compute="_compute_handover_count", groups="base.group_user")

    # === COMPUTE === #

    def _compute_diary(self):
        pages = dict(
            self.env["construction.diary"]._read_group([("project_id", "in", self.ids)], ["project_id"], ["__count"])
        )
        delays = {
            project: (days, claimable)
            for project, days, claimable in self.env["construction.diary.delay"]._read_group(
                [("project_id", "in", self.ids), ("state", "=", "confirmed")],
                ["project_id"],
                ["days_total:sum", "days_claimable:sum"],
            )
        }
        for project in self:
            project.diary_count = pages.get(project._origin, 0)
            project.delay_days, project.delay_days_claimable = delays.get(project._origin, (0.0, 0.0))

    def _compute_snag_count(self):
        counts = dict(
            self.env["construction.snag"]._read_group(
                [("project_id", "in", self.ids), ("state", "in", OPEN_STATES)], ["project_id"], ["__count"]
            )
        )
        for project in self:
            project.snag_count = counts.get(project._origin, 0)

    def _compute_handover_count(self):
        # reason of sudo: an employee without rights on acts opens projects too; a number only
        counts = dict(
            self.env["construction.handover"]
            .sudo()
            ._read_group([("project_id", "in", self.ids), ("state", "!=", "cancelled")], ["project_id"], ["__count"])
        )
        for project in self:
            project.handover_count = counts.get(project._origin, 0)

    # === ACTION === #

    def action_view_diary(self):
        """Open the site diary of this project."""
        return self._prepare_site_action("construction_diary_action")

    def action_view_delays(self):
        """Open what held the works of this project up."""
        return self._prepare_site_action("construction_diary_delay_action")

    def action_view_snags(self):
        """Open the snags of this project."""
        return self._action_view_snags()

    def action_view_handovers(self):
        """Open the handover acts of this project; without any, a new one."""
        self.ensure_one()
        action = self._prepare_site_action("construction_handover_action")
        acts = self.env["construction.handover"].search([("project_id", "=", self.id)], limit=2)
        if len(acts) <= 1:
            form = self.env.ref("construction_crm.construction_handover_view_form").id
            action["views"] = [(form, "form")]
            action["res_id"] = acts.id
        return action

    # === BUSINESS === #

    def _action_view_snags(self, only_open=False):
        """:param bool only_open: show those that are not verified yet first"""
        action = self._prepare_site_action("construction_snag_action")
        if only_open:
            action["context"]["search_default_unverified"] = 1
        return action

    def _prepare_site_action(self, name):
        """The action of a menu, for this project only."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(f"construction_crm.{name}")
        action["display_name"] = f"{self.name} – {action['name']}"
        action["domain"] = [("project_id", "=", self.id)]
        action["context"] = {"default_project_id": self.id}
        return action
