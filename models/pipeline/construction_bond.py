from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

# What was issued by the bank: from then on there is a paper to be returned.
ISSUED_STATES = ("active", "returned", "called")
UNRETURNED_STATES = ("active", "called")
CLOSED_STATES = ("returned", "called", "cancelled")
# What stands on the paper: stays as it is once the bond is closed.
PAPER_FIELDS = frozenset(
    {
        "kind",
        "issuer_id",
        "number",
        "percent",
        "amount",
        "currency_id",
        "partner_id",
        "date_issued",
        "date_expiry",
    }
)


class ConstructionBond(models.Model):
    """A guarantee of a bank or an insurer for a job: for the bid, the advance, the performance, the warranty."""

    _name = "construction.bond"
    _description = "Bond"
    _inherit = ["mail.thread", "mail.activity.mixin", "construction.reason.mixin"]
    _order = "date_expiry, id desc"
    _rec_names_search = ["number", "issuer_id", "lead_id"]
    _check_company_auto = True
    # accountants discuss bonds which they may only read
    _mail_post_access = "read"

    kind = fields.Selection(
        [
            ("bid", "Bid Bond"),
            ("advance", "Advance Payment Bond"),
            ("performance", "Performance Bond"),
            ("warranty", "Retention or Warranty Bond"),
            ("other", "Other Bond"),
        ],
        default="bid",
        required=True,
        index=True,
        tracking=True,
    )
    state = fields.Selection(
        [
            ("requested", "Requested"),
            ("active", "Active"),
            ("returned", "Returned"),
            ("called", "Called"),
            ("cancelled", "Cancelled"),
        ],
        default="requested",
        required=True,
        index=True,
        tracking=True,
        help="Called: the client has drawn on the bond.",
    )
    lead_id = fields.Many2one(
        "crm.lead",
        string="Deal",
        check_company=True,
        index="btree_not_null",
        # A paper of the bank does not vanish with its deal: see `crm.lead.unlink`.
        ondelete="restrict",
        domain="[('construction_type_id', '!=', False)]",
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        # Stored: record rules go by it.
        store=True,
        precompute=True,
        required=True,
        index=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Client",
        compute="_compute_partner_id",
        # Stored: proposed by the deal, changed by hand where another is secured by it.
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="Who is secured by the bond: the beneficiary.",
    )
    issuer_id = fields.Many2one(
        "res.partner",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="The bank or the insurer that stands for it.",
    )
    number = fields.Char(copy=False, index="btree_not_null", tracking=True, help="The number on the paper.")
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        # Stored: proposed, changed by hand; sums need it in the database.
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    percent = fields.Float(
        string="Percentage",
        digits=(5, 2),
        help="Proposes the amount: so many percent of the contract value, or of the expected revenue of the deal "
        "while there is no contract.",
    )
    amount = fields.Monetary(
        compute="_compute_amount",
        # Stored: proposed by the percentage, changed by hand.
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    date_issued = fields.Date(string="Issued On", copy=False)
    date_expiry = fields.Date(string="Valid Until", copy=False, tracking=True, index="btree_not_null")
    date_returned = fields.Date(string="Returned On", copy=False, tracking=True)
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        index="btree_not_null",
        ondelete="set null",
        tracking=True,
        help="Is told before the bond expires.",
    )
    alert_days = fields.Integer(
        string="Alert (Days Before)",
        default=30,
        help="The responsible person gets an activity so many days before the bond expires. Zero: never.",
    )
    date_alert = fields.Date(
        string="Alert On",
        compute="_compute_date_alert",
        # Stored: the daily job and the filters go by it.
        store=True,
        index="btree_not_null",
    )
    # The day of expiry of which was told already: twice is once.
    alerted_expiry = fields.Date(copy=False, readonly=True, export_string_translation=False)
    is_expired = fields.Boolean(string="Expired", compute="_compute_is_expired", search="_search_is_expired")
    is_expiring = fields.Boolean(string="Expiring Soon", compute="_compute_is_expired", search="_search_is_expiring")
    can_be_asked_back = fields.Boolean(
        string="To Be Returned",
        compute="_compute_can_be_asked_back",
        search="_search_can_be_asked_back",
        # whoever sees the bond sees why it is no longer needed, though not every record it was looked for in
        compute_sudo=True,
        help="What the bond secures is over: it can be asked back.",
    )
    note = fields.Html(string="Notes")

    _amount_not_negative = models.Constraint("CHECK(amount >= 0)", "The amount of a bond cannot be negative.")
    _percent_range = models.Constraint(
        "CHECK(percent >= 0 AND percent <= 100)",
        "The percentage of a bond must lie between 0 and 100 %.",
    )
    _alert_days_not_negative = models.Constraint(
        "CHECK(alert_days >= 0)",
        "An alert comes before the bond expires: give a number of days of zero or more.",
    )

    # === COMPUTE === #

    @api.depends("kind", "number")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for bond in self:
            bond.display_name = " ".join(filter(None, [labels.get(bond.kind), bond.number]))

    @api.depends("lead_id.company_id")
    def _compute_company_id(self):
        for bond in self:
            bond.company_id = bond.lead_id.company_id or bond.company_id or self.env.company

    @api.depends("lead_id")
    def _compute_partner_id(self):
        for bond in self:
            bond.partner_id = bond.partner_id if bond._is_issued() else bond.lead_id.partner_id or bond.partner_id

    @api.depends("company_id")
    def _compute_currency_id(self):
        for bond in self:
            bond.currency_id = bond.currency_id if bond._is_issued() else bond._get_base()[1]

    @api.depends("percent", "currency_id", "lead_id")
    def _compute_amount(self):
        for bond in self:
            base, currency = (0.0, None) if bond._is_issued() else bond._get_base()
            if not (base and bond.percent):
                bond.amount = bond.amount or 0.0
                continue
            day = bond.date_issued or fields.Date.context_today(self)
            company = bond.company_id or self.env.company
            share = base * bond.percent / 100
            bond.amount = currency._convert(share, bond.currency_id or currency, company, day)

    @api.depends("date_expiry", "alert_days")
    def _compute_date_alert(self):
        for bond in self:
            wanted = bond.date_expiry and bond.alert_days
            bond.date_alert = bond.date_expiry - timedelta(days=bond.alert_days) if wanted else False

    @api.depends("state", "date_expiry", "date_alert")
    @api.depends_context("tz")
    def _compute_is_expired(self):
        today = fields.Date.context_today(self)
        for bond in self:
            expiry = bond.date_expiry if bond.state == "active" else None
            bond.is_expired = bool(expiry and expiry < today)
            bond.is_expiring = bool(expiry and expiry >= today and bond.date_alert and bond.date_alert <= today)

    def _search_is_expired(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("state", "=", "active") & Domain("date_expiry", "<", fields.Date.context_today(self))

    def _search_is_expiring(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        soon = Domain("date_expiry", ">=", today) & Domain("date_alert", "<=", today)
        return Domain("state", "=", "active") & soon

    @api.depends("state", "kind", "lead_id.won_status")
    def _compute_can_be_asked_back(self):
        back = self.filtered_domain(self._get_returnable_domain())
        back.can_be_asked_back = True
        (self - back).can_be_asked_back = False

    def _search_can_be_asked_back(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_returnable_domain()

    # === CONSTRAINT === #

    @api.constrains("lead_id")
    def _check_subject(self):
        for bond in self:
            if not bond._has_subject():
                raise ValidationError(self.env._("A bond belongs to a construction deal: choose the deal it is for."))

    @api.constrains("state", "issuer_id", "number", "date_issued", "date_expiry", "amount")
    def _check_issued(self):
        for bond in self.filtered(lambda bond: bond.state in ISSUED_STATES):
            missing = bond._get_missing_labels()
            if missing:
                raise ValidationError(
                    self.env._(
                        "%(bond)s of %(deal)s is not complete. Fill in: %(fields)s.",
                        bond=bond.display_name,
                        deal=bond._get_subject_name(),
                        fields=", ".join(missing),
                    )
                )

    @api.constrains("date_issued", "date_expiry", "date_returned", "state")
    def _check_dates(self):
        for bond in self:
            if bond.date_issued and bond.date_expiry and bond.date_expiry < bond.date_issued:
                raise ValidationError(
                    self.env._(
                        "%(bond)s expires before it was issued: correct one of the two dates.",
                        bond=bond.display_name,
                    )
                )
            if bool(bond.date_returned) != (bond.state == "returned"):
                raise ValidationError(
                    self.env._(
                        "%(bond)s has a day of return only once it is returned: use Mark as Returned.",
                        bond=bond.display_name,
                    )
                )
            if bond.date_returned and bond.date_issued and bond.date_returned < bond.date_issued:
                raise ValidationError(
                    self.env._(
                        "%(bond)s was returned before it was issued: correct one of the two dates.",
                        bond=bond.display_name,
                    )
                )

    # === CRUD === #

    def write(self, vals):
        vals = self._complete_state(vals)
        self._check_paper(vals)
        result = super().write(vals)
        if vals.keys() & {"state", "date_expiry", "alert_days", "user_id"}:
            self._sync_alerts()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_unreturned(self):
        for bond in self:
            if bond.state in UNRETURNED_STATES:
                raise UserError(
                    self.env._(
                        "%(bond)s of %(deal)s was issued and not returned: mark it as returned, or set it back to "
                        "Requested if it was entered by mistake.",
                        bond=bond.display_name,
                        deal=bond._get_subject_name(),
                    )
                )

    # === BUSINESS === #

    @api.model
    def _complete_state(self, vals):
        """What goes along with a new state: a day of return with Returned, and with no other."""
        if "state" not in vals:
            return vals
        if vals["state"] != "returned":
            return {**vals, "date_returned": False}
        return {"date_returned": fields.Date.context_today(self), **vals}

    def _check_paper(self, vals):
        """Refuse changes of bonds that are closed."""
        changed = PAPER_FIELDS.intersection(vals)
        if not changed or vals.get("state") in ("requested", "active"):
            return
        for bond in self.filtered(lambda bond: bond.state in CLOSED_STATES):
            for name in changed:
                field = self._fields[name]
                if field.convert_to_cache(vals[name], bond) != field.convert_to_cache(bond[name], bond):
                    raise UserError(
                        self.env._(
                            "%(bond)s is closed and stays as it is. Set it back to Requested to change it.",
                            bond=bond.display_name,
                        )
                    )

    def _is_issued(self):
        """Whether there is a paper: what stands on it follows no deal any more."""
        self.ensure_one()
        return bool(self._origin) and self._origin.state != "requested"

    def _get_missing_labels(self):
        """What has to be filled in before a bond is active, as labels of the fields."""
        self.ensure_one()
        names = [name for name in ("issuer_id", "number", "amount", "date_issued", "date_expiry") if not self[name]]
        return [self._fields[name]._description_string(self.env) for name in names]

    # === HOOKS === #

    def _has_subject(self):
        """Whether this bond is for something: a construction deal, or what other rooms add."""
        self.ensure_one()
        return bool(self.lead_id.construction_type_id)

    def _get_subject_name(self):
        """What this bond is for, in a message."""
        self.ensure_one()
        # sudo: only the name
        return self.sudo().lead_id.display_name or ""

    def _get_base(self):
        """What a percentage is taken of.

        :return: (amount, currency)
        """
        self.ensure_one()
        currency = (self.company_id or self.env.company).currency_id
        lead = self.lead_id
        return (lead.expected_revenue, lead.company_currency) if lead else (0.0, currency)

    @api.model
    def _get_returnable_domain(self):
        """Bonds that can be asked back, since what they secure is over.

        :return: Domain
        """
        # any!: that a deal is decided is no secret to whoever sees its bond
        decided = Domain("lead_id", "any!", [("won_status", "in", ("won", "lost"))])
        return Domain("state", "=", "active") & Domain("kind", "=", "bid") & decided
