from odoo import api, fields, models
from odoo.exceptions import UserError

from ..pipeline.compute_again import compute_again
from .construction_progress import OPEN_STATES

# Records of a project that keep it from being deleted.
RECORDED = (
    "construction.progress",
    "construction.certificate",
    "construction.diary",
    "construction.snag",
    "construction.handover",
    "construction.work.order",
)


class ProjectProject(models.Model):
    """How far the works of a project are."""

    _inherit = "project.project"

    position_ids = fields.One2many(
        "construction.position",
        "project_id",
        string="Works",
        readonly=True,
        groups="base.group_user",
    )
    progress_percent = fields.Float(
        string="Progress of Works (%)",
        digits=(5, 2),
        compute="_compute_progress_percent",
        # lists sort and group by it, plans wait for it
        store=True,
        copy=False,
        aggregator="avg",
        groups="base.group_user",
        help="The approved progress of the chapters, weighed by their amounts. Until some is recorded: the weights "
        "of the stages reached.",
    )

    # === COMPUTE === #

    # Stages are not among these: any milestone of any project would look for its works. Stages of construction
    # projects tell theirs, see `_refresh_progress`.
    @api.depends("position_ids.amount", "position_ids.percent_done")
    def _compute_progress_percent(self):
        # reason of sudo: a foreman's progress counts by amounts he does not see
        by_project = self.sudo().position_ids.grouped("project_id")
        for project in self:
            positions = by_project.get(project._origin, self.env["construction.position"])
            percent = positions._get_progress()
            project.progress_percent = project._get_stage_progress() if percent is None else percent

    # === CRUD === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_recorded(self):
        """What was recorded on site is not deleted with its project."""
        for name in RECORDED:
            # reason of sudo: whoever deletes projects need not read what was recorded on them
            found = self.env[name].sudo().search([("project_id", "in", self.ids)], limit=1)
            if found:
                raise UserError(
                    self.env._(
                        "“%(project)s” cannot be deleted: “%(record)s” (%(kind)s) was recorded on it. "
                        "Archive the project instead.",
                        project=found.project_id.name,
                        record=found.display_name,
                        kind=self.env["ir.model"]._get(name).name,
                    )
                )

    # === ACTION === #

    def action_report_progress(self):
        """Go on with the open report of today, or begin it."""
        self.ensure_one()
        reports = self.env["construction.progress"]
        today = fields.Date.context_today(self)
        report = reports.search(
            [("project_id", "=", self.id), ("date", "=", today), ("state", "in", OPEN_STATES)], limit=1
        )
        report = report or reports.create({"project_id": self.id, "date": today})
        report._add_lines()
        return report.action_open_chapters()

    def action_view_progress(self):
        """The progress reports of this project."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.construction_progress_action")
        action["domain"] = [("project_id", "=", self.id)]
        action["context"] = {"default_project_id": self.id}
        return action

    # === BUSINESS === #

    def _refresh_progress(self):
        """Find anew how far the works are: stages were reached, or weigh something else."""
        compute_again(self, "progress_percent")

    def _tell_progress(self):
        """Tell the payment plans how far the works are: what waits for that becomes due, or waits again.

        :raises UserError: an instalment the progress made due is invoiced, and the works are taken back
        """
        for project in self:
            # reason of sudo: who leads works may have no rights on deals and contracts
            project_sudo = project.sudo()
            project_sudo.position_ids._refresh_done()
            contracts = project_sudo.lead_id.contract_ids.filtered(lambda contract: contract.state != "cancelled")
            percent = project_sudo.progress_percent
            contracts._undo_event("progress", progress_below=percent)
            contracts._raise_event("progress", project_sudo._get_progress_day(), progress_percent=percent)

    def _get_progress_day(self):
        """The day of the last approved report, False without any."""
        self.ensure_one()
        report = self.env["construction.progress"].search(
            [("project_id", "=", self.id), ("state", "=", "approved")], order="date desc, id desc", limit=1
        )
        return report.date

    def _is_measured(self):
        """Whether the progress of this project comes from reports, not from its stages."""
        self.ensure_one()
        return any(position.quantity_done for position in self.position_ids)

    def _sync_positions(self):
        """Make the positions of works of these projects that are missing.

        :return: the positions
        """
        # reason of sudo: project users have no right on deals and orders; positions show quantities only
        orders = self.sudo().lead_id.order_ids.filtered(lambda order: order.state == "sale")
        return self.env["construction.position"]._sync(orders)
