from datetime import date

from odoo import api, fields, models
from odoo.tools import frozendict

from ...core.contract.retention import get_open_percent, split_parts, take_share, withhold
from ..pipeline.compute_again import compute_again

# A row of these kinds bills works done; an advance is paid in full.
RETAINED_KINDS = ("progress", "final")


class AccountMove(models.Model):
    """What the client keeps back of an invoice, as receivable lines of their own.

    The invoice bills in full. Stock makes the receivable lines of an invoice from `needed_terms`, one for each
    payment term; here the part kept back is taken off the last terms and gets a term for each release.
    On posting the split is frozen in `retention_terms`: later changes of the contract leave the books alone.
    """

    _inherit = "account.move"

    retention_terms = fields.Json(readonly=True, copy=False, export_string_translation=False)
    amount_retention = fields.Monetary(
        string="Retention",
        compute="_compute_amount_retention",
        help="What the client keeps back of this invoice: billed, but not due before it is released.",
    )

    # === COMPUTE === #

    @api.depends("line_ids.retention_part", "line_ids.amount_currency")
    def _compute_amount_retention(self):
        for move in self:
            kept = 0.0
            # straight from the lines only where there may be some
            if move.instalment_id:
                kept = sum(move.line_ids.filtered("retention_part").mapped("amount_currency"))
            move.amount_retention = abs(kept)

    @api.depends("retention_terms", "instalment_id")
    def _compute_needed_terms(self):  # pylint: disable=missing-return
        super()._compute_needed_terms()
        for move in self.filtered("instalment_id"):
            if move.needed_terms and (parts := move._get_retention_parts()):
                move.needed_terms = move._take_retention(move._keep_paid_date(move.needed_terms), parts)

    def _compute_invoice_date_due(self):
        """The due date of an invoice is that of what is due: the release of the rest is known by its lines."""
        kept = self.filtered(lambda move: move.instalment_id and move._has_retention_terms())
        for move in kept:
            if move.state == "posted":
                day = move._get_open_day()
            else:
                dates = [key["date_maturity"] for key in move.needed_terms if "retention_part" not in key]
                day = max(filter(None, dates), default=False)
            move.invoice_date_due = day or move.invoice_date_due or fields.Date.context_today(move)
        return super(AccountMove, self - kept)._compute_invoice_date_due()

    # === BUSINESS === #

    def _post(self, soft=True):
        """What is kept back is decided now, in the order of posting: a cap holds over all invoices."""
        for move in self.filtered(lambda move: move.instalment_id and move.move_type == "out_invoice"):
            move._freeze_retention()
        return super()._post(soft)

    def _refresh_construction_money(self):  # pylint: disable=missing-return
        super()._refresh_construction_money()
        # reason of sudo: the sums are the same for everybody
        moves = self.sudo()
        for records in (moves.instalment_id, moves.contract_id, moves.line_ids.lead_id):
            compute_again(records, "amount_retained", "amount_retention_released")

    def _freeze_retention(self):
        """Fix what is kept back of this invoice, and have stock write its receivable lines anew where needed."""
        self.ensure_one()
        # reason of sudo: who posts invoices need not read contracts
        contract = self.sudo().instalment_id.contract_id
        if contract.retention_method != "withheld" or self._get_frozen_parts() is not None:
            return
        if contract.retention_cap_percent:
            contract._lock_rows()
        parts = self._calculate_retention_parts()
        lines = self.line_ids.filtered("retention_part")
        before = {line.retention_part: abs(line.amount_currency) for line in lines}
        if before != parts:
            # stock compares what was needed before with what is needed after: tell it what the lines say now
            self.retention_terms = {"total": self.amount_total, "parts": before}
        self.retention_terms = {"total": self.amount_total, "parts": parts}

    def _get_frozen_parts(self):
        """What posting fixed, None where nothing was or the invoice has changed since."""
        self.ensure_one()
        frozen = self.retention_terms
        if not frozen or self.currency_id.compare_amounts(frozen["total"], self.amount_total):
            return None
        return dict(frozen["parts"])

    def _get_retention_parts(self):
        """What is kept back of this invoice or credit note.

        :return: dict of part → positive amount in the currency of the invoice, empty where nothing is
        """
        self.ensure_one()
        if self.move_type == "out_refund":
            return self._get_credited_parts()
        if self.move_type != "out_invoice":
            return {}
        frozen = self._get_frozen_parts()
        return self._calculate_retention_parts() if frozen is None else frozen

    def _calculate_retention_parts(self):
        """As `_get_retention_parts`, by the contract as it is today."""
        # reason of sudo: who writes invoices need not read contracts
        instalment = self.sudo().instalment_id
        contract = instalment.contract_id
        if contract.retention_method != "withheld" or instalment.kind not in RETAINED_KINDS:
            return {}
        released = contract._get_released_parts()
        release_percent = contract._get_release_percent()
        rounding = self.currency_id.rounding
        amount = withhold(
            self._get_retention_base(),
            get_open_percent(instalment.retention_percent, release_percent, released),
            rounding,
            room=contract._get_retention_room(self),
            most=self.amount_total,
        )
        return split_parts(amount, release_percent, rounding, released)

    def _get_credited_parts(self):
        """A credit note takes back of each part what it takes back of its invoice."""
        origin = self.reversed_entry_id
        if not origin.instalment_id:
            return {}
        parts = {}
        others = (origin.reversal_move_ids - self._origin).filtered(lambda move: move.state == "posted")
        for line in origin.line_ids.filtered("retention_part"):
            amount = take_share(
                self.amount_total, abs(line.amount_currency), origin.amount_total, self.currency_id.rounding
            )
            # a credit of more than the invoice gives back no more of a part than there is
            given = others.line_ids.filtered(lambda other, part=line.retention_part: other.retention_part == part)
            amount = min(amount, abs(line.amount_currency) - sum(abs(other.amount_currency) for other in given))
            if self.currency_id.compare_amounts(amount, 0.0) > 0 and origin.currency_id == self.currency_id:
                parts[line.retention_part] = amount
        return parts

    def _take_retention(self, needed, parts):
        """Take what is kept back off the last payment terms, and give each part a term of its own.

        :param dict needed: stock's terms
        :param dict parts: see `_get_retention_parts`
        :return: dict like `needed`
        """
        total = sum(values["amount_currency"] for values in needed.values())
        total_company = sum(values["balance"] for values in needed.values())
        if self.currency_id.is_zero(total):
            return needed
        result = {key: dict(values) for key, values in needed.items()}
        order = sorted(result, key=lambda key: key.get("date_maturity") or date.min, reverse=True)
        account = self._get_retention_account()
        for part, unsigned in parts.items():
            amount = unsigned if total > 0 else -unsigned
            balance = self.company_currency_id.round(total_company * amount / total)
            self._reduce_terms(result, order, amount, balance)
            values = {
                "balance": balance,
                "amount_currency": amount,
                "date_maturity": self._get_retention_date(part),
                "discount_balance": 0.0,
                "discount_amount_currency": 0.0,
            }
            if account:
                values["account_id"] = account.id
            result[self._get_retention_key(part)] = values
        if account and (due_account := self._get_due_account()):
            for key in order:
                if key in result:
                    result[key]["account_id"] = due_account.id
        return result

    def _reduce_terms(self, terms, order, amount, balance):
        """Take an amount off terms, the first of `order` first; a term without a rest disappears."""
        for place, key in enumerate(order):
            if key not in terms:
                continue
            values = terms[key]
            part, part_balance = amount, balance
            if place + 1 < len(order) and abs(values["amount_currency"]) <= abs(amount):
                part, part_balance = values["amount_currency"], values["balance"]
            values["amount_currency"] = self.currency_id.round(values["amount_currency"] - part)
            values["balance"] = self.company_currency_id.round(values["balance"] - part_balance)
            if values.get("discount_amount_currency"):
                # an early payment pays what is due earlier, less the discount on the whole
                values["discount_amount_currency"] -= part
                values["discount_balance"] -= part_balance
            if self.currency_id.is_zero(values["amount_currency"]):
                del terms[key]
            amount = self.currency_id.round(amount - part)
            balance = self.company_currency_id.round(balance - part_balance)
            if self.currency_id.is_zero(amount):
                return

    def _has_retention_terms(self):
        """Whether something is kept back of this invoice, as its lines say once posted and will say before."""
        self.ensure_one()
        if self.state == "posted":
            return bool(self.line_ids.filtered("retention_part"))
        return any("retention_part" in key for key in self.needed_terms or ())

    def _follow_open_terms(self):
        """What is open of these invoices changed, or its dates did: see `_get_open_day`."""
        self.env.add_to_compute(self._fields["invoice_date_due"], self.filtered(lambda move: move.state == "posted"))

    def _get_open_day(self):
        """The due date of a posted invoice: that of what is open.

        Stock calls an invoice overdue by this date, whatever is open of it: once all that was due is paid, it is
        the day the rest is released.
        """
        self.ensure_one()
        terms = self.line_ids.filtered(lambda line: line.display_type == "payment_term")
        kept = terms.filtered("retention_part")
        due = terms - kept
        dates = [line.date_maturity for line in kept if not line.reconciled]
        if dates and all(line.reconciled for line in due):
            return min(dates)
        return max((line.date_maturity for line in due or kept if line.date_maturity), default=False)

    def _keep_paid_date(self, needed):
        """Without payment terms stock dates what is due by the invoice: once that is paid, its own date stays."""
        line = self.line_ids.filtered(lambda line: line.display_type == "payment_term" and not line.retention_part)
        if self.invoice_payment_term_id or self.state != "posted" or len(line) != 1 or not line.reconciled:
            return needed
        return {frozendict({**key, "date_maturity": line.date_maturity}): values for key, values in needed.items()}

    # === HOOKS === #

    def _get_retention_base(self):
        """What the percentage kept back is taken of, positive. Gross: before an advance is recouped."""
        self.ensure_one()
        # reason of sudo: as above
        contract = self.sudo().instalment_id.contract_id
        base = self.amount_untaxed if contract.retention_base == "untaxed" else self.amount_total
        if contract.advance_recoup == "none" or self.currency_id.is_zero(self.amount_total):
            # a row is worth what it asks for; what its invoice deducts was billed before
            return base
        return base * (self.amount_total + self._get_recouped_total()) / self.amount_total

    def _get_retention_key(self, part):
        """The key by which stock recognises the line of a part among the payment terms of this invoice."""
        return frozendict({"move_id": self.id, "retention_part": part, "discount_date": False})

    def _get_retention_date(self, part):
        """When a part is due: as its line says once released, else as planned."""
        # reason of sudo: as above
        contract = self.sudo().instalment_id.contract_id
        source = self.reversed_entry_id if self.move_type == "out_refund" else self
        line = source.line_ids.filtered(lambda line: line.retention_part == part)[:1]
        if line and contract._get_release_date(part):
            return line.date_maturity
        return contract._get_planned_release(part)

    def _get_retention_account(self):
        """The receivable account of what is kept back, empty: the one of the rest."""
        # reason of sudo: as above
        contract = self.sudo().instalment_id.contract_id
        return contract.retention_account_id or contract.company_id.retention_account_id

    def _get_due_account(self):
        """The receivable account of what is due: stock takes that of any other line of the invoice."""
        line = self.line_ids.filtered(lambda line: line.display_type == "payment_term" and not line.retention_part)[:1]
        account = line.account_id
        if not account or account == self._get_retention_account():
            partner = self.with_company(self.company_id).commercial_partner_id
            account = self.fiscal_position_id.map_account(partner.property_account_receivable_id)
        return account

    def _reconcile_reversed_moves(self, reverse_moves, move_reverse_cancel):
        """What a credit note takes back of a part meets that part of its invoice, and no other."""
        pairs = list(zip(self, reverse_moves, strict=False))
        for move, reverse in pairs:
            if not (move.instalment_id and move.line_ids.filtered("retention_part")):
                super(AccountMove, move)._reconcile_reversed_moves(reverse, move_reverse_cancel)
                continue
            lines = (move.line_ids + reverse.line_ids).filtered(
                lambda line: not line.reconciled and line.account_id.reconcile
            )
            groups = lines.grouped(lambda line: (line.account_id, line.currency_id, line.retention_part))
            for group in groups.values():
                group.with_context(move_reverse_cancel=move_reverse_cancel).reconcile()
        return reverse_moves
