from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..pipeline.row_lock import touch

# What a snag of this severity holds until it is verified, and the days there are to put it right.
HOLDS = {"minor": "nothing", "major": "retention", "critical": "handover"}
DAYS_TO_FIX = {"minor": 14, "major": 7, "critical": 3}
OPEN_STATES = ("open", "fixed")


class ConstructionSnag(models.Model):
    """Something that is not as it should be: where, who puts it right until when, and what waits for it."""

    _name = "construction.snag"
    _description = "Snag"
    _inherit = ["construction.site.record", "construction.reason.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "project_id, number desc, id desc"
    _rec_names_search = ["name", "place_id"]
    _check_company_auto = True
    _step_defaults = {
        "state": "open",
        "number": False,
        "fixed_by_id": False,
        "date_fixed": False,
        "verified_by_id": False,
        "date_verified": False,
        "reject_reason": False,
        "cancel_reason": False,
        "activity_id": False,
    }

    name = fields.Char(string="What Is Wrong", required=True, tracking=True)
    number = fields.Integer(string="No.", readonly=True, copy=False, aggregator=None)
    project_id = fields.Many2one(
        "project.project",
        default=lambda self: self._get_last_project(),
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('construction_type_id', '!=', False), ('is_template', '=', False)]",
    )
    # Stored: record rules ask for it.
    company_id = fields.Many2one(related="project_id.company_id", store=True, precompute=True, index=True)
    state = fields.Selection(
        [("open", "Open"), ("fixed", "Put Right"), ("verified", "Verified"), ("cancelled", "Cancelled")],
        default="open",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        group_expand=True,
    )
    place_id = fields.Many2one(
        "construction.place",
        domain="[('project_id', '=', project_id)]",
        index="btree_not_null",
        ondelete="restrict",
        help="Room, floor, facade… Type it once, it is proposed from then on.",
    )
    description = fields.Text(string="Details")
    photo_before = fields.Image(max_width=1600, max_height=1600, copy=False)
    photo_after = fields.Image(max_width=1600, max_height=1600, copy=False)
    # Stored: the kanban shows many of them.
    photo_small = fields.Image(
        string="Small Photo Before",
        related="photo_before",
        max_width=256,
        max_height=256,
        store=True,
    )
    photo_after_small = fields.Image(
        string="Small Photo After",
        related="photo_after",
        max_width=256,
        max_height=256,
        store=True,
    )
    position_id = fields.Many2one(
        "construction.position",
        string="Chapter",
        domain="[('project_id', '=', project_id)]",
        index="btree_not_null",
        ondelete="set null",
        help="The works that are not as they should be.",
    )
    task_id = fields.Many2one(
        "project.task",
        domain="[('project_id', '=', project_id)]",
        index="btree_not_null",
        ondelete="set null",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        domain="[('share', '=', False)]",
        index="btree_not_null",
        tracking=True,
        help="Gets an activity until the snag is put right. Empty: the foreman of the crew, else the manager of the "
        "project.",
    )
    crew_id = fields.Many2one(
        "construction.crew",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The crew of ours that puts it right.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Subcontractor",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Who puts it right, when it is not our own people.",
    )
    responsible = fields.Char(string="Who Fixes It", compute="_compute_responsible")
    severity = fields.Selection(
        [("minor", "Minor"), ("major", "Major"), ("critical", "Critical")],
        default="minor",
        required=True,
        tracking=True,
        help="Proposes what the snag holds and when it is due.",
    )
    holds = fields.Selection(
        [("nothing", "Nothing"), ("retention", "Retention"), ("handover", "Handover")],
        string="Holds Up",
        compute="_compute_holds",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
        help="What waits until this snag is verified: the handover of the works, or only the release of what the "
        "client keeps back.",
    )
    found_at = fields.Selection(
        [("inspection", "Inspection"), ("handover", "Handover"), ("warranty", "Warranty")],
        default="inspection",
        required=True,
    )
    date_found = fields.Date(string="Found On", default=fields.Date.context_today, required=True)
    date_due = fields.Date(
        string="Due",
        compute="_compute_date_due",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        index="btree_not_null",
    )
    is_overdue = fields.Boolean(compute="_compute_is_overdue", export_string_translation=False)
    fixed_by_id = fields.Many2one("res.users", string="Put Right By", readonly=True, copy=False)
    date_fixed = fields.Date(string="Put Right On", readonly=True, copy=False)
    verified_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    date_verified = fields.Date(string="Verified On", readonly=True, copy=False)
    reject_reason = fields.Text(string="Rejected Because", readonly=True, copy=False)
    cancel_reason = fields.Text(string="Cancelled Because", readonly=True, copy=False)
    activity_id = fields.Many2one(
        "mail.activity",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        export_string_translation=False,
    )

    _project_number_uniq = models.UniqueIndex(
        "(project_id, number) WHERE number > 0",
        "Another snag of this project already has this number.",
    )

    # === COMPUTE === #

    @api.depends("number", "name")
    def _compute_display_name(self):
        for snag in self:
            snag.display_name = f"{snag.number}. {snag.name or ''}" if snag.number else snag.name

    @api.depends("severity")
    def _compute_holds(self):
        for snag in self:
            snag.holds = HOLDS.get(snag.severity, "nothing")

    @api.depends("severity")
    def _compute_date_due(self):
        for snag in self:
            if not snag.date_due:
                found = snag.date_found or fields.Date.context_today(snag)
                snag.date_due = found + timedelta(days=DAYS_TO_FIX.get(snag.severity, 7))

    @api.depends("user_id", "crew_id", "partner_id")
    def _compute_responsible(self):
        for snag in self:
            snag.responsible = ", ".join(snag._get_responsible_names())

    @api.depends("state", "date_due")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for snag in self:
            snag.is_overdue = bool(snag.state == "open" and snag.date_due and snag.date_due < today)

    # === CONSTRAINT === #

    @api.constrains("project_id", "place_id", "task_id", "position_id")
    def _check_project(self):
        for snag in self:
            if not snag.project_id.construction_type_id:
                raise ValidationError(
                    self.env._(
                        "“%(project)s” is no construction project: it has no snags.", project=snag.project_id.name
                    )
                )
            # reason of sudo: tasks and chapters need not be open to everyone who writes snags
            linked = snag.place_id.project_id | snag.sudo().task_id.project_id | snag.sudo().position_id.project_id
            if linked - snag.project_id:
                raise ValidationError(
                    self.env._(
                        "The place, the chapter and the task of snag “%(snag)s” must be those of its project.",
                        snag=snag.name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        snags = super().create(vals_list)
        snags._number()
        snags._refresh_activity()
        snags._tell_holds()
        return snags

    def write(self, vals):
        if not self.env.su:
            self._check_open(vals)
        result = super().write(vals)
        if {"user_id", "crew_id", "date_due", "name"} & vals.keys():
            self._refresh_activity()
        if {"holds", "severity"} & vals.keys():
            self._tell_holds()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_worked_on(self):
        for snag in self:
            if snag.state != "open" or snag.reject_reason:
                raise UserError(
                    self.env._(
                        "Snag %(snag)s has been worked on and stays on the list. The project manager can cancel it, "
                        "with a reason.",
                        snag=snag.display_name,
                    )
                )

    def unlink(self):
        contracts = self._get_contracts()
        # reason of sudo: the activity may be another person's
        self.sudo().activity_id.unlink()
        result = super().unlink()
        contracts._release_what_waited()
        return result

    # === BUSINESS === #

    def _number(self):
        """Number new snags on from the last one of their project; two people at once get two numbers."""
        fresh = self.filtered(lambda snag: not snag.number)
        for project in fresh.project_id:
            touch(project)
            # reason of sudo: numbers go on from snags which this user may not see
            [(last,)] = self.sudo()._read_group([("project_id", "=", project.id)], aggregates=["number:max"])
            own = fresh.filtered(lambda snag, project=project: snag.project_id == project)
            for number, snag in enumerate(own.sorted("id"), start=(last or 0) + 1):
                snag.sudo().number = number  # as above

    def _check_open(self, vals):
        """Refuse to rewrite what was verified or cancelled."""
        free = {"message_follower_ids", "activity_ids", "message_main_attachment_id"}
        if not vals.keys() - free - self._step_defaults.keys():
            return
        for snag in self:
            if "project_id" in vals and vals["project_id"] != snag.project_id.id:
                raise UserError(
                    self.env._(
                        "Snag %(snag)s has its number in its project and stays there. Cancel it and write a new one.",
                        snag=snag.display_name,
                    )
                )
            if snag.state not in OPEN_STATES:
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "Snag %(snag)s can no longer be changed: its state is “%(state)s”.",
                        snag=snag.display_name,
                        state=labels[snag.state],
                    )
                )

    def _get_responsible_names(self):
        """Who puts this snag right, the people first who do it themselves."""
        self.ensure_one()
        return [name for name in (self.partner_id.display_name, self.crew_id.name, self.user_id.name) if name]

    def _get_contracts(self):
        """The contracts whose retention these snags may hold, with sudo."""
        # reason of sudo: who writes snags may have no rights on deals and contracts
        contracts = self.sudo().project_id.lead_id.contract_ids
        return contracts.filtered(lambda contract: contract.state != "cancelled")

    def _tell_holds(self):
        """A snag that holds nothing any more may free a retention."""
        self._get_contracts()._release_what_waited()

    @api.model
    def _search_holding(self, projects, holds):
        """Open snags of these projects that hold one of the given things, with sudo.

        :param holds: of "handover" and "retention"
        """
        # reason of sudo: what holds is said to whoever is held up
        return self.sudo().search(
            [("project_id", "in", projects.ids), ("state", "in", OPEN_STATES), ("holds", "in", holds)],
            order="project_id, number",
        )

    def _describe(self):
        """These snags in one line, at most five by name."""
        names = [self.env._("no. %(number)s “%(name)s”", number=snag.number, name=snag.name) for snag in self[:5]]
        if len(self) > 5:
            names.append(self.env._("%(count)s more", count=len(self) - 5))
        return ", ".join(names)

    def _describe_handover_hold(self):
        """Say that these snags keep the works from being handed over."""
        return self.env._("Snags that hold the handover are not verified yet: %(snags)s.", snags=self._describe())
