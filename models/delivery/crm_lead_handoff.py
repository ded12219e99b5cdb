from odoo import api, fields, models
from odoo.tools import SQL

from ..pipeline.row_lock import touch
from .construction_handoff import START_ACTIVITY


class CrmLead(models.Model):
    """From the client's yes to the start: who is asked to start the project, and what the works must know."""

    _inherit = "crm.lead"

    planned_manager_id = fields.Many2one(
        "res.users",
        string="Planned Project Manager",
        compute="_compute_planned_manager_id",
        store=True,
        readonly=False,
        domain="[('share', '=', False)]",
        help="Is asked to start the project once the client has ordered, and leads it. Proposed by the construction "
        "type; without one the salesperson is asked.",
    )
    handoff_ids = fields.One2many("construction.handoff", "lead_id", string="Job Transfers")
    promise_ids = fields.One2many("construction.promise", "lead_id", string="Promises")

    # === COMPUTE === #

    @api.depends("construction_type_id")
    def _compute_planned_manager_id(self):
        for lead in self:
            lead.planned_manager_id = lead.planned_manager_id or lead.construction_type_id.project_manager_id

    # === ACTIONS === #

    def action_view_handoff(self):
        """Open what those who build must know of this job: promises, hazards, notes, and what is missing."""
        self.ensure_one()
        # sudo: whoever may read the deal, or build it, opens its one job transfer; its rules check him
        handoff = self._get_or_make_handoff()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Job Transfer to the Works"),
            "res_model": "construction.handoff",
            "res_id": handoff.id,
            "views": [(False, "form")],
        }

    # === HOOKS === #

    def _merge_get_fields(self):
        return [*super()._merge_get_fields(), "planned_manager_id", "date_start_wanted"]

    def _merge_dependences(self, opportunities):
        """Carry team and promises of merged deals over to the one that remains."""
        result = super()._merge_dependences(opportunities)
        # sudo: whoever may merge the deals may not see every row
        merged, lead = opportunities.sudo(), self.sudo()
        merged.member_ids._relink_lead(lead)
        merged.promise_ids._relink_lead(lead)
        return result

    # === BUSINESS === #

    def _get_or_make_handoff(self):
        """Give the one job transfer of this deal, made when it is asked for first."""
        self.ensure_one()
        self.check_access("read")
        # sudo: nobody makes job transfers by hand
        lead = self.sudo()
        if not lead.handoff_ids:
            touch(lead)
            lead.invalidate_recordset(["handoff_ids"])
        return (lead.handoff_ids or lead._make_handoff()).sudo(False)

    def _make_handoff(self):
        handoffs = self.env["construction.handoff"].with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        return handoffs.create({"lead_id": self.id})

    def _ask_to_start(self):
        """Ask the person in charge to start the project of each sold deal, once; called with the order confirmed."""
        # sudo: the client may have signed in the portal
        for lead in self.sudo():
            if not lead.construction_type_id or lead.construction_project_id:
                continue
            handoff = lead.handoff_ids[:1] or lead._make_handoff()
            person = lead._get_person_to_start()
            if person:
                handoff._schedule(START_ACTIVITY, person)

    def _get_person_to_start(self):
        """Give who is asked to start the project: its planned manager, else the salesperson."""
        self.ensure_one()
        return (self.planned_manager_id or self.user_id).filtered("active")

    def _stop_asking_to_start(self):
        """Nobody needs to start a project of these deals: it runs, or nothing is ordered any more."""
        kind = self.env["ir.model.data"]._xmlid_to_res_id(START_ACTIVITY)
        self.env["mail.activity"].flush_model()
        # By SQL, in one query of a start: nothing hangs on this activity but that it is done.
        self.env.cr.execute(
            SQL(
                """UPDATE mail_activity SET active = FALSE, date_done = %s
                    WHERE activity_type_id = %s AND res_model = 'construction.handoff' AND active
                      AND res_id IN (SELECT id FROM construction_handoff WHERE lead_id IN %s)""",
                fields.Date.context_today(self),
                kind,
                tuple(self.ids) or (0,),
            )
        )
        self.env["mail.activity"].invalidate_model(["active", "date_done"])
        self.env["construction.handoff"].invalidate_model(["activity_ids"])
