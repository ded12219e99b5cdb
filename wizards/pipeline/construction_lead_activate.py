from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .step_time import check_works_here, to_utc


class ConstructionLeadActivate(models.TransientModel):
    """Ask who takes leads on, when, and with which step."""

    _name = "construction.lead.activate"
    _description = "Activate Leads"

    lead_ids = fields.Many2many("crm.lead", string="Deals", required=True, context={"active_test": False})
    lead_count = fields.Integer(compute="_compute_lead_count")
    is_activation = fields.Boolean(compute="_compute_lead_count", export_string_translation=False)
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        required=True,
        compute="_compute_proposal",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('share', '=', False)]",
        help="Gets the deals and their first step.",
    )
    available_type_ids = fields.Many2many("construction.step.type", compute="_compute_available_type_ids")
    type_id = fields.Many2one(
        "construction.step.type",
        string="First Step",
        compute="_compute_proposal",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('id', 'in', available_type_ids)]",
    )
    date_contact = fields.Date(
        string="First Contact",
        required=True,
        compute="_compute_date_contact",
        store=True,
        precompute=True,
        readonly=False,
        help="When the client is contacted; the deadline of the first step.",
    )
    hour = fields.Float(string="At", help="With a time, the contact is put into the calendar of the responsible.")
    priority = fields.Selection(
        selection=lambda self: self.env["crm.lead"]._fields["priority"]._description_selection(self.env),
        compute="_compute_proposal",
        store=True,
        precompute=True,
        readonly=False,
    )

    @api.depends("lead_ids")
    def _compute_lead_count(self):
        for wizard in self:
            wizard.lead_count = len(wizard.lead_ids)
            # Those taken on already only go on with a step.
            wizard.is_activation = not all(wizard.lead_ids._origin.mapped("is_activated"))

    @api.depends("lead_ids")
    def _compute_available_type_ids(self):
        for wizard in self:
            wizard.available_type_ids = wizard._get_available_types()

    @api.depends("lead_ids")
    def _compute_proposal(self):
        for wizard in self:
            leads = wizard.lead_ids._origin
            owner = leads.user_id
            # A colleague who left takes nothing on any more.
            wizard.user_id = owner if len(owner) == 1 and owner.active else self.env.user
            wizard.priority = leads[:1].priority
            kinds = wizard._get_available_types()
            if len(leads) == 1:
                kinds -= leads.step_ids.filtered(lambda step: step.state == "done").type_id
            wizard.type_id = kinds[:1]

    @api.depends("type_id")
    def _compute_date_contact(self):
        for wizard in self:
            wizard.date_contact = self.env["construction.step"]._prepare_deadline(wizard.type_id)

    @api.constrains("hour")
    def _check_hour(self):
        for wizard in self:
            if not 0 <= wizard.hour < 24:
                raise ValidationError(self.env._("Give a time between 00:00 and 23:59."))

    def _get_available_types(self):
        """The step types which all these deals take."""
        return self.lead_ids._origin._get_common_step_types()

    def action_activate(self):
        """Activate the deals, or open their step; a second click changes nothing."""
        self.ensure_one()
        check_works_here(self.user_id)
        if self.available_type_ids and not self.type_id:
            raise ValidationError(self.env._("Choose the step these deals begin with."))
        start = to_utc(self.user_id, self.date_contact, self.hour)
        self.lead_ids._activate(self.type_id, self.user_id, self.date_contact, priority=self.priority, start=start)
        return {"type": "ir.actions.act_window_close"}

    def action_open_step_types(self):
        """Leave for where steps are made and put back into use."""
        return self.env["ir.actions.act_window"]._for_xml_id("construction_crm.construction_step_type_action")
