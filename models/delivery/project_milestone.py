from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..pipeline.compute_again import compute_again

# Instalments whose expected day follows the dates of stages.
FOLLOWING_TRIGGERS = ("stage", "progress", "handover")


class ProjectMilestone(models.Model):
    """A milestone that stands for a stage of works of a construction project."""

    _inherit = "project.milestone"

    project_stage_id = fields.Many2one(
        "project.project.stage",
        string="Stage of Works",
        index="btree_not_null",
        ondelete="restrict",
        help="The stage this milestone dates and weighs.",
    )
    weight = fields.Float(
        string="Weight (%)",
        digits=(5, 2),
        help="Share of the whole works this stage stands for. The stages of a project add up to 100 %.",
    )
    date_start = fields.Date(string="Start Date", copy=False)

    _weight_range = models.Constraint(
        "CHECK(weight IS NULL OR (weight >= 0 AND weight <= 100))",
        "The weight of a stage must lie between 0 and 100 %.",
    )

    @api.constrains("date_start", "deadline")
    def _check_dates(self):
        for milestone in self:
            if milestone.date_start and milestone.deadline and milestone.deadline < milestone.date_start:
                raise ValidationError(
                    self.env._(
                        "The stage %(stage)s would end on %(end)s, before it starts on %(start)s. Correct its dates.",
                        stage=milestone.name,
                        end=milestone.deadline,
                        start=milestone.date_start,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        milestones = super().create(vals_list)
        milestones._refresh_plans()
        return milestones

    def write(self, vals):
        stages = self.filtered("project_stage_id")
        followed = bool(vals.keys() & {"is_reached", "weight", "deadline", "project_stage_id"})
        moved = stages.browse()
        if "is_reached" in vals:
            moved = stages.filtered(lambda stage: stage.is_reached != bool(vals["is_reached"]))
        res = super().write(vals)
        if followed:
            self._refresh_plans()
        if moved:
            moved._tell_contracts()
        if "is_reached" in vals:
            stages.project_id._move_to_open_stage()
        return res

    # === ACTION === #

    def action_what_if(self):
        """Ask what would become due if this stage were reached, or slipped."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What Becomes Due If…"),
            "res_model": "construction.plan.what.if",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_milestone_id": self.id,
                "default_event": "stage_slip",
            },
        }

    # === BUSINESS === #

    def _get_contracts(self):
        """The contracts whose plans these stages of works may move, with sudo."""
        # reason of sudo: who leads works may have no rights on deals and contracts
        deals = self.sudo().filtered("project_stage_id").project_id.lead_id
        return deals.contract_ids.filtered(lambda contract: contract.state != "cancelled")

    def _refresh_plans(self):
        """Have the plans that follow the dates and weights of these stages find their days anew."""
        self.filtered("project_stage_id").project_id._refresh_progress()
        rows = self._get_contracts().instalment_ids.filtered(lambda row: row.trigger in FOLLOWING_TRIGGERS)
        compute_again(rows, "date_due", "date_expected")

    def _tell_contracts(self):
        """Tell the payment plans that these stages were reached, or are open again.

        :raises UserError: an instalment a stage made due is invoiced and the stage is taken back
        """
        for stage in self:
            contracts = stage._get_contracts()
            if stage.is_reached:
                contracts._raise_event("stage", stage.reached_date, project_stage_id=stage.project_stage_id.id)
            else:
                contracts._undo_event("stage", project_stage_id=stage.project_stage_id.id)
        for project in self.project_id:
            milestones = self.filtered(lambda stage, project=project: stage.project_id == project)
            contracts = milestones._get_contracts()
            if contracts:
                percent = project.progress_percent
                contracts._undo_event("progress", progress_below=percent)
                contracts._raise_event("progress", progress_percent=percent)

    def _list_progress_days(self, reached=False, shifts=None):
        """The days on which the works go on, with the weight that is reached then.

        :param bool reached: only stages that are reached, by the day they were
        :param dict shifts: what if a stage slipped by so many days
        :return: list of (day, weight) in the order of the days
        """
        stages = self.filtered("is_reached") if reached else self
        shifts = shifts or {}
        days = []
        for stage in stages.filtered(lambda stage: stage.reached_date or stage.deadline):
            planned = stage.deadline and stage.deadline + timedelta(days=shifts.get(stage, 0))
            days.append((stage.reached_date or planned, stage.weight))
        return sorted(days)
