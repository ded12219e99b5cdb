from odoo import api, fields, models
from odoo.exceptions import UserError

from .sale_order_line_variation import KEEP_ORIGIN

REASONS = [
    ("client", "Client's wish"),
    ("unforeseen", "Unforeseen on site"),
    ("design", "Change of design"),
    ("error", "Error or omission"),
    ("measured", "Measured again"),
    ("authority", "Demand of an authority"),
    ("other", "Other"),
]
PLACEMENTS = [
    ("spread", "Spread over the open instalments"),
    ("own", "An instalment of its own"),
    ("final", "With the final instalment"),
]
STATES = [
    ("proposed", "Proposed"),
    ("approved", "Approved"),
    ("applied", "Applied"),
    ("replaced", "Replaced"),
    ("cancelled", "Declined or cancelled"),
]
# What makes an order a variation: set by proposing one and by applying it, never by hand.
LINK_FIELDS = frozenset({"variation_contract_id", "variation_number", "date_variation_applied", "variation_data"})
# Part of what the client signs.
OFFER_FIELDS = frozenset({"variation_days", "variation_reason", "variation_plan", "variation_date_due"})
CARRIED_FIELDS = (
    "variation_contract_id",
    "variation_reason",
    "variation_requested_by_id",
    "variation_days",
    "variation_plan",
    "variation_date_due",
    "variation_note",
)


