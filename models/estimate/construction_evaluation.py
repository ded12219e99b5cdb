from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...core.estimate import pricing
from .buildup_book import BuildupBook
from .price_book import PRICE_FIELDS, PRICE_GROUPS, PriceBook

# Sheets in these states do not change any more.
LOCKED_STATES = ("final", "cancelled")
# What a surveyor may write on the header; the items are his work.
SURVEYOR_FIELDS = {"line_ids", "zone_ids", "answer_ids", "sheet_template_id", "note", "date_visit", "user_id"}

# What the appointment of the visit follows.
VISIT_FIELDS = {"user_id", "date_visit", "site_id", "lead_id"}


class ConstructionEvaluation(models.Model):
    """What was measured on the site of a deal, item by item, and what it comes to."""

    _name = "construction.evaluation"
    _description = "Evaluation Sheet"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    _next_version_unique = models.UniqueIndex(
        "(previous_version_id) WHERE previous_version_id IS NOT NULL AND state != 'cancelled'",
        "This evaluation sheet has a new version already. Work on that one.",
    )

    name = fields.Char(string="Number", readonly=True, copy=False, index="trigram")
    version = fields.Integer(default=1, readonly=True, copy=False)
    previous_version_id = fields.Many2one(
        "construction.evaluation",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    next_version_ids = fields.One2many("construction.evaluation", "previous_version_id")
    version_count = fields.Integer(compute="_compute_versions")
    is_latest_version = fields.Boolean(compute="_compute_versions", export_string_translation=False)
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("measured", "Measured"),
            ("checked", "Checked"),
            ("final", "Final"),
            ("cancelled", "Cancelled"),
        ],
        default="planned",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    lead_id = fields.Many2one(
        "crm.lead",
        string="Deal",
        required=True,
        check_company=True,
        ondelete="restrict",
        index=True,
        domain="[('type', '=', 'opportunity')]",
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
    )
    # Stored: searched and grouped by, and read by surveyors, who have no right on the deal.
    partner_id = fields.Many2one(related="lead_id.partner_id", string="Client", store=True, index="btree_not_null")
    # Stored: the record rule of salespeople reads it on every search.
    salesperson_id = fields.Many2one(
        related="lead_id.user_id", string="Salesperson", store=True, index="btree_not_null"
    )
    construction_type_id = fields.Many2one(related="lead_id.construction_type_id", store=True, index="btree_not_null")
    site_id = fields.Many2one(
        "res.partner",
        compute="_compute_site_id",
        store=True,
        readonly=False,
        check_company=True,
        index="btree_not_null",
        help="Where to measure, when it is not the client's own address.",
    )
    # A surveyor has no right on the deal: he gets just this of it.
    client_name = fields.Char(compute="_compute_client", compute_sudo=True)
    client_phone = fields.Char(compute="_compute_client", compute_sudo=True, string="Phone")
    site_address = fields.Text(compute="_compute_client", compute_sudo=True)
    user_id = fields.Many2one(
        "res.users",
        string="Surveyor",
        index="btree_not_null",
        check_company=True,
        tracking=True,
        domain="[('share', '=', False), ('company_ids', '=', company_id)]",
        help="Goes to the site and measures. Anyone who measures may take a sheet without a surveyor.",
    )
    date_visit = fields.Datetime(string="Visit", tracking=True, copy=False)
    pricelist_id = fields.Many2one(
        "product.pricelist",
        compute="_compute_pricelist_id",
        store=True,
        readonly=False,
        check_company=True,
        index="btree_not_null",
        groups=PRICE_GROUPS,
        help="Where the prices come from. Without one, the sales prices of the products hold.",
    )
    fiscal_position_id = fields.Many2one(
        "account.fiscal.position",
        compute="_compute_fiscal_position_id",
        store=True,
        readonly=False,
        check_company=True,
        groups=PRICE_GROUPS,
        help="Decides the taxes of this client and site, as on the quote.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        ondelete="restrict",
    )
    line_ids = fields.One2many("construction.evaluation.line", "evaluation_id", string="Items", copy=True)
    amount_total = fields.Monetary(
        string="Total",
        compute="_compute_amount_total",
        store=True,
        groups=PRICE_GROUPS,
        help="Tax excluded, what the quote made from this sheet will come to.",
    )
    note = fields.Html(string="Notes")
    can_check = fields.Boolean(compute="_compute_can_check", export_string_translation=False)

    # === COMPUTE === #

    @api.depends("lead_id")
    def _compute_company_id(self):
        for sheet in self:
            if not sheet._is_locked():
                sheet.company_id = sheet.lead_id.company_id or sheet.company_id or self.env.company

    @api.depends("lead_id")
    def _compute_site_id(self):
        for sheet in self:
            if not sheet._is_locked():
                sheet.site_id = sheet.lead_id.site_id

    @api.depends("lead_id.phone", "partner_id.name", "partner_id.phone", "site_id")
    def _compute_client(self):
        for sheet in self:
            lead, partner = sheet.lead_id, sheet.partner_id
            sheet.client_name = partner.name or lead.partner_name or lead.contact_name
            sheet.client_phone = partner.phone or lead.phone
            lines = ((sheet.site_id or partner).contact_address or "").splitlines()
            sheet.site_address = "\n".join(filter(None, map(str.strip, lines)))

    @api.depends("partner_id", "company_id")
    def _compute_pricelist_id(self):
        for sheet in self:
            if not sheet._is_locked():
                partner = sheet.partner_id.with_company(sheet.company_id)
                sheet.pricelist_id = partner.property_product_pricelist

    @api.depends("partner_id", "site_id", "company_id")
    def _compute_fiscal_position_id(self):
        for sheet in self:
            if not sheet._is_locked():
                positions = self.env["account.fiscal.position"].with_company(sheet.company_id)
                sheet.fiscal_position_id = positions._get_fiscal_position(
                    sheet.partner_id, sheet._get_delivery_partner()
                )

    @api.depends("pricelist_id", "company_id")
    def _compute_currency_id(self):
        for sheet in self:
            if not sheet._is_locked():
                sheet.currency_id = sheet.pricelist_id.currency_id or sheet.company_id.currency_id

    @api.depends("line_ids.price_subtotal", "line_ids.price_raw", "line_ids.has_included_tax")
    def _compute_amount_total(self):
        for sheet in self:
            if not sheet._is_locked():
                sheet.amount_total = sheet._get_untaxed_total()

    @api.depends("name", "version")
    def _compute_display_name(self):
        for sheet in self:
            name = sheet.name or self.env._("New")
            if sheet.version > 1:
                name = self.env._("%(name)s v%(version)s", name=name, version=sheet.version)
            sheet.display_name = name

    @api.depends("name", "version")
    def _compute_versions(self):
        """Versions of one sheet share its number."""
        versions = {
            (name, company.id): (count, highest)
            for name, company, count, highest in self._read_group(
                [("name", "in", [name for name in self.mapped("name") if name])],
                ["name", "company_id"],
                ["__count", "version:max"],
            )
        }
        for sheet in self:
            count, highest = versions.get((sheet.name, sheet.company_id.id), (0, 0))
            sheet.version_count = count
            sheet.is_latest_version = sheet.version >= highest

    @api.depends_context("uid")
    def _compute_can_check(self):
        self.can_check = self._user_can_check()

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("state", "planned") not in ("planned", "measured"):
                raise UserError(self.env._("An evaluation sheet starts as planned or measured, use its buttons."))
            self._check_price_not_given(vals)
            self._check_lead_readable(vals)
        sheets = super().create(vals_list)
        for sheet in sheets:
            if not sheet.name:
                sequence = self.env["ir.sequence"].with_company(sheet.company_id)
                # sudo: whoever may create a sheet may number it.
                sheet.name = sequence.sudo().next_by_code("construction.evaluation")
        sheets._plan_visit()
        return sheets

    def write(self, vals):
        if "state" in vals:
            raise UserError(self.env._("The state of an evaluation sheet is changed with its buttons."))
        content = {name for name in vals if self._is_content_field(name)}
        if content:
            self._check_not_locked()
            self._check_surveyor_write(content, vals)
        self._check_price_not_given(vals)
        self._check_lead_readable(vals)
        result = super().write(vals)
        if VISIT_FIELDS & content:
            self._plan_visit()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_final(self):
        for sheet in self:
            if sheet.state == "final":
                raise UserError(
                    self.env._(
                        "The evaluation sheet %(sheet)s is final and is kept with its deal.",
                        sheet=sheet.display_name,
                    )
                )

    # === BUSINESS === #

    def _is_locked(self):
        """Tell whether the sheet keeps what it says."""
        return self.state in LOCKED_STATES

    def _get_price_book(self, parts_by_line):
        """Open the catalogue at the pricelist of the sheet, for what its items explode to."""
        self.ensure_one()
        products = self.env["product.product"].union(
            *(part["product"] for parts in parts_by_line.values() for part in parts)
        )
        values = (
            self.company_id or self.env.company,
            self.pricelist_id,
            self.currency_id or self.env.company.currency_id,
            self.fiscal_position_id,
            fields.Datetime.now(),
            products,
        )
        if self.price_source == "buildup":
            markups = self._get_markups()
            return BuildupBook(*values, markups._to_core(), markups._get_rounding().round_to)
        return PriceBook(*values)

    def _get_untaxed_total(self):
        """Total the sheet as an order of the same lines would be."""
        self.ensure_one()
        globally = self.company_id.tax_calculation_rounding_method == "round_globally"
        lines = self.line_ids
        if globally and any(lines.mapped("has_included_tax")):
            parts_by_line = lines._get_parts()
            book = self._get_price_book(parts_by_line)
            return book.untaxed_total(
                [book.base_line(priced) for parts in parts_by_line.values() for priced in book.price_parts(parts)]
            )
        return pricing.sheet_total(
            lines.mapped("price_subtotal"),
            lines.mapped("price_raw"),
            globally,
            self.currency_id.round,
        )

    def _get_delivery_partner(self):
        """The address the quote will be for: the site, else where the client has things delivered."""
        partner = self.partner_id
        return self.site_id or partner.browse(partner.address_get(["delivery"])["delivery"])

    def _relink_lead(self, lead):
        """Hang the sheets, final ones too, on the deal that theirs is merged into."""
        return super().write({"lead_id": lead.id})  # pylint: disable=super-method-mismatch

    def _set_state(self, state):
        """Move the sheets on: the only road to the state, which `write` refuses."""
        if not self:
            return
        if state in LOCKED_STATES:
            # What is still to be computed would not be any more.
            self.line_ids.flush_recordset()
            self.flush_recordset()
        super().write({"state": state})  # pylint: disable=super-method-mismatch
        # The unique index of next versions looks at the state: let it see this one at once.
        self.flush_recordset(["state"])

    # === HOOKS === #

    @api.model
    def _user_can_check(self):
        """Tell whether the user may check, finalise and price sheets, not just measure."""
        return self.env.su or self.env.user.has_group("sales_team.group_sale_salesman")

    def _is_content_field(self, name):
        """Tell whether a field is part of what a final sheet must keep as it is."""
        prefixes = ("message_", "activity_", "my_activity_", "website_message_", "rating_")
        return name in self._fields and not name.startswith(prefixes)

    def _check_surveyor_write(self, names, vals):
        """Keep a surveyor to measuring, on sheets that are still being measured."""
        if self._user_can_check():
            return
        foreign = names - SURVEYOR_FIELDS
        if foreign or vals.get("user_id", self.env.uid) not in (self.env.uid, False):
            raise AccessError(
                self.env._(
                    "As a surveyor you fill in the items, the visit and the notes of a sheet. Ask the "
                    "salesperson or an estimator to change the rest."
                )
            )
        self._check_lines_writable()

    def _check_lines_writable(self):
        """Refuse changes of items where the sheet, or the user's part in it, is over."""
        self._check_not_locked()
        if self._user_can_check():
            return
        for sheet in self:
            if sheet.state == "checked":
                raise AccessError(
                    self.env._(
                        "The evaluation sheet %(sheet)s has been checked. Ask an estimator to reset it "
                        "before measuring again.",
                        sheet=sheet.display_name,
                    )
                )

    def _check_not_locked(self):
        for sheet in self:
            if sheet.state == "final":
                raise UserError(
                    self.env._(
                        "The evaluation sheet %(sheet)s is final and cannot be changed. Press “New "
                        "Version” and change that one.",
                        sheet=sheet.display_name,
                    )
                )
            if sheet.state == "cancelled":
                raise UserError(
                    self.env._(
                        "The evaluation sheet %(sheet)s is cancelled. Reset it first.",
                        sheet=sheet.display_name,
                    )
                )

    def _check_price_not_given(self, vals):
        if PRICE_FIELDS.intersection(vals):
            raise UserError(
                self.env._("The prices of an evaluation sheet come from the catalogue and cannot be typed.")
            )

    def _check_lead_readable(self, vals):
        """A sheet shows the client of its deal: make it only for a deal one may read."""
        if vals.get("lead_id"):
            self.env["crm.lead"].browse(vals["lead_id"]).check_access("read")
