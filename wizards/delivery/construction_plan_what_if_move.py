from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...models.delivery.work_days import WorkDays


class ConstructionPlanWhatIf(models.TransientModel):
    """… and then do it: move the dates of stages of works."""

    _inherit = "construction.plan.what.if"

    event = fields.Selection(
        selection_add=[("start_slip", "The start of the works moves")],
        ondelete={"start_slip": "cascade"},
    )
    moved_project_id = fields.Many2one(
        "project.project", readonly=True, ondelete="cascade", export_string_translation=False
    )
    date_to = fields.Date(string="New Date", help="The new end of the stage, or the new start of the works.")
    in_work_days = fields.Boolean(
        string="Count Working Days",
        help="The days count without weekends and holidays of the company, and nothing ends on one of them.",
    )
    longer = fields.Boolean(
        string="It Takes Longer",
        compute="_compute_longer",
        # proposed: a stage that has begun keeps its start
        store=True,
        readonly=False,
        help="Only the end of this stage moves; it starts when it did. Otherwise the stage moves as a whole.",
    )
    agreed = fields.Boolean(
        string="Agreed With the Client",
        help="The planned ends move too: the new dates do not count as late.",
    )
    with_tasks = fields.Boolean(string="Move the Tasks Along", default=True)
    reason = fields.Char(help="Why the dates move. It is kept on the project with the dates as they were.")

    # === COMPUTE === #

    @api.depends("contract_id", "milestone_id", "moved_project_id")
    def _compute_project_id(self):
        moving = self.filtered("moved_project_id")
        for wizard in moving:
            wizard.project_id = wizard.moved_project_id
        return super(ConstructionPlanWhatIf, self - moving)._compute_project_id()

    @api.depends("milestone_id", "event")
    def _compute_longer(self):
        today = fields.Date.context_today(self)
        for wizard in self:
            start = wizard.milestone_id.date_start
            wizard.longer = bool(wizard.event == "stage_slip" and start and start <= today)

    @api.depends("in_work_days", "longer", "moved_project_id")
    def _compute_content(self):
        return super()._compute_content()

    # === ONCHANGE === #

    @api.onchange("days", "milestone_id", "event", "in_work_days")
    def _onchange_days(self):
        base = self._get_base_day()
        if base:
            moved = self._get_work_days().add(base, self.days) if self.in_work_days else None
            self.date_to = moved or fields.Date.add(base, days=self.days)

    @api.onchange("date_to")
    def _onchange_date_to(self):
        base = self._get_base_day()
        if not base or not self.date_to:
            return
        days = (self.date_to - base).days
        self.days = self._get_work_days().count(base, self.date_to) if self.in_work_days else days

    # === ACTION === #

    def action_move(self):
        """Write the dates as they were previewed, and say so on the project.

        :raises UserError: nothing would move, or nobody said why
        """
        self.ensure_one()
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say why the dates move: it is kept on the project."))
        dates = self._get_moved_dates()
        if not self.days or not dates:
            raise UserError(self.env._("Nothing moves. Give the number of days, or another date."))
        # the rights of the user count here: the preview was read with sudo
        dates = {stage.sudo(False): values for stage, values in dates.items()}
        options = {"with_tasks": self.with_tasks, "reason": self.reason, "agreed": self.agreed}
        if self.event == "start_slip":
            project = self.moved_project_id
            start = project.date_start
            days = (self.date_to - start).days if start and self.date_to else self.days
            project._shift_start(days, dates, **options)
        else:
            self.env["project.milestone"].union(*dates)._write_dates(dates, **options)
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS === #

    def _get_contracts(self):
        contracts = super()._get_contracts()
        if contracts or not self.moved_project_id:
            return contracts
        # reason of sudo: a project does not lead to deals; only contracts the user may read are left
        found = self.moved_project_id.sudo().milestone_ids._get_contracts()
        return found.sudo(False)._filtered_access("read")

    def _get_base_day(self):
        """The day that moves by so many days."""
        self.ensure_one()
        if self.event == "start_slip":
            stages = self._get_moved_stages()
            return self.project_id.date_start or stages[:1].date_start
        return self.milestone_id.deadline or self.milestone_id.date_start

    def _get_work_days(self):
        return WorkDays(self.project_id.company_id or self.env.company)

    def _get_moved_stages(self):
        """The stages of works that would move, with sudo."""
        self.ensure_one()
        if self.event == "start_slip":
            # reason of sudo: who reads the plan sees how the works stand
            project = self.project_id._origin.sudo()
            if not project:
                raise UserError(self.env._("This contract has no project yet."))
            stages = project.milestone_ids.filtered("project_stage_id")
            return stages.filtered(lambda stage: not stage.is_reached)
        milestone = self._get_milestone()
        if self.with_following:
            return milestone._get_with_following()
        return milestone.filtered(lambda stage: not stage.is_reached)

    def _get_moved_dates(self):
        """The stages that would move, with their new dates: see `project.milestone._get_moved_dates`."""
        self.ensure_one()
        stages = self._get_moved_stages()
        longer = self.milestone_id._origin if self.longer and self.event == "stage_slip" else None
        return stages._get_moved_dates(self.days, self.in_work_days, longer)

    def _get_shifts(self):
        if self.event not in ("stage_slip", "start_slip"):
            return super()._get_shifts()
        return {
            stage: (dates["deadline"] - stage.deadline).days
            for stage, dates in self._get_moved_dates().items()
            if stage.deadline
        }

    def _render_slip(self):
        """The stages with their new dates, then the instalments expected on another day."""
        if self.event not in ("stage_slip", "start_slip"):
            return super()._render_slip()
        dates = self._get_moved_dates()
        if not dates:
            raise UserError(self.env._("No stage is left to move: all are reached."))
        head = [
            self.env._("Stage"),
            self.env._("Start"),
            self.env._("End"),
            self.env._("New Start"),
            self.env._("New End"),
        ]
        rows = [self._render_row("td", self._list_stage_cells(stage, new)) for stage, new in dates.items()]
        stages = Markup('<table class="table table-sm"><thead>%s</thead><tbody>%s</tbody></table>') % (
            self._render_row("th", head),
            Markup("").join(rows),
        )
        try:
            return stages + super()._render_slip()
        except UserError as error:
            return stages + Markup('<p class="text-muted mb-0">%s</p>') % str(error)

    def _list_stage_cells(self, stage, new):
        return [
            stage.name,
            format_date(self.env, stage.date_start) or "…",
            format_date(self.env, stage.deadline) or "…",
            format_date(self.env, new["date_start"]) or "…",
            format_date(self.env, new["deadline"]) or "…",
        ]
