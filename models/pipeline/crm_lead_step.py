from odoo import api, fields, models

from .crm_lead import DEALS_SCREEN


class CrmLead(models.Model):
    """The steps of a deal: which one is open, who has to do it, until when."""

    _inherit = "crm.lead"

    step_ids = fields.One2many("construction.step", "lead_id", string="Steps")
    # Stored: lists and kanbans show, filter and group by them on many deals; precomputed, so that a new deal costs
    # no query.
    step_id = fields.Many2one(
        "construction.step",
        string="Current Step",
        compute="_compute_step",
        store=True,
        precompute=True,
        index="btree_not_null",
        ondelete="set null",
        copy=False,
    )
    step_type_id = fields.Many2one(
        "construction.step.type",
        string="Step",
        compute="_compute_step",
        store=True,
        precompute=True,
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        tracking=True,
    )
    step_user_id = fields.Many2one(
        "res.users",
        string="Step Owner",
        compute="_compute_step",
        store=True,
        precompute=True,
        index="btree_not_null",
        ondelete="set null",
        copy=False,
    )
    step_deadline = fields.Date(
        compute="_compute_step",
        store=True,
        precompute=True,
        index="btree_not_null",
        copy=False,
    )
    has_steps = fields.Boolean(
        compute="_compute_step",
        store=True,
        precompute=True,
        copy=False,
        export_string_translation=False,
    )
    is_activated = fields.Boolean(
        string="Activated",
        default=lambda self: self._default_is_activated(),
        copy=False,
        help="Somebody took this deal on, with a first step and a date for it.",
    )
    date_activated = fields.Datetime(string="Activated On", readonly=True, copy=False)

    @api.model
    def _default_is_activated(self):
        """What is entered on our screens or imported waits for activation; what code makes goes on as in stock."""
        return not (self.env.context.get(DEALS_SCREEN) or self.env.context.get("import_file"))

    @api.depends("step_ids.state", "step_ids.type_id", "step_ids.user_id", "step_ids.date_deadline")
    def _compute_step(self):
        for lead in self:
            step = lead.step_ids.filtered(lambda step: step.state == "open")[:1]
            lead.step_id = step
            lead.step_type_id = step.type_id
            lead.step_user_id = step.user_id
            lead.step_deadline = step.date_deadline
            lead.has_steps = bool(lead.step_ids)

    # === BUSINESS === #

    def _get_step_types(self):
        """The step types this deal goes through, in their order."""
        self.ensure_one()
        return self._get_step_types_by_lead()[self]

    def _get_step_types_by_lead(self):
        """The step types each of these deals goes through, in their order: {deal: step types}."""
        kinds = self.env["construction.step.type"].search([("active", "=", True)])
        return {lead: kinds.filtered(lambda kind, lead=lead: kind._applies_to(lead)) for lead in self}
