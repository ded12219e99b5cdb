from odoo import api, fields, models


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

    # === BUSINESS === #

    def _refresh_progress(self):
        """Find anew how far the works are: stages were reached, or weigh something else."""
        self.env.add_to_compute(self._fields["progress_percent"], self)

    def _sync_positions(self):
        """Make the positions of works of these projects that are missing.

        :return: the positions
        """
        # reason of sudo: project users have no right on deals and orders; positions show quantities only
        orders = self.sudo().lead_id.order_ids.filtered(lambda order: order.state == "sale")
        return self.env["construction.position"]._sync(orders)
