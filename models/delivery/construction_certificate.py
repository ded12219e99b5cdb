from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ...core.delivery.certificate import check
from ..contract.construction_instalment import BILLED_STATES
from ..pipeline.row_lock import take
from .construction_position import AMOUNT_GROUPS


class ConstructionCertificate(models.Model):
    """What was done of a contract in a period, to be paid: previous, this period, cumulative, remaining."""

    _name = "construction.certificate"
    _description = "Progress Certificate"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "contract_id desc, number desc, id desc"
    _mail_post_access = "read"

    contract_id = fields.Many2one(
        "construction.contract", required=True, readonly=True, index=True, ondelete="restrict"
    )
    # Stored: certificates are grouped and protected by them.
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="contract_id.currency_id", store=True)
    partner_id = fields.Many2one(related="contract_id.partner_id", store=True, string="Client")
    # reason of sudo in related fields: who reads the certificate sees which project it is about
    project_id = fields.Many2one(
        "project.project", compute="_compute_project_id", store=True, index="btree_not_null", compute_sudo=True
    )
    number = fields.Integer(
        string="No.", readonly=True, copy=False, aggregator=None, help="Counts the certificates of the contract."
    )
    date = fields.Date(
        string="Issued On", required=True, default=fields.Date.context_today, help="The invoice is due from this day."
    )
    date_from = fields.Date(string="From")
    date_to = fields.Date(
        string="To",
        required=True,
        default=fields.Date.context_today,
        help="Progress approved up to this day is certified.",
    )
    step = fields.Selection(
        [("draft", "Draft"), ("approved", "Approved"), ("cancelled", "Cancelled")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        export_string_translation=False,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("approved", "To Invoice"),
            ("invoiced", "Invoiced"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_state",
        # searched and grouped
        store=True,
        tracking=True,
        index=True,
        copy=False,
    )
    is_latest = fields.Boolean(compute="_compute_is_latest", export_string_translation=False)
    can_manage = fields.Boolean(compute="_compute_can_manage", export_string_translation=False)
    line_ids = fields.One2many("construction.certificate.line", "certificate_id", string="Chapters")
    # reason of sudo: of an order of a colleague, too, the certificate says what is built
    has_several_orders = fields.Boolean(
        compute="_compute_has_several_orders", compute_sudo=True, export_string_translation=False
    )
    note = fields.Text(string="Notes", help="Printed on the certificate.")
    report_ids = fields.Many2many("construction.progress", string="Progress Reports", readonly=True, copy=False)
    instalment_ids = fields.One2many("construction.instalment", "certificate_id", string="Instalments", readonly=True)
    instalment_id = fields.Many2one("construction.instalment", compute="_compute_instalment_id", compute_sudo=True)
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    has_pot = fields.Boolean(compute="_compute_instalment_id", compute_sudo=True, export_string_translation=False)

    # Sums of the lines, tax excluded. Stored for lists; frozen with the lines.
    amount_original = fields.Monetary(
        string="Original Contract", compute="_compute_amounts", store=True, groups=AMOUNT_GROUPS
    )
    amount_variations = fields.Monetary(
        string="Variations", compute="_compute_amounts", store=True, groups=AMOUNT_GROUPS
    )
    amount_contract = fields.Monetary(
        string="Contract Now", compute="_compute_amounts", store=True, groups=AMOUNT_GROUPS
    )
    amount_previous = fields.Monetary(
        string="Certified Before", compute="_compute_amounts", store=True, groups=AMOUNT_GROUPS
    )
    amount_period = fields.Monetary(
        string="This Period", compute="_compute_amounts", store=True, groups=AMOUNT_GROUPS, help="Tax excluded."
    )
    amount_cumulative = fields.Monetary(
        string="Certified to Date", compute="_compute_amounts", store=True, groups=AMOUNT_GROUPS
    )
    amount_remaining = fields.Monetary(string="Remaining", compute="_compute_amounts", store=True, groups=AMOUNT_GROUPS)
    amount_tax = fields.Monetary(string="Taxes", compute="_compute_amounts", store=True, groups=AMOUNT_GROUPS)
    amount_period_taxed = fields.Monetary(
        string="This Period with Taxes", compute="_compute_amounts", store=True, groups=AMOUNT_GROUPS
    )
    amount_cumulative_taxed = fields.Monetary(
        string="Certified to Date with Taxes", compute="_compute_amounts", store=True, groups=AMOUNT_GROUPS
    )
    amount_difference = fields.Monetary(
        string="Check",
        compute="_compute_amounts",
        store=True,
        groups=AMOUNT_GROUPS,
        help="Contract and variations, less certified and remaining. It is always nothing.",
    )
    percent_done = fields.Float(
        string="Certified (%)", compute="_compute_amounts", store=True, digits=(5, 2), aggregator="avg"
    )

    _number_uniq = models.UniqueIndex(
        "(contract_id, number) WHERE step != 'cancelled'", "This contract already has a certificate with this number."
    )
    _draft_uniq = models.UniqueIndex(
        "(contract_id) WHERE step = 'draft'", "This contract already has a draft certificate: go on with that one."
    )

    # === COMPUTE === #

    @api.depends("contract_id.name", "number")
    def _compute_display_name(self):
        for certificate in self:
            # reason of sudo: only the number of the contract
            contract = certificate.sudo().contract_id.name or ""
            certificate.display_name = self.env._(
                "%(contract)s · Certificate %(number)s", contract=contract, number=certificate.number
            )

    @api.depends("contract_id.lead_id.construction_project_id")
    def _compute_project_id(self):
        for certificate in self:
            certificate.project_id = certificate.contract_id.lead_id.construction_project_id

    @api.depends("line_ids")
    def _compute_has_several_orders(self):
        for certificate in self:
            certificate.has_several_orders = len(certificate.line_ids.position_id.order_id) > 1

    @api.depends("step", "instalment_ids.state")
    def _compute_state(self):
        for certificate in self:
            state = certificate.step
            if state == "approved" and any(row.state in BILLED_STATES for row in certificate.instalment_ids):
                state = "invoiced"
            certificate.state = state

    @api.depends("contract_id.certificate_ids.step")
    def _compute_is_latest(self):
        for certificate in self:
            # reason of sudo: whether there is a later one
            others = certificate.sudo().contract_id.certificate_ids.filtered(lambda other: other.step != "cancelled")
            certificate.is_latest = certificate.number == max(others.mapped("number"), default=0)

    @api.depends_context("uid")
    @api.depends("project_id")
    def _compute_can_manage(self):
        for certificate in self:
            certificate.can_manage = certificate._is_manager()

    @api.depends("instalment_ids", "contract_id.instalment_ids.trigger")
    def _compute_instalment_id(self):
        for certificate in self:
            certificate.instalment_id = certificate.instalment_ids[:1]
            certificate.has_pot = bool(certificate.contract_id._get_certificate_pot())

    @api.depends(
        "line_ids.amount_original",
        "line_ids.amount_variations",
        "line_ids.amount_previous",
        "line_ids.amount_cumulative",
        "line_ids.amount_remaining",
        "line_ids.taxed_previous",
        "line_ids.taxed_cumulative",
    )
    def _compute_amounts(self):
        for certificate in self:
            lines = certificate.line_ids
            sums = {
                name: sum(lines.mapped(name))
                for name in ("amount_original", "amount_variations", "amount_previous", "amount_cumulative",
                             "amount_remaining", "taxed_previous", "taxed_cumulative")
            }  # fmt: skip
            certificate.amount_original = sums["amount_original"]
            certificate.amount_variations = sums["amount_variations"]
            certificate.amount_contract = sums["amount_original"] + sums["amount_variations"]
            certificate.amount_previous = sums["amount_previous"]
            certificate.amount_cumulative = sums["amount_cumulative"]
            certificate.amount_period = sums["amount_cumulative"] - sums["amount_previous"]
            certificate.amount_remaining = sums["amount_remaining"]
            certificate.amount_cumulative_taxed = sums["taxed_cumulative"]
            certificate.amount_period_taxed = sums["taxed_cumulative"] - sums["taxed_previous"]
            certificate.amount_tax = certificate.amount_period_taxed - certificate.amount_period
            certificate.amount_difference = check(
                certificate.amount_original,
                certificate.amount_variations,
                certificate.amount_previous,
                certificate.amount_period,
                certificate.amount_remaining,
                certificate.currency_id.rounding or 0.01,
            )
            contract = certificate.amount_contract
            certificate.percent_done = round(100 * certificate.amount_cumulative / contract, 2) if contract else 0.0

    # === CONSTRAINT === #

    @api.constrains("date_from", "date_to", "date")
    def _check_dates(self):
        for certificate in self:
            if certificate.date_from and certificate.date_to < certificate.date_from:
                raise ValidationError(
                    self.env._(
                        "%(certificate)s ends before it begins: correct its period.",
                        certificate=certificate.display_name,
                    )
                )

    @api.constrains("amount_difference")
    def _check_reconciled(self):
        for certificate in self:
            if not certificate.currency_id.is_zero(certificate.amount_difference):
                raise ValidationError(
                    self.env._(
                        "%(certificate)s does not add up: contract and variations differ from what is certified and "
                        "remaining by %(amount)s. Recalculate it.",
                        certificate=certificate.display_name,
                        amount=certificate.currency_id.format(certificate.amount_difference),
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(self.env._("Certificates are made on the contract, by “New Certificate”."))
        # the database looks for another draft: it must know which ones are none any more
        self.flush_model(["step", "number", "contract_id"])
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and vals.keys() & self._get_content_fields():
            self._check_is_manager()
            self._check_draft()
            if {"step", "number", "contract_id"} & vals.keys():
                raise UserError(self.env._("Certificates are approved and withdrawn by their buttons only."))
        result = super().write(vals)
        if "date_to" in vals:
            for certificate in self.filtered(lambda certificate: certificate.step == "draft"):
                certificate._propose()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        self._check_is_manager()
        for certificate in self:
            if certificate.step == "approved":
                raise UserError(
                    self.env._("%(certificate)s is approved: withdraw it first.", certificate=certificate.display_name)
                )

    # === ACTION === #

    def action_propose(self):
        """Take over the approved progress up to the end of the period; what was changed by hand is dropped."""
        self._check_is_manager()
        self._check_draft()
        for certificate in self:
            certificate._propose()
        return True

    def action_approve(self):
        """Approve: the instalment of this certificate is taken out of the plan's pot. Twice is once."""
        self._check_is_manager()
        for certificate in self:
            certificate.contract_id._lock_certificates()
            take(certificate)
            if certificate.step == "draft":
                certificate._approve()
        return True

    def action_withdraw(self):
        """Back to draft: what it took out of the plan goes back.

        :raises UserError: a later certificate stands on it, or it is invoiced
        """
        self._check_is_manager()
        for certificate in self:
            certificate.contract_id._lock_certificates()
            take(certificate)
            if certificate.step == "approved":
                certificate._check_latest()
                certificate._withdraw()
        return True

    def action_cancel(self):
        """Drop the latest certificate; its number is given to the next one."""
        self.action_withdraw()
        for certificate in self.filtered(lambda certificate: certificate.step == "draft"):
            certificate._write_step({"step": "cancelled"})
        return True

    def action_invoice(self):
        """Invoice what this certificate asks for.

        :return: action on the invoice
        """
        self.ensure_one()
        # reason of sudo: the rights to invoice are checked by the instalment
        row = self.sudo().instalment_id.sudo(False)
        if self.step != "approved":
            raise UserError(self.env._("%(certificate)s is not approved yet.", certificate=self.display_name))
        if not row:
            raise UserError(
                self.env._(
                    "%(certificate)s takes nothing out of the payment plan: the plan of the contract has no row for "
                    "certificates. Its instalments are invoiced as the plan says.",
                    certificate=self.display_name,
                )
            )
        return row.action_invoice()

    def action_view_invoices(self):
        self.ensure_one()
        return self.instalment_id.action_view_invoices()

    def action_view_contract(self):
        self.ensure_one()
        return self.contract_id._get_records_action(name=self.env._("Contract"))

    # === BUSINESS === #

    @api.model
    def _get_content_fields(self):
        return {"date", "date_from", "date_to", "line_ids", "step", "number", "contract_id"}

    def _write_step(self, vals):
        # reason of sudo: nobody else passes the guard of write()
        self.sudo().write(vals)

    def _is_manager(self):
        """Whether the user decides on this certificate: who leads the project, else project administrators."""
        self.ensure_one()
        # reason of sudo: who leads the project, whether or not the user may read it
        project = self.sudo().project_id.sudo(self.env.su)
        return project._is_manager()

    def _check_is_manager(self):
        """
        :raises AccessError: the user does not decide on these certificates
        """
        self.contract_id._check_certificate_manager()

    def _check_draft(self):
        if self.env.su:
            return
        for certificate in self:
            if certificate.step != "draft":
                raise UserError(
                    self.env._(
                        "%(certificate)s is no draft: only the latest certificate can be withdrawn and changed.",
                        certificate=certificate.display_name,
                    )
                )

    def _check_latest(self):
        for certificate in self:
            if not certificate.is_latest:
                raise UserError(
                    self.env._(
                        "%(certificate)s cannot be withdrawn: later certificates stand on it. Only the latest can.",
                        certificate=certificate.display_name,
                    )
                )

    def _get_period(self):
        """The period as the client reads it, in the language of the context."""
        self.ensure_one()
        until = format_date(self.env, self.date_to)
        return f"{format_date(self.env, self.date_from)} – {until}" if self.date_from else until