class SaleOrder(models.Model):
    """A variation: a quote of what is added to a contract and taken out of it, at the contract's rates."""

    _inherit = "sale.order"

    variation_contract_id = fields.Many2one(
        "construction.contract",
        string="Variation Of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The contract this quote changes once the client has signed it.",
    )
    variation_number = fields.Char(string="Variation", readonly=True, copy=False)
    variation_reason = fields.Selection(REASONS, string="Reason", copy=False)
    variation_requested_by_id = fields.Many2one(
        "res.partner", string="Requested By", copy=False, index="btree_not_null", ondelete="set null"
    )
    variation_days = fields.Integer(
        string="Days",
        copy=False,
        help="How many days later the works end; negative: earlier.",
    )
    variation_plan = fields.Selection(
        PLACEMENTS,
        string="In the Payment Plan",
        copy=False,
        help="Where the payment plan takes the amount once the variation is signed. Invoiced instalments never move.",
    )
    variation_date_due = fields.Date(
        string="Due On",
        copy=False,
        help="The day to invoice the instalment of its own. Empty: the end of the works.",
    )
    variation_note = fields.Text(string="Why", copy=False, help="Internal: what happened, who said what.")
    variation_state = fields.Selection(
        STATES,
        string="Variation Status",
        compute="_compute_variation_state",
        # searched, grouped and summed by it
        store=True,
        help="Proposed: a quote the client has not signed. Approved: signed. Applied: part of the contract.",
    )
    date_variation_applied = fields.Datetime(string="Applied On", readonly=True, copy=False)
    # What applying changed, to be given back: ids and the values they had.
    variation_data = fields.Json(readonly=True, copy=False, export_string_translation=False)
    variation_rank = fields.Integer(compute="_compute_variation_rank", export_string_translation=False)

    # Two people proposing at once get two numbers.
    _variation_number_uniq = models.UniqueIndex(
        "(variation_contract_id, variation_number) "
        "WHERE variation_contract_id IS NOT NULL AND previous_revision_id IS NULL",
        "Another variation of this contract has this number already. Try again.",
    )

    # === COMPUTE === #

    @api.depends("state", "superseded_by_id", "variation_contract_id", "date_variation_applied")
    def _compute_variation_state(self):
        for order in self:
            if not order.variation_contract_id:
                order.variation_state = False
            elif order.state == "sale":
                order.variation_state = "applied" if order.date_variation_applied else "approved"
            elif order.superseded_by_id:
                order.variation_state = "replaced"
            else:
                order.variation_state = "cancelled" if order.state == "cancel" else "proposed"

    @api.depends("variation_data")
    def _compute_variation_rank(self):
        """The place among the variations applied: the last one is the first to be undone."""
        for order in self:
            order.variation_rank = (order.variation_data or {}).get("rank", 0)

    @api.depends("variation_contract_id")
    def _compute_currency_id(self):
        """Contract rates are in the currency of the contract, whatever became of the pricelist."""
        result = super()._compute_currency_id()
        for order in self.filtered("variation_contract_id"):
            order.currency_id = order.sudo().variation_contract_id.currency_id  # reason of sudo: maybe a colleague's
        return result

    @api.depends("variation_contract_id")
    def _compute_is_construction_quote(self):
        return super()._compute_is_construction_quote()

    def _search_is_construction_quote(self, operator, value):
        domain = super()._search_is_construction_quote(operator, value)
        return domain if domain is NotImplemented else ["|", ("variation_contract_id", "!=", False), *domain]

    @api.depends("variation_contract_id.state")
    def _compute_is_contractable(self):
        """A variation becomes part of its own contract, by being signed."""
        result = super()._compute_is_contractable()
        for order in self:
            if order.is_contractable and order._has_variation_contract():
                order.is_contractable = False
        return result

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(vals.get(name) for vals in vals_list for name in LINK_FIELDS):
            raise UserError(self._get_variation_link_message())
        return super().create(vals_list)

    def write(self, vals):
        links = LINK_FIELDS.intersection(vals)
        changed = {name for order in self for name in links if order._is_changed_by(name, vals[name])}
        if changed and not self.env.su:
            raise UserError(self._get_variation_link_message())
        for order in self if OFFER_FIELDS.intersection(vals) else ():
            changed = {name for name in OFFER_FIELDS.intersection(vals) if order._is_changed_by(name, vals[name])}
            if changed and order._is_read_only_offer():
                raise UserError(order._get_read_only_message(changed))
        if vals.get("state") == "sent":
            self.filtered(lambda order: order.state == "draft")._check_variation_followable()
        return super().write(vals)

    # === ACTION === #

    def action_quotation_send(self):
        self.filtered(lambda order: order.state == "draft")._check_variation_followable()
        return super().action_quotation_send()

    def action_view_variation_contract(self):
        """Open the contract this variation changes."""
        self.ensure_one()
        return self.variation_contract_id._get_records_action(name=self.env._("Contract"))

    def action_change_variation(self):
        """Open the quantities of this variation while it is a draft."""
        self.ensure_one()
        return self.env["construction.variation.propose"]._open(self.variation_contract_id, self)

    # === BUSINESS === #

    def _get_variation_link_message(self):
        return self.env._("Variations are made with “New Variation” on their contract, not by hand or by import.")

    def _has_variation_contract(self):
        """Whether this is a variation of a contract that lives."""
        self.ensure_one()
        # reason of sudo: the contract may be a colleague's
        contract = self.sudo().variation_contract_id
        return bool(contract) and contract.state != "cancelled"

    def _is_waiting_variation(self):
        """Whether this is a variation that is no part of its contract (yet, or any more)."""
        self.ensure_one()
        return self._has_variation_contract() and self.variation_state != "applied"

    def _is_construction_quote(self):
        return bool(self.variation_contract_id) or super()._is_construction_quote()

    def _is_construction_order(self):
        return bool(self.variation_contract_id) or super()._is_construction_order()

    def _check_confirmed_for_contract(self):
        for order in self:
            if order._has_variation_contract():
                raise UserError(
                    self.env._(
                        "Order %(order)s is variation %(number)s of contract %(contract)s and joins no other one.",
                        order=order.name,
                        number=order.variation_number,
                        contract=order.sudo().variation_contract_id.name,  # reason of sudo: as above
                    )
                )
        return super()._check_confirmed_for_contract()

    def _get_contract_candidates(self):
        candidates = super()._get_contract_candidates()
        return candidates.filtered(lambda order: order == self or not order._has_variation_contract())

    def _number_drafts(self):
        """Chapters of a variation have the numbers of the contract; new items those of the variation."""
        variations = self.filtered("variation_contract_id")
        for order in variations.filtered(lambda order: order.state == "draft" and order.variation_number):
            order.order_line.sorted(lambda line: (line.sequence, line.id))._number_variation(order.variation_number)
        return super(SaleOrder, self - variations)._number_drafts()

    def _copy_whole(self, default):
        if default.get("variation_contract_id"):
            self = self.with_context(**{KEEP_ORIGIN: True})
        return super()._copy_whole(default)

    def _prepare_revision_values(self):
        values = super()._prepare_revision_values()
        if self.variation_contract_id:
            values |= {name: self._get_plain(name) for name in CARRIED_FIELDS}
        return values

    def _prepare_revision_life_cycle(self, reason=None):
        values = super()._prepare_revision_life_cycle(reason)
        if self.variation_contract_id:
            # the number of the issue it follows, which is no other variation's
            values["variation_number"] = self.variation_number
        return values

    def _check_can_vary(self):
        if self.variation_contract_id:
            raise UserError(
                self.env._("%(quote)s is a variation: propose another one instead of a variant.", quote=self.name)
            )
        return super()._check_can_vary()

    def _get_offer_fingerprint(self):
        fingerprint = super()._get_offer_fingerprint()
        return f"{fingerprint}/{self.variation_days}" if self.variation_contract_id else fingerprint

    def _get_built_lines(self):
        # what was contracted has the prices of the contract, whatever the markups are now
        return super()._get_built_lines().filtered(lambda line: not line.origin_line_id)

    def _get_rounding_lines(self):
        return super()._get_rounding_lines().filtered(lambda line: not line.origin_line_id)

    def _get_lines_to_round(self):
        found = super()._get_lines_to_round()
        return {chapter: lines for chapter, lines in found.items() if not chapter.origin_chapter_id}

    def _check_not_invoiced_by_plan(self):
        """What is no part of the contract any more is not invoiced beside it."""
        for order in self:
            if order._is_waiting_variation():
                raise UserError(
                    self.env._(
                        "%(order)s is a variation that is not applied to its contract: apply it, or cancel it.",
                        order=order.name,
                    )
                )
        return super()._check_not_invoiced_by_plan()


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _number_variation(self, prefix):
        """Number the lines of a variation, in their order.

        :param str prefix: the number of the variation, before those of its new items
        """
        chapter, new, place = "", 0, 0
        for line in self:
            if line.display_type == "line_note" or line.is_downpayment:
                continue
            if line.display_type == "line_section" or line.origin_chapter_id or not chapter:
                place = 0
                if line.origin_chapter_id:
                    number = line.chapter_number
                else:
                    new += 1
                    number = f"{prefix}.{new}"
                chapter = number if line.display_type == "line_section" else ""
            else:
                place += 1
                number = f"{chapter}.{place}"
            if line.chapter_number != number:
                line.chapter_number = number
