from odoo import api, fields, models
from odoo.tools import format_date


class CrmLead(models.Model):
    """What the deal shows of its steps, and the buttons for the open one."""

    _inherit = "crm.lead"

    step_is_overdue = fields.Boolean(
        string="Step Overdue", compute="_compute_step_is_overdue", search="_search_step_is_overdue"
    )
    step_hold = fields.Text(
        string="Still Missing",
        compute="_compute_step_hold",
        help="What there must be before the step can be closed.",
    )
    step_fix_label = fields.Char(compute="_compute_step_hold", export_string_translation=False)
    # what the form shows, see `_get_form_lists`
    shown_step_ids = fields.One2many("construction.step", "lead_id", string="Timeline", readonly=True)
    steps_ahead = fields.Text(
        compute="_compute_steps_ahead",
        help="The steps still to come, each on the day it would be done if nothing slips.",
    )

    # === COMPUTE === #

    @api.depends("step_deadline")
    @api.depends_context("tz")
    def _compute_step_is_overdue(self):
        today = fields.Date.context_today(self)
        for lead in self:
            lead.step_is_overdue = bool(lead.step_deadline and lead.step_deadline < today)

    def _search_step_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("step_deadline", "<", fields.Date.context_today(self))]

    @api.depends("step_id")
    def _compute_step_hold(self):
        for lead in self:
            # reason of sudo: what a step waits for is the same for everybody who sees the deal
            holds = lead.sudo().step_id._get_requirement_holds() if lead.step_id else []
            lead.step_hold = "\n".join(holds) or False
            lead.step_fix_label = lead.step_id._get_fix_label() if holds else False

    @api.depends("step_id", "step_ids.state", "step_ids.date_deadline")
    def _compute_steps_ahead(self):
        for lead in self:
            lead.steps_ahead = lead._describe_steps_ahead() if lead.step_id else False

    def _describe_steps_ahead(self):
        """The steps after the open one, one a line, with the days they would be done."""
        self.ensure_one()
        day = max(self.step_deadline, fields.Date.context_today(self))
        current = (self.step_type_id.sequence, self.step_type_id.id)
        lines = []
        for kind in self._get_step_types():
            if (kind.sequence, kind.id) > current:
                day = self.env["construction.step"]._prepare_deadline(kind, day)
                lines.append(self.env._("%(day)s: %(step)s", day=format_date(self.env, day), step=kind.name))
        return "\n".join(lines) or False

    # === ACTION === #

    def action_next_step(self):
        """Close the open step and open the next one."""
        self.ensure_one()
        return self.step_id.action_next_step()

    def action_reschedule_step(self):
        """Give the open step another deadline."""
        self.ensure_one()
        return self.step_id.action_reschedule()

    def action_refuse_step(self):
        """Give the deal up, with its reason."""
        self.ensure_one()
        return self.step_id.action_refuse()

    def action_fix_step(self):
        """Open what is missing before the open step can be closed."""
        self.ensure_one()
        return self.step_id.action_fix()
