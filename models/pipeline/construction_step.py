from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

# What only the buttons of a step set.
STEP_FIELDS = {"lead_id", "type_id", "state", "date_done", "date_start", "date_planned", "override_reason"}


class ConstructionStep(models.Model):
    """One step of one deal: who has to do what until when, and when it was done."""

    _name = "construction.step"
    _description = "Step of a Deal"
    _order = "date_start desc, id desc"
    _check_company_auto = True

    lead_id = fields.Many2one(
        "crm.lead", string="Deal", required=True, readonly=True, ondelete="cascade", index=True, check_company=True
    )
    type_id = fields.Many2one(
        "construction.step.type", string="Step", required=True, readonly=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(related="lead_id.company_id")
    partner_id = fields.Many2one(related="lead_id.partner_id", string="Client")
    construction_type_id = fields.Many2one(related="lead_id.construction_type_id")
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        ondelete="restrict",
        help="Who has to do it; finds it among his activities.",
    )
    date_start = fields.Datetime(string="Opened", required=True, readonly=True, default=fields.Datetime.now)
    date_planned = fields.Date(
        string="Planned", readonly=True, help="The deadline given when the step was opened, before any rescheduling."
    )
    date_deadline = fields.Date(string="Deadline", required=True, index=True)
    date_done = fields.Datetime(string="Closed", readonly=True, copy=False)
    state = fields.Selection(
        [("open", "Open"), ("done", "Done"), ("refused", "Refused"), ("cancelled", "Skipped")],
        required=True,
        readonly=True,
        default="open",
        index=True,
    )
    summary = fields.Text(help="What came of it.")
    override_reason = fields.Char(
        string="Let Pass Because",
        readonly=True,
        help="Why a sales manager let the deal pass without what was asked for.",
    )
    days_late = fields.Integer(
        compute="_compute_days_late", help="Days between the planned date and the day the step was closed, or today."
    )
    is_overdue = fields.Boolean(compute="_compute_days_late", search="_search_is_overdue")
    activity_ids = fields.One2many(
        "mail.activity", "construction_step_id", string="Activities", groups="base.group_user"
    )
    contact_record_ids = fields.One2many("construction.contact.record", "step_id", string="Contacts")

    # Twice is once: two clicks, two users and a retried request open one step.
    _one_open_step_uniq = models.UniqueIndex(
        "(lead_id) WHERE state = 'open'",
        "This deal has an open step already.",
    )

    # === COMPUTE === #

    @api.depends("type_id", "lead_id")
    def _compute_display_name(self):
        for step in self:
            # reason of sudo: an owner who may not read the deal sees its name on his own step
            step.display_name = (
                f"{step.type_id.name}: {step.sudo().lead_id.name}" if step.lead_id else step.type_id.name
            )

    @api.depends("date_planned", "date_deadline", "date_done", "state")
    @api.depends_context("tz")
    def _compute_days_late(self):
        today = fields.Date.context_today(self)
        for step in self:
            end = today
            if step.date_done:
                end = fields.Datetime.context_timestamp(step, step.date_done).date()
            planned = step.date_planned or step.date_deadline
            step.days_late = max((end - planned).days, 0) if planned else 0
            step.is_overdue = bool(step.state == "open" and step.date_deadline and step.date_deadline < today)

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("state", "=", "open") & Domain("date_deadline", "<", fields.Date.context_today(self))

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.setdefault("date_planned", vals.get("date_deadline"))
        steps = super().create(vals_list)
        steps._sync_activities()
        return steps

    def write(self, vals):
        if not self.env.su and STEP_FIELDS & vals.keys():
            raise UserError(
                self.env._("Steps are opened and closed by the buttons of the deal: Next Step, Reschedule or Refuse.")
            )
        res = super().write(vals)
        if vals.keys() & {"user_id", "date_deadline", "state"}:
            self._sync_activities()
        return res

    # === ACTION === #

    def action_add_contact(self):
        """Write down a contact with the client in this step."""
        self.ensure_one()
        return self.env["construction.contact.record"]._prepare_quick_entry(
            lead_id=self.lead_id.id,
            partner_id=self.sudo().lead_id.partner_id.id,  # sudo: who works the step meets the client
            step_id=self._origin.id,
        )

    # === BUSINESS === #

    def _check_may_act(self):
        """Check that the user works this step: its owner, or whoever may change the deal.

        :return: the step with sudo
        :raises AccessError: for anyone else
        """
        self.ensure_one()
        step = self.sudo()  # the owner of a step may not be allowed to change the deal as such
        if self.env.su or step.user_id == self.env.user or step.lead_id.sudo(False).has_access("write"):
            return step
        raise AccessError(
            self.env._(
                "The step “%(step)s” is for %(owner)s to close. Ask for it, or for the right to change the deal.",
                step=step.type_id.name,
                owner=step.user_id.name,
            )
        )

    def _get_requirement_holds(self):
        """What is still missing before this step can be closed.

        Extended by each room that adds a requirement.

        :return: list of sentences, empty when it may be closed
        """
        self.ensure_one()
        # reason of sudo: what was written down counts, whoever may read it
        step = self.sudo()
        if self.type_id.requirement == "summary" and not (step.summary or "").strip() and not step.contact_record_ids:
            return [self.env._("Write down what was said and agreed.")]
        return []

    def _get_fix_action(self):
        """The button that provides what `_get_requirement_holds` misses.

        :return: (action, label of the button)
        """
        return self.action_add_contact(), self._get_fix_label()

    def _get_fix_label(self):
        """The words of that button; each deal's form asks for them, so they cost no query of their own."""
        return self.env._("Add Contact")

    @api.model
    def _prepare_deadline(self, kind, start=None):
        """The day a step of this type is due when opened on that day, today if none is given."""
        return (start or fields.Date.context_today(self)) + timedelta(days=kind.delay_days)
