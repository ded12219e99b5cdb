from markupsafe import Markup

from odoo import api, fields, models

from ...models.delivery.holds import HardHold
from ...models.delivery.project_milestone_tell import TELL_CLIENT


class ConstructionStageReach(models.TransientModel):
    """Ask on which day a stage of works was reached, and show what that brings."""

    _name = "construction.stage.reach"
    _description = "Mark a Stage Reached"

    milestone_id = fields.Many2one(
        "project.milestone", string="Stage", required=True, readonly=True, ondelete="cascade"
    )
    day = fields.Date(string="Reached On", required=True, default=fields.Date.context_today)
    holds = fields.Html(string="Still Open", compute="_compute_holds", sanitize=False)
    has_holds = fields.Boolean(compute="_compute_holds", export_string_translation=False)
    has_hard_holds = fields.Boolean(compute="_compute_holds", export_string_translation=False)
    is_manager = fields.Boolean(compute="_compute_holds", export_string_translation=False)
    open_before = fields.Char(string="Earlier Stages", compute="_compute_holds")
    open_task_count = fields.Integer(string="Open Tasks", compute="_compute_holds")
    due = fields.Html(string="What Becomes Due", compute="_compute_due", sanitize=False)
    reason = fields.Text(
        string="Reach It All the Same, Because",
        help="Kept on the project with what was open.",
    )
    may_tell_client = fields.Boolean(compute="_compute_recipients", export_string_translation=False)
    tell_client = fields.Boolean(string="Send the Message to the Client", default=True)
    recipients = fields.Char(compute="_compute_recipients")

    # === COMPUTE === #

    @api.depends("milestone_id")
    def _compute_holds(self):
        for wizard in self:
            stage = wizard.milestone_id._origin
            holds = stage._get_reach_holds() if stage else []
            items = Markup("").join(Markup("<li>%s</li>") % hold for hold in holds)
            wizard.holds = Markup('<ul class="mb-0">%s</ul>') % items if holds else False
            wizard.has_holds = bool(holds)
            wizard.has_hard_holds = any(HardHold.is_hard(hold) for hold in holds)
            wizard.is_manager = stage.project_id._is_manager()
            wizard.open_before = ", ".join(stage._get_open_before().mapped("name")) if stage else False
            wizard.open_task_count = len(stage.task_ids.filtered(lambda task: not task.is_closed))

    @api.depends("milestone_id", "day")
    def _compute_due(self):
        for wizard in self:
            question = self.env["construction.plan.what.if"].new(
                {"milestone_id": wizard.milestone_id._origin.id, "event": "stage", "day": wizard.day}
            )
            wizard.due = question.content

    @api.depends("milestone_id")
    def _compute_recipients(self):
        for wizard in self:
            stage = wizard.milestone_id._origin
            wizard.may_tell_client = bool(stage) and stage.project_stage_id.tell_client and not stage.client_told_date
            partners = stage._get_client_recipients() if stage else self.env["res.partner"]
            wizard.recipients = ", ".join(partners.mapped("display_name"))

    # === ACTION === #

    def action_reach(self):
        """Mark the stage reached on that day."""
        self.ensure_one()
        stage = self.milestone_id
        if not self.tell_client:
            stage = stage.with_context(**{TELL_CLIENT: False})
        stage._reach(self.day, self.reason)
        return {"type": "ir.actions.act_window_close"}
