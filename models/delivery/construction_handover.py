from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from .construction_snag import OPEN_STATES

# What may still be filled in on an act that is ready: how it is signed.
SIGN_FIELDS = {
    "signature_own",
    "signed_own_by",
    "signed_own_on",
    "signature_client",
    "signed_client_by",
    "signed_client_on",
    "signed_copy",
    "signed_copy_name",
}
FREE_FIELDS = {"message_follower_ids", "activity_ids", "message_main_attachment_id", "access_token"}


class ConstructionHandover(models.Model):
    """The act by which the client takes over works: who was there, what was handed over, what is still open."""

    _name = "construction.handover"
    _description = "Handover Act"
    _inherit = [
        "construction.site.record",
        "construction.kept.print",
        "construction.reason.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "portal.mixin",
    ]
    _order = "date desc, id desc"
    _check_company_auto = True
    # accountants discuss acts which they may only read
    _mail_post_access = "read"
    _kept_report = "construction_crm.action_report_construction_handover"
    _kept_field = "signed_attachment_id"
    _step_defaults = {
        "state": "draft",
        "date_signed": False,
        "signed_attachment_id": False,
        "is_signed_online": False,
        "delivered": False,
    }

    name = fields.Char(
        string="Number",
        default=lambda self: self.env._("New"),
        required=True,
        readonly=True,
        copy=False,
        index="trigram",
    )
    project_id = fields.Many2one(
        "project.project",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('construction_type_id', '!=', False), ('is_template', '=', False)]",
    )
    # Stored: record rules ask for it.
    company_id = fields.Many2one(related="project_id.company_id", store=True, precompute=True, index=True)
    contract_id = fields.Many2one(
        "construction.contract",
        compute="_compute_from_project",
        # reason of sudo: who writes acts need not read the deal
        compute_sudo=True,
        store=True,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Client",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        ondelete="restrict",
    )
    kind = fields.Selection(
        [("partial", "Part of the Works"), ("final", "All of the Works")],
        default="final",
        required=True,
        help="The act over all of the works completes the contract: the warranty starts, and the retention kept until "
        "handover gets due.",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("ready", "Ready to Sign"), ("signed", "Signed"), ("cancelled", "Cancelled")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    date = fields.Date(
        string="Handed Over On",
        required=True,
        default=fields.Date.context_today,
        tracking=True,
        help="The warranty counts from this day.",
    )
    place = fields.Char(help="Where the act is signed.")
    milestone_id = fields.Many2one(
        "project.milestone",
        string="Stage",
        domain="[('project_id', '=', project_id), ('project_stage_id', '!=', False)]",
        ondelete="set null",
        index="btree_not_null",
        help="The stage of works that is handed over.",
    )
    position_ids = fields.Many2many(
        "construction.position",
        "construction_handover_position_rel",
        string="Chapters",
        domain="[('project_id', '=', project_id)]",
        copy=False,
        help="The chapters that are handed over. Empty: those of the stage, or all of the works.",
    )
    scope = fields.Text(string="What Is Handed Over", help="In words, when it is not a stage or chapters as a whole.")
    remarks = fields.Text(string="Client's Remarks")
    participant_ids = fields.One2many("construction.handover.participant", "handover_id", copy=True)
    document_ids = fields.One2many("construction.handover.document", "handover_id", string="Handed Over", copy=True)
    meter_ids = fields.One2many("construction.handover.meter", "handover_id", string="Meters", copy=True)
    snag_ids = fields.One2many("construction.handover.snag", "handover_id", string="Annex: Open Snags", copy=False)
    signature_own = fields.Image(string="Our Signature", max_width=1024, max_height=1024, copy=False)
    signed_own_by = fields.Char(string="Signed for Us By", copy=False)
    signed_own_on = fields.Date(string="We Signed On", copy=False)
    signature_client = fields.Image(string="Client's Signature", max_width=1024, max_height=1024, copy=False)
    signed_client_by = fields.Char(string="Signed for the Client By", copy=False)
    signed_client_on = fields.Date(string="Client Signed On", copy=False)
    is_signed_online = fields.Boolean(string="Signed on the Portal", readonly=True, copy=False)
    signed_copy = fields.Binary(
        string="Signed Paper",
        attachment=True,
        copy=False,
        help="The act signed on paper, scanned or photographed. It stands for the signatures on screen.",
    )
    signed_copy_name = fields.Char(copy=False)
    date_signed = fields.Datetime(string="Completed On", readonly=True, copy=False)
    signed_attachment_id = fields.Many2one(
        "ir.attachment",
        string="As Signed",
        readonly=True,
        copy=False,
        # looked up whenever a file is changed
        index="btree_not_null",
    )
    # What signing changed, so that it can be undone.
    delivered = fields.Json(readonly=True, copy=False, export_string_translation=False)
    date_warranty_end = fields.Date(
        string="Warranty Until",
        compute="_compute_date_warranty_end",
        # reason of sudo: who reads the act sees how long the warranty lasts
        compute_sudo=True,
    )
    obstacles = fields.Text(compute="_compute_obstacles", help="Why the act cannot be signed yet.")
    open_snag_count = fields.Integer(string="Open Snags", compute="_compute_obstacles")

    _name_company_uniq = models.UniqueIndex("(name, company_id)", "Another handover act already has this number.")
    _final_project_uniq = models.UniqueIndex(
        "(project_id) WHERE kind = 'final' AND state != 'cancelled'",
        "This project already has an act over all of its works. Open that one, or cancel it first.",
    )

    # === COMPUTE === #

    @api.depends("project_id")
    def _compute_from_project(self):
        for act in self:
            act.contract_id = act.project_id.contract_id

    @api.depends("project_id")
    def _compute_partner_id(self):
        for act in self:
            act.partner_id = act.partner_id or act.project_id.partner_id

    @api.depends("date", "kind", "contract_id.warranty_months", "contract_id.date_warranty_end", "state")
    def _compute_date_warranty_end(self):
        for act in self:
            contract = act.contract_id
            if act.kind != "final" or not contract.warranty_months or not act.date:
                act.date_warranty_end = False
            elif act.state == "signed":
                act.date_warranty_end = contract.date_warranty_end
            else:
                act.date_warranty_end = act.date + relativedelta(months=contract.warranty_months)

    @api.depends("project_id", "kind", "state")
    def _compute_obstacles(self):
        for act in self:
            is_open = act.project_id and act.state in ("draft", "ready")
            act.obstacles = "\n".join(act._get_obstacles()) if is_open else False
            act.open_snag_count = len(act._get_open_snags()) if act.project_id else 0

    def _compute_access_url(self):  # pylint: disable=missing-return
        super()._compute_access_url()
        for act in self:
            act.access_url = f"/my/handovers/{act.id}"

    # === ONCHANGE === #

    @api.onchange("project_id")
    def _onchange_project_id(self):
        """Propose who takes part and what is handed over, as long as nothing of it is entered."""
        if not self.project_id:
            return
        if not self.participant_ids:
            self.participant_ids = [Command.create(values) for values in self._prepare_participants()]
        if not self.document_ids:
            self.document_ids = [Command.create({"name": name}) for name in self._get_document_names()]
        if not self.meter_ids:
            names = (self.env._("Electricity"), self.env._("Water"))
            units = (self.env._("kWh"), self.env._("m³"))
            self.meter_ids = [
                Command.create({"name": name, "unit": unit}) for name, unit in zip(names, units, strict=True)
            ]

    # === CONSTRAINT === #

    @api.constrains("project_id", "milestone_id", "position_ids")
    def _check_project(self):
        for act in self:
            if not act.project_id.construction_type_id:
                raise ValidationError(
                    self.env._(
                        "“%(project)s” is no construction project: its works are not handed over by an act.",
                        project=act.project_id.name,
                    )
                )
            if act.milestone_id and act.milestone_id.project_id != act.project_id:
                raise ValidationError(self.env._("The stage of act %(act)s must be one of its project.", act=act.name))
            # reason of sudo: chapters need not be open to everyone who writes acts
            if act.sudo().position_ids.project_id - act.project_id:
                raise ValidationError(
                    self.env._("The chapters of act %(act)s must be those of its project.", act=act.name)
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        new = self.env._("New")
        for vals in vals_list:
            if (vals.get("name") or new) == new:
                project = self.env["project.project"].browse(vals.get("project_id"))
                company = project.company_id or self.env.company
                # reason of sudo: the numbering counts up, whoever makes the act
                sequence = self.env["ir.sequence"].sudo().with_company(company)
                vals["name"] = sequence.next_by_code("construction.handover") or new
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_open(vals)
        today = fields.Date.context_today(self)
        for side in ("own", "client"):
            if f"signature_{side}" in vals and f"signed_{side}_on" not in vals:
                vals = {**vals, f"signed_{side}_on": today if vals[f"signature_{side}"] else False}
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        for act in self:
            if act.state != "draft":
                raise UserError(
                    self.env._("Handover act %(act)s is no draft and is kept. Cancel it instead.", act=act.name)
                )

    # === BUSINESS === #

    def _check_open(self, vals=None):
        """Refuse changes of what is to be signed, or was.

        :param vals: the values to be written, any change of the content when left out
        """
        names = {"content"} if vals is None else vals.keys() - FREE_FIELDS - self._step_defaults.keys()
        for act in self:
            if act.state == "ready" and names - SIGN_FIELDS:
                raise UserError(
                    self.env._(
                        "Handover act %(act)s is ready to be signed and can no longer be changed. "
                        "Set it back to draft.",
                        act=act.name,
                    )
                )
            if act.state in ("signed", "cancelled") and names:
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "Handover act %(act)s can no longer be changed: its state is “%(state)s”.",
                        act=act.name,
                        state=labels[act.state],
                    )
                )

    def _get_contracts(self):
        """The contracts of the works, with sudo."""
        # reason of sudo: who hands works over may have no rights on deals and contracts
        act = self.sudo()
        contracts = act.project_id.lead_id.contract_ids | act.contract_id
        return contracts.filtered(lambda contract: contract.state != "cancelled")

    def _get_open_snags(self):
        """Snags of the project that are not verified, with sudo: an act names all of them."""
        # reason of sudo: the annex is complete, whoever prints it
        return (
            self.env["construction.snag"]
            .sudo()
            .search(
                [("project_id", "in", self.project_id.ids), ("state", "in", OPEN_STATES)], order="project_id, number"
            )
        )

    def _get_handover_stages(self):
        """The stages of handover of the project that are not reached."""
        return self.project_id.milestone_ids.filtered(
            lambda stage: stage.project_stage_id.is_handover and not stage.is_reached
        )

    def _get_obstacles(self):
        """Why this act cannot be signed yet, one sentence each. Rooms that know more reasons add them."""
        self.ensure_one()
        obstacles = []
        snags = self._get_open_snags()
        if self.kind == "final":
            holding = snags.filtered(lambda snag: snag.holds == "handover")
            if holding:
                obstacles.append(holding._describe_handover_hold())
            for milestone in self._get_handover_stages():
                obstacles += [hold for hold in map(str, milestone._get_reach_holds()) if hold not in obstacles]
            if self._get_contracts() and not self._get_contracts().filtered(lambda contract: contract.state != "draft"):
                obstacles.append(self.env._("The contract of these works is not signed yet."))
        undated = snags.filtered(lambda snag: not snag.date_due)
        if undated:
            obstacles.append(
                self.env._("Open snags need a day until which they are fixed: %(snags)s.", snags=undated._describe())
            )
        return obstacles

    def _prepare_participants(self):
        """Who signs the contract, and the other parties of the deal."""
        self.ensure_one()
        # reason of sudo: who writes acts need not read the deal; names of people only
        contract = self.sudo().contract_id or self.sudo().project_id.contract_id
        rows = [
            {"side": person.side, "name": person.name, "position": person.position, "partner_id": person.partner_id.id}
            for person in contract.signatory_ids
        ]
        sides = {row["side"] for row in rows}
        manager = self.project_id.user_id
        if manager and manager.partner_id.id not in {row["partner_id"] for row in rows}:
            rows.insert(0, {"side": "own", "name": manager.name, "partner_id": manager.partner_id.id})
        client = self.project_id.partner_id
        if "client" not in sides and client:
            rows.append({"side": "client", "name": client.name, "partner_id": client.id})
        known = {row.get("partner_id") for row in rows}
        # reason of sudo: as above
        for party in self.sudo().project_id.lead_id.party_ids:
            if party.partner_id.id not in known and party.partner_id != client:
                rows.append(
                    {
                        "side": "other",
                        "name": party.partner_id.name or party.partner_id.display_name,
                        "position": party.role_id.name,
                        "partner_id": party.partner_id.id,
                    }
                )
        return rows

    def _get_document_names(self):
        """What is handed over with works of this type."""
        self.ensure_one()
        items = self.project_id.construction_type_id.handover_item_ids
        if items:
            return items.mapped("name")
        return [
            self.env._("Keys"),
            self.env._("Operating manuals"),
            self.env._("Certificates of materials"),
            self.env._("Drawings as built"),
            self.env._("Warranty cards"),
        ]
