from odoo import api, fields, models


class ProjectMilestone(models.Model):
    """The checklist of a stage of works."""

    _inherit = "project.milestone"

    # Internal fields are hidden from portal users a project is shared with.
    check_ids = fields.One2many(
        "construction.stage.check",
        "milestone_id",
        string="Checklist",
        copy=True,
        groups="base.group_user",
    )
    check_count = fields.Integer(string="Checks", compute="_compute_check_count", groups="base.group_user")
    check_done_count = fields.Integer(string="Checks Done", compute="_compute_check_count", groups="base.group_user")
    check_progress = fields.Char(
        string="Checklist Done",
        compute="_compute_check_count",
        groups="base.group_user",
        help="How many checks are ticked, of how many.",
    )

    @api.depends("check_ids.is_done")
    def _compute_check_count(self):
        counts = dict.fromkeys(self.ids, (0, 0))
        rows = self.env["construction.stage.check"]._read_group(
            [("milestone_id", "in", self.ids)], ["milestone_id", "is_done"], ["__count"]
        )
        for milestone, is_done, count in rows:
            done, total = counts[milestone.id]
            counts[milestone.id] = (done + count * is_done, total + count)
        for milestone in self:
            done, total = counts.get(milestone._origin.id, (0, 0))
            milestone.check_done_count, milestone.check_count = done, total
            milestone.check_progress = f"{done} / {total}" if total else False

    @api.model_create_multi
    def create(self, vals_list):
        milestones = super().create(vals_list)
        milestones._set_up_checks()
        return milestones

    def action_add_usual_checks(self):
        """Add the usual checks of the stage of works that these stages lack."""
        self.check_access("write")
        self._set_up_checks()
        return True

    def _set_up_checks(self):
        """Give these stages the usual checks of their stage of works they lack; again is once.

        :return: the new checks
        """
        # reason of sudo: the usual checks belong to the stage, whoever sets it up
        stages = self.sudo().filtered(lambda stage: stage.project_stage_id.check_template_ids and not stage.is_reached)
        values = []
        for stage in stages:
            missing = stage.project_stage_id.check_template_ids - stage.check_ids.template_id
            values += [template._prepare_check_values(stage) for template in missing]
        return self.env["construction.stage.check"].sudo().create(values)  # as above
