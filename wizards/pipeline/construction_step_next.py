from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ...models.pipeline.row_lock import take
from .step_time import check_works_here, to_utc


class ConstructionStepNext(models.TransientModel):
    """Ask what came of a step, and which one comes next."""

    _name = "construction.step.next"
    _description = "Close a Step"

    step_id = fields.Many2one("construction.step", required=True, readonly=True, ondelete="cascade")
    requirement = fields.Selection(related="step_id.type_id.requirement")
    holds = fields.Text(string="Still Missing", compute="_compute_holds")
    is_summary_needed = fields.Boolean(compute="_compute_holds", export_string_translation=False)
    override_reason = fields.Char(
        string="Close It All the Same Because",
        help="A sales manager may close a step without what it is done with. The reason is kept on the deal.",
    )
    summary = fields.Text(string="What Came of It", help="What was said, agreed or decided.")
    available_type_ids = fields.Many2many("construction.step.type", compute="_compute_available_type_ids")
    next_type_id = fields.Many2one(
        "construction.step.type",
        string="Next Step",
        compute="_compute_next_type_id",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('id', 'in', available_type_ids)]",
        help="Leave empty when nothing comes after this step.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        compute="_compute_user_id",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('share', '=', False)]",
    )
    date_deadline = fields.Date(
        string="Deadline", compute="_compute_date_deadline", store=True, precompute=True, readonly=False
    )
    hour = fields.Float(string="At", help="With a time, the step is put into the calendar of its owner.")

    @api.depends("step_id")
    def _compute_holds(self):
        for wizard in self:
            kind = wizard.step_id.type_id
            holds = wizard.step_id._get_requirement_holds()
            # A summary is written right here.
            wizard.is_summary_needed = bool(holds) and kind.requirement == "summary"
            wizard.holds = False if wizard.is_summary_needed else "\n".join(holds) or False

    @api.depends("step_id")
    def _compute_available_type_ids(self):
        for wizard in self:
            lead = wizard.step_id.sudo().lead_id  # the owner of a step may not be allowed to read the deal
            wizard.available_type_ids = lead._get_step_types() - wizard.step_id.type_id

    @api.depends("step_id")
    def _compute_next_type_id(self):
        for wizard in self:
            lead = wizard.step_id.sudo().lead_id  # as above
            wizard.next_type_id = wizard.step_id.type_id._get_next(lead) if wizard.step_id else False

    @api.depends("step_id")
    def _compute_user_id(self):
        for wizard in self:
            owner = wizard.step_id.user_id
            # A colleague who left does no next step.
            wizard.user_id = owner if owner.active else self.env.user

    @api.depends("next_type_id")
    def _compute_date_deadline(self):
        for wizard in self:
            kind = wizard.next_type_id
            wizard.date_deadline = self.env["construction.step"]._prepare_deadline(kind) if kind else False

    @api.constrains("hour")
    def _check_hour(self):
        for wizard in self:
            if not 0 <= wizard.hour < 24:
                raise ValidationError(self.env._("Give a time between 00:00 and 23:59."))

    def action_apply(self):
        """Close the step and open the next one; a second click changes nothing.

        :raises RedirectWarning: what the step is done with is not there
        """
        self.ensure_one()
        step = self.step_id._check_may_act()
        take(step)
        if step.state != "open":
            return {"type": "ir.actions.act_window_close"}
        if self.summary:
            step.summary = "\n".join(filter(None, [step.summary, self.summary]))
        self._check_done()
        user = self.user_id or step.user_id
        if self.next_type_id:
            check_works_here(user)
        new = step._close_and_go_on(
            next_type=self.next_type_id or self.next_type_id.browse(),
            user=user,
            date_deadline=self.date_deadline,
        )
        start = to_utc(user, self.date_deadline, self.hour) if self.date_deadline else None
        if start and new.type_id == self.next_type_id:
            new._schedule_meetings(start)
        return {"type": "ir.actions.act_window_close"}

    def _check_done(self):
        """Check the condition of the step, unless a sales manager closes it with a reason."""
        if not self.step_id._get_requirement_holds():
            return
        reason = (self.override_reason or "").strip()
        if not reason:
            self.step_id._check_requirement()
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(self.env._("Only sales managers close a step without what it is done with."))
        self.step_id._let_pass(reason)
