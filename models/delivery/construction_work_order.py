from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

# What the steps of a work order set, and nobody else.
STEP_FIELDS = frozenset({"state", "name", "date_issued", "issued_by_id", "date_done", "done_by_id", "correction"})
# What the crew may still tell once it has the order.
OPEN_FIELDS = frozenset({"done_note", "attachment_ids"})
# Not written by people, so never refused.
FREE_PREFIXES = ("message_", "activity_", "website_message", "rating_", "my_activity")


class ConstructionWorkOrder(models.Model):
    """What a crew is to build now: so much of which chapters, with what, on one page."""

    _name = "construction.work.order"
    _description = "Work Order"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_start desc, id desc"
    _check_company_auto = True

    _name_company_uniq = models.UniqueIndex(
        "(name, company_id) WHERE name <> ''",
        "Another work order has this number.",
    )
    _dates_in_order = models.Constraint(
        "CHECK(date_end IS NULL OR date_start IS NULL OR date_end >= date_start)",
        "The works of a work order cannot end before they start. Correct its dates.",
    )

    name = fields.Char(string="Number", default="", readonly=True, copy=False, index="trigram")
    project_id = fields.Many2one(
        "project.project",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('construction_type_id', '!=', False), ('is_template', '=', False)]",
    )
    # Stored: rules and the numbering go by it.
    company_id = fields.Many2one("res.company", compute="_compute_company_id", store=True, precompute=True, index=True)
    partner_id = fields.Many2one("res.partner", string="Client", related="project_id.partner_id")
    site_id = fields.Many2one("res.partner", compute="_compute_site_id")
    manager_id = fields.Many2one("res.users", string="Project Manager", related="project_id.user_id")
    is_manager = fields.Boolean(compute="_compute_is_manager", export_string_translation=False)
    crew_id = fields.Many2one(
        "construction.crew",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Foreman",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('share', '=', False)]",
        index="btree_not_null",
        tracking=True,
        help="Who answers for these works on the site. The order is handed to them.",
    )
    date_start = fields.Date(string="Start", default=fields.Date.context_today, tracking=True, index=True)
    date_end = fields.Date(string="End", tracking=True)
    state = fields.Selection(
        [("draft", "Draft"), ("issued", "Issued"), ("done", "Done"), ("cancelled", "Cancelled")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    line_ids = fields.One2many("construction.work.order.line", "order_id", string="Works", copy=True)
    note = fields.Text(string="Instructions", help="How the works are to be done; printed.")
    access_note = fields.Text(
        string="Access to the Site",
        compute="_compute_site_notes",
        store=True,
        readonly=False,
        precompute=True,
        help="Keys, hours, parking, water and power; printed. Proposed from the last work order of the project, else "
        "from what sales handed over.",
    )
    safety_note = fields.Text(
        string="Safety and Hazards",
        compute="_compute_site_notes",
        store=True,
        readonly=False,
        precompute=True,
        help="What the crew must watch out for; printed. Proposed from the last work order of the project, else "
        "from what sales handed over.",
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "construction_work_order_attachment_rel",
        "work_order_id",
        "attachment_id",
        string="Drawings and Photos",
        copy=False,
        help="Pictures are printed on the order, other files are listed.",
    )
    correction = fields.Integer(
        readonly=True,
        copy=False,
        help="How many times the order was corrected after the crew had it.",
    )
    correction_reason = fields.Char(
        string="Reason of the Correction",
        copy=False,
        tracking=True,
        help="What is different from the order the crew has; printed.",
    )
    date_issued = fields.Datetime(string="Issued On", readonly=True, copy=False)
    issued_by_id = fields.Many2one("res.users", string="Issued by", readonly=True, copy=False)
    date_done = fields.Date(string="Done On", readonly=True, copy=False)
    done_by_id = fields.Many2one("res.users", string="Reported Done by", readonly=True, copy=False)
    done_note = fields.Text(string="Remarks of the Crew", copy=False)
    hours = fields.Float(string="Planned Hours", compute="_compute_hours")
    line_count = fields.Integer(string="Chapters", compute="_compute_hours")
    warning = fields.Char(compute="_compute_warning")

    # === COMPUTE === #

    @api.depends("project_id.company_id")
    def _compute_company_id(self):
        for order in self:
            order.company_id = order.project_id.company_id or order.company_id or self.env.company

    @api.depends("project_id.site_id", "project_id.partner_id")
    def _compute_site_id(self):
        for order in self:
            order.site_id = order.project_id.site_id or order.project_id.partner_id

    @api.depends("crew_id")
    def _compute_user_id(self):
        for order in self:
            order.user_id = order.crew_id.leader_id or order.user_id

    @api.depends("project_id")
    @api.depends_context("uid")
    def _compute_is_manager(self):
        for order in self:
            order.is_manager = bool(order.project_id) and order.project_id._is_manager()

    @api.depends("project_id")
    def _compute_site_notes(self):
        for order in self:
            last = self.search(
                [("project_id", "=", order.project_id.id), ("id", "!=", order._origin.id)], order="id desc", limit=1
            )
            access, hazards = (last.access_note, last.safety_note) if last else order._get_known_notes()
            order.access_note = order.access_note or access
            order.safety_note = order.safety_note or hazards

    @api.depends("line_ids.hours")
    def _compute_hours(self):
        for order in self:
            order.hours = sum(order.line_ids.mapped("hours"))
            order.line_count = len(order.line_ids)

    @api.depends("line_ids.is_over", "line_ids.quantity", "state")
    def _compute_warning(self):
        for order in self:
            over = order.line_ids.filtered("is_over") if order.state in ("draft", "issued") else order.line_ids.browse()
            order.warning = over._get_over_message() if over else False

    # === CONSTRAINTS === #

    @api.constrains("project_id")
    def _check_project(self):
        self.line_ids._check_project()

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._check_starts_as_draft(vals_list)
        orders = super().create(vals_list)
        for order in orders.filtered(lambda order: not order.name):
            # sudo: numbering is no right of its own, whoever makes the order gets a number.
            sequence = self.env["ir.sequence"].sudo().with_company(order.company_id)
            order.sudo().name = sequence.next_by_code("construction.work.order")
        orders._own_attachments()
        return orders

    def write(self, vals):
        self._check_may_change(vals)
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._own_attachments()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issued(self):
        for order in self:
            if order.state in ("issued", "done"):
                raise UserError(
                    self.env._(
                        "The crew has work order %(order)s: it cannot be deleted. Cancel it instead.", order=order.name
                    )
                )

    # === BUSINESS === #

    def _write_step(self, vals):
        """Write what only the steps of a work order may set."""
        self.check_access("write")
        # sudo: nobody else passes the guard of write().
        return self.sudo().write(vals)

    def _check_starts_as_draft(self, vals_list):
        """Refuse to make an order that is further than a draft; the steps are buttons."""
        if any(vals.get("state", "draft") != "draft" or vals.get("correction") for vals in vals_list):
            raise UserError(self._get_step_message())

    def _check_may_change(self, vals):
        """Refuse to set by hand what steps set, and to change what the crew has."""
        if self.env.su:
            return
        names = {name for name in vals if not name.startswith(FREE_PREFIXES)}
        steps = names & STEP_FIELDS
        for order in self:
            if any(order._is_changed_by(name, vals[name]) for name in steps):
                raise UserError(self._get_step_message())
            if order.state == "draft":
                continue
            changed = {name for name in names - OPEN_FIELDS if order._is_changed_by(name, vals[name])}
            if changed:
                order._raise_closed()

    def _is_changed_by(self, name, value):
        field = self._fields[name]
        if field.type in ("one2many", "many2many"):
            return bool(value)
        return field.convert_to_write(self[name], self) != (value or False) and bool(self[name] or value)

    def _raise_closed(self):
        self.ensure_one()
        states = dict(self._fields["state"]._description_selection(self.env))
        raise UserError(
            self.env._(
                "Work order %(order)s can no longer be changed: its state is “%(state)s” and the crew has it as it is. "
                "Press “Correct” to change it and give it out again.",
                order=self.name,
                state=states[self.state],
            )
        )

    def _get_step_message(self):
        return self.env._("The state of a work order is changed by its buttons: Issue, Done, Correct, Cancel.")

    def _own_attachments(self):
        """Let everybody who sees the order see what is attached to it."""
        for order in self:
            # sudo: the files were just uploaded by this user and belong to no record yet.
            loose = order.sudo().attachment_ids.filtered(
                lambda file: not file.res_id and file.create_uid == self.env.user
            )
            loose.write({"res_model": self._name, "res_id": order.id})

    # === HOOKS === #

    def _get_known_notes(self):
        """Give what is known of the site before the first work order: what sales handed over.

        :return: (access to the site, hazards), texts or False
        """
        self.ensure_one()
        # sudo: only what sales wrote down for those who build; the deal itself stays closed to them.
        handoffs = self.env["construction.handoff"].sudo()
        lead = self.sudo().project_id.lead_id
        handoff = lead and handoffs.search([("lead_id", "=", lead.id)], limit=1)
        return (handoff.note, handoff.hazards) if handoff else (False, False)

    @api.model
    def _prepare_line_commands(self, quantities):
        """Give the commands that make lines.

        :param quantities: dict of `construction.position` → how much of it
        """
        return [
            Command.create({"position_id": position.id, "quantity": quantity, "sequence": sequence})
            for sequence, (position, quantity) in enumerate(quantities.items(), start=1)
        ]
