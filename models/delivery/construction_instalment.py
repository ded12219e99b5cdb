from odoo import api, models


class ConstructionInstalment(models.Model):
    """Instalments that wait for the works."""

    _inherit = "construction.instalment"

    # === COMPUTE === #

    # Dates of stages are not among these: a change of any milestone of any project would look for plans. Stages of
    # construction projects tell theirs, see `project.milestone`.
    @api.depends("project_stage_id", "progress_percent", "contract_id.lead_id.construction_project_id")
    def _compute_date_due(self):
        return super()._compute_date_due()

    @api.depends("project_stage_id", "progress_percent", "contract_id.lead_id.construction_project_id")
    def _compute_date_expected(self):
        return super()._compute_date_expected()

    # === HOOKS === #

    @api.model
    def _get_trigger_fields(self):
        return super()._get_trigger_fields() | {"project_stage_id", "progress_percent"}

    def _matches_event(self, kind, **details):
        if kind == "stage":
            return bool(self.project_stage_id) and self.project_stage_id.id == details.get("project_stage_id")
        if kind == "progress":
            # reached up to `progress_percent`; lost from there on
            if "progress_below" in details:
                return self.progress_percent > details["progress_below"]
            return 0 < self.progress_percent <= details.get("progress_percent", 0)
        return super()._matches_event(kind, **details)

    def _get_day_happened(self):
        if self.trigger == "stage":
            milestone = self._get_stage_milestone()
            return milestone.is_reached and milestone.reached_date
        if self.trigger == "progress":
            return self._get_progress_day(reached=True)
        return super()._get_day_happened()

    def _get_day_planned(self, shifts=None):
        if self.trigger == "stage":
            milestone = self._get_stage_milestone()
            return milestone.reached_date or self._shift(milestone.deadline, milestone, shifts)
        if self.trigger == "progress":
            return self._get_progress_day(shifts=shifts)
        if self.trigger == "handover":
            # The stage that hands over moves with the works; the end in the contract does not.
            stage = self._get_stages().filtered(lambda stage: stage.project_stage_id.is_handover)[-1:]
            if day := stage.reached_date or self._shift(stage.deadline, stage, shifts):
                return self._shift(day, self.contract_id, shifts)
        return super()._get_day_planned(shifts)

    def _prepare_template_line_values(self):
        return {
            **super()._prepare_template_line_values(),
            "project_stage_id": self.project_stage_id.id,
            "progress_percent": self.progress_percent,
        }

    def _get_missing_detail(self):
        if self.trigger == "stage" and not self.project_stage_id:
            return self.env._("The stage instalment “%(name)s” waits for", name=self.name)
        if self.trigger == "progress" and not self.progress_percent:
            return self.env._("The progress instalment “%(name)s” waits for", name=self.name)
        return super()._get_missing_detail()

    # === BUSINESS === #

    def _get_stages(self):
        """The stages of works of the contract's project, in their order.

        :return: project.milestone with sudo: the plan may be read by people who may not read projects
        """
        self.ensure_one()
        # reason of sudo: above
        return self.sudo().contract_id._get_stage_milestones()

    def _get_stage_milestone(self):
        """The milestone of the stage this row waits for, with sudo."""
        return self._get_stages().filtered(lambda stage: stage.project_stage_id == self.project_stage_id)[:1]

    def _get_progress_day(self, reached=False, shifts=None):
        """The day the works come (or, with `reached`, came) as far as this row asks."""
        if not self.progress_percent:
            return False
        # reason of sudo: the plan may be read by people who may not read projects
        project = self.sudo().contract_id.construction_project_id
        if project and project._is_measured():
            if project.progress_percent >= self.progress_percent:
                return project._get_progress_day()
            if reached:
                return False
        done = 0.0
        for day, weight in self._get_stages()._list_progress_days(reached, shifts):
            done += weight
            if round(done, 2) >= self.progress_percent:
                return day
        return False
