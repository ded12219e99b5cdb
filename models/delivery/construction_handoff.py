from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..contract.construction_contract import LIVE_STATES
from ..pipeline.row_lock import take
from .handoff_check import Check

START_ACTIVITY = "construction_crm.mail_activity_type_start_project"
ACCEPT_ACTIVITY = "construction_crm.mail_activity_type_handoff_accept"
RETURNED_ACTIVITY = "construction_crm.mail_activity_type_handoff_returned"


class ConstructionHandoff(models.Model):
    """The job transfer of a sold job from who sold it to who builds it: what must be known, and whether it is."""

    _name = "construction.handoff"
    _description = "Job Transfer to the Works"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    lead_id = fields.Many2one("crm.lead", string="Deal", required=True, readonly=True, ondelete="cascade", index=True)
    # What is shown of the deal is read with sudo: whoever builds has no right on deals.
    company_id = fields.Many2one(related="lead_id.company_id")
    partner_id = fields.Many2one(related="lead_id.partner_id", string="Client")
    site_id = fields.Many2one(related="lead_id.site_id")
    construction_type_id = fields.Many2one(related="lead_id.construction_type_id")
    user_id = fields.Many2one(related="lead_id.user_id", string="Salesperson")
    project_id = fields.Many2one(related="lead_id.construction_project_id", string="Project")
    manager_id = fields.Many2one(
        "res.users", string="Project Manager", compute="_compute_manager_id", compute_sudo=True
    )
    can_start_project = fields.Boolean(related="lead_id.can_start_project", export_string_translation=False)
    is_manager = fields.Boolean(compute="_compute_is_manager", export_string_translation=False)
    state = fields.Selection(
        [
            ("open", "To Accept"),
            ("returned", "Returned"),
            ("accepted", "Accepted"),
        ],
        default="open",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    promise_ids = fields.One2many("construction.promise", "handoff_id", string="Promises")
    are_promises_complete = fields.Boolean(
        string="All Promises Are Listed",
        tracking=True,
        help="Nothing else was promised to the client, by word of mouth or by message.",
    )
    hazards = fields.Text(help="What those who build must beware of: cables, asbestos, slopes, neighbours, dogs…")
    has_no_hazards = fields.Boolean(string="No Hazards Known", tracking=True)
    needs_no_drawings = fields.Boolean(string="No Drawings Needed", tracking=True)
    note = fields.Text(string="Notes for the Works", help="Access, keys, working hours, what the client cares about.")
    return_reason = fields.Text(string="Returned Because", copy=False, tracking=True)
    accepted_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    date_accepted = fields.Date(string="Accepted On", readonly=True, copy=False)
    checks = fields.Html(string="Checklist", compute="_compute_checks", compute_sudo=True)
    missing_count = fields.Integer(string="Missing", compute="_compute_checks", compute_sudo=True)

    _lead_uniq = models.UniqueIndex("(lead_id)", "This deal already has its job transfer.")

    # === COMPUTE === #

    @api.depends("lead_id")
    def _compute_display_name(self):
        for handoff in self:
            # sudo: whoever builds reads no deal, but its name
            name = handoff.sudo().lead_id.name or ""
            handoff.display_name = self.env._("Job transfer of %(deal)s", deal=name)

    @api.depends("project_id.user_id", "lead_id.planned_manager_id")
    def _compute_manager_id(self):
        for handoff in self:
            handoff.manager_id = handoff.project_id.user_id or handoff.lead_id.planned_manager_id

    @api.depends_context("uid")
    @api.depends("manager_id", "project_id.user_id")
    def _compute_is_manager(self):
        for handoff in self:
            handoff.is_manager = handoff._may_decide()

    @api.depends(
        "are_promises_complete",
        "has_no_hazards",
        "hazards",
        "needs_no_drawings",
        "promise_ids.state",
        "lead_id.contract_ids.state",
        "lead_id.partner_id",
        "lead_id.party_ids",
    )
    def _compute_checks(self):
        for handoff in self:
            checks = handoff._get_checks()
            handoff.missing_count = sum(not check.is_done for check in checks)
            handoff.checks = Markup("<ul class='list-unstyled mb-0'>%s</ul>") % Markup().join(
                check.to_html(self.env) for check in checks
            )

    # === CRUD === #

    def write(self, vals):
        if "state" in vals and not self.env.su:
            raise UserError(self.env._("The job transfer is accepted or returned by its buttons, not by hand."))
        return super().write(vals)

    # === ACTIONS === #

    def action_hand_over(self):
        """Hand a returned job over again: the project manager accepts it or returns it once more.

        :raises UserError: when it was not returned
        """
        for handoff in self:
            handoff.check_access("write")
            handoff._check_state("returned")
            # sudo: the state is written by its steps only
            handoff.sudo()._hand_over()
        return True

    def action_accept(self):
        """Take the job over: promises still open become tasks of the project.

        :raises AccessError: for anybody but the manager of the project and project administrators
        :raises UserError: without a project, or when it was accepted already
        """
        for handoff in self:
            handoff._check_may_decide()
            handoff._check_state("open", "returned")
            # sudo: the right was checked above; the tasks belong to a project that a project user may not write
            handoff.sudo()._accept(self.env.user)
        return True

    def action_ask_return(self):
        """Ask why the job goes back to who sold it."""
        self.ensure_one()
        self._check_may_decide()
        self._check_state("open")
        view = self.env.ref("construction_crm.construction_handoff_view_form_return")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Return the Job Transfer"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(view.id, "form")],
            "target": "new",
        }

    def action_return(self):
        """Give the job back to the salesperson with the reason that was written.

        :raises AccessError: for anybody but the manager of the project and project administrators
        :raises UserError: without a reason
        """
        self.ensure_one()
        self._check_may_decide()
        self._check_state("open")
        if not (self.return_reason or "").strip():
            raise UserError(self.env._("Say what is missing: the salesperson gets this reason as a task."))
        # sudo: the right was checked above
        self.sudo()._return()
        return {"type": "ir.actions.act_window_close"}

    def action_start_project(self):
        """Start the project of this deal, or open it. The deal checks the rights."""
        self.ensure_one()
        # sudo: a project manager may not read the deal; only the link is taken
        return self.sudo().lead_id.sudo(False).action_start_project()

    def action_view_project(self):
        self.ensure_one()
        return self.project_id.action_view_construction_project()

    def action_view_lead(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            # sudo: only the link is taken, the form checks the rights
            "res_id": self.sudo().lead_id.id,
            "views": [(False, "form")],
        }

    # === BUSINESS === #

    def _check_state(self, *states):
        """Refuse a step from any other state than these; a second one at the same moment waits and is refused."""
        self.ensure_one()
        take(self)
        if self.state not in states:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(handoff)s is in the state “%(state)s”: this step is no longer open. Reload the page.",
                    handoff=self.display_name,
                    state=labels[self.state],
                )
            )

    def _may_decide(self):
        """Tell whether this user accepts or returns: the manager of the project, and project administrators."""
        self.ensure_one()
        return self.project_id.sudo(False)._is_manager()

    def _check_may_decide(self):
        self.ensure_one()
        if not self.project_id:
            raise UserError(
                self.env._(
                    "The project of %(deal)s has not started yet. Start it first: the job transfer is accepted for it.",
                    # sudo: only its name
                    deal=self.sudo().lead_id.name,
                )
            )
        self.project_id.sudo(False)._check_is_manager()

    def _hand_over(self):
        self.write({"state": "open", "return_reason": False})
        self._close_activities(RETURNED_ACTIVITY)
        if self.manager_id:
            self._schedule(ACCEPT_ACTIVITY, self.manager_id)

    def _accept(self, user):
        self.write(
            {
                "state": "accepted",
                "accepted_by_id": user.id,
                "date_accepted": fields.Date.context_today(self),
                "return_reason": False,
            }
        )
        self._close_activities(ACCEPT_ACTIVITY, RETURNED_ACTIVITY)
        self._make_promise_tasks()

    def _return(self):
        self.write({"state": "returned"})
        self._close_activities(ACCEPT_ACTIVITY)
        person = self.user_id or self.lead_id.create_uid
        self._schedule(RETURNED_ACTIVITY, person, note=self.return_reason)

    def _schedule(self, activity_type, user, note=None):
        """Ask a person for something about this job, once."""
        self.ensure_one()
        kind = self.env.ref(activity_type, raise_if_not_found=False)
        if not kind or self.activity_ids.filtered(lambda activity: activity.activity_type_id == kind):
            return
        self.activity_schedule(activity_type, user_id=user.id, note=note or False)

    def _close_activities(self, *activity_types):
        """What was asked for is done; without a message, the step that did it tells."""
        kinds = [self.env["ir.model.data"]._xmlid_to_res_id(name) for name in activity_types]
        activities = self.env["mail.activity"].search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids), ("activity_type_id", "in", kinds)]
        )
        activities.write({"active": False})

    def _make_promise_tasks(self):
        """Make a task of each open promise that has none yet, in the project of its deal."""
        tasks = self.env["project.task"]
        take(self)
        for handoff in self.filtered("project_id"):
            promises = self.env["construction.promise"].search(
                [("handoff_id", "=", handoff.id), ("state", "=", "open"), ("task_id", "=", False)]
            )
            project = handoff.project_id
            vals_list = [
                {**promise._prepare_task_values(), "project_id": project.id, "stage_id": project.type_ids[:1].id}
                for promise in promises
            ]
            for promise, task in zip(promises, tasks._create_in_batch(project, vals_list), strict=True):
                promise.task_id = task
                tasks |= task
        return tasks

    # === CHECKLIST === #

    def _get_checks(self):
        """List what must be there before works begin; extend it to ask for more.

        :return: list of `Check`
        """
        self.ensure_one()
        return [
            self._check_contract(),
            self._check_advance(),
            self._check_drawings(),
            self._check_promises(),
            self._check_hazards(),
            self._check_contacts(),
        ]

    def _check_contract(self):
        contracts = self.lead_id.contract_ids.filtered(lambda contract: contract.state in LIVE_STATES)
        return Check(
            "contract",
            self.env._("Contract signed"),
            bool(contracts),
            ", ".join(contracts.mapped("name")) or self.env._("No contract of this deal is signed yet."),
        )

    def _check_advance(self):
        rows = self.lead_id.contract_ids.filtered(lambda contract: contract.state != "cancelled").instalment_ids
        advances = rows.filtered(lambda row: row.kind == "advance" and row.state != "cancelled")
        waiting = advances.filtered(lambda row: row.state != "collected")
        if not advances:
            detail = self.env._("No advance was agreed.")
        elif waiting:
            detail = self.env._("Not collected yet: %(names)s", names=", ".join(waiting.mapped("name")))
        else:
            detail = ", ".join(advances.mapped("name"))
        return Check("advance", self.env._("Advance collected"), not waiting, detail)

    def _check_drawings(self):
        count = self._count_drawings()
        if count:
            detail = self.env._("%(count)s files on the deal, its sheets, contract or project.", count=count)
        elif self.needs_no_drawings:
            detail = self.env._("None are needed.")
        else:
            detail = self.env._("Attach them to the deal, the sheet, the contract or the project.")
        return Check("drawings", self.env._("Drawings attached"), bool(count) or self.needs_no_drawings, detail)

    def _count_drawings(self):
        """Count the files people attached to the records of this job; printed quotes are none of them."""
        lead = self.lead_id
        domain = [
            ("res_field", "=", False),
            "|",
            "|",
            "&",
            ("res_model", "=", "crm.lead"),
            ("res_id", "=", lead.id),
            "&",
            ("res_model", "=", "construction.evaluation"),
            ("res_id", "in", lead.evaluation_ids.ids),
            "&",
            ("res_model", "=", "project.project"),
            ("res_id", "=", self.project_id.id),
        ]
        return self.env["ir.attachment"].search_count(domain) + len(lead.contract_ids.document_ids)

    def _check_promises(self):
        waiting = self.promise_ids.filtered(lambda promise: promise.state == "open" and not promise.task_id)
        if waiting:
            detail = self.env._(
                "%(count)s open; they become tasks when the job transfer is accepted.", count=len(waiting)
            )
        elif self.promise_ids:
            detail = self.env._("%(count)s listed.", count=len(self.promise_ids))
        else:
            detail = self.env._("None listed.")
        return Check("promises", self.env._("All promises are listed"), self.are_promises_complete, detail)

    def _check_hazards(self):
        if (self.hazards or "").strip():
            detail = self.env._("Written below.")
        elif self.has_no_hazards:
            detail = self.env._("None are known.")
        else:
            detail = self.env._("Write what those who build must beware of, or tick that nothing is known.")
        is_done = bool((self.hazards or "").strip()) or self.has_no_hazards
        return Check("hazards", self.env._("Hazards named"), is_done, detail)

    def _check_contacts(self):
        people = self.lead_id.partner_id | self.lead_id.party_ids.partner_id
        reachable = people.filtered(lambda partner: partner.phone or partner.email)
        detail = ", ".join(
            f"{partner.name} {partner.phone or partner.email}" for partner in reachable[:4]
        ) or self.env._("Nobody of this job has a phone number or an e-mail address.")
        return Check("contacts", self.env._("Somebody can be reached"), bool(reachable), detail)
