from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

from .ledger import read_overdue_dates

# Said by clients, and so written by the methods below only: each leaves its entry in the log.
SAID_FIELDS = {
    "date_promised",
    "amount_promised",
    "amount_before_promise",
    "promised_by",
    "promise_note",
    "date_disputed",
    "dispute_reason",
    "dispute_user_id",
}
OPEN_STATES = ("invoiced", "partial", "overdue")
FOLLOWING_GROUPS = "sales_team.group_sale_salesman,account.group_account_invoice"


class ConstructionInstalment(models.Model):
    """Following up: how late an instalment is, what the client was told and what he said."""

    _inherit = "construction.instalment"

    # Stored: lists are sorted by it. It follows the receivable lines, not the last term of the invoice.
    date_overdue = fields.Date(
        string="Overdue Since",
        compute="_compute_money",
        store=True,
        help="The day the oldest overdue part of this instalment was to be paid.",
    )
    days_late = fields.Integer(
        compute="_compute_days_late",
        search="_search_days_late",
        help="Days since the oldest overdue part of this instalment was to be paid.",
    )
    date_promised = fields.Date(
        string="Promised For",
        readonly=True,
        copy=False,
        help="The day the client promised to pay. No reminder goes out before it has passed.",
    )
    amount_promised = fields.Monetary(
        readonly=True,
        copy=False,
        help="What the client promised to pay. Zero: all that is open.",
    )
    amount_before_promise = fields.Monetary(readonly=True, copy=False, export_string_translation=False)
    promised_by = fields.Char(readonly=True, copy=False)
    promise_note = fields.Text(readonly=True, copy=False)
    promise_state = fields.Selection(
        [("open", "Promised"), ("broken", "Broken promise")],
        string="Promise",
        compute="_compute_promise_state",
        search="_search_promise_state",
    )
    date_disputed = fields.Date(
        string="Disputed Since",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The client does not accept this claim. No reminder goes out until the dispute is settled.",
    )
    dispute_reason = fields.Text(readonly=True, copy=False)
    dispute_user_id = fields.Many2one("res.users", string="Dispute Recorded By", readonly=True, copy=False)
    reminder_line_ids = fields.One2many(
        "construction.reminder.line", "instalment_id", string="Reminders", readonly=True
    )
    # Stored: lists are filtered and grouped by it.
    reminder_level_id = fields.Many2one(
        "construction.reminder.level",
        string="Level Reached",
        compute="_compute_reminder_level_id",
        store=True,
    )
    date_reminded = fields.Date(
        string="Last Reminder",
        compute="_compute_reminder_level_id",
        store=True,
    )
    reminder_next_id = fields.Many2one(
        "construction.reminder.level",
        string="Next Level",
        compute="_compute_reminder_next_id",
        help="The reminder this instalment is ripe for today.",
    )

    # === COMPUTE === #

    def _compute_money(self):  # pylint: disable=missing-return
        super()._compute_money()
        late = self.filtered(lambda row: row.state == "overdue")
        (self - late)._set_each("date_overdue", [False] * len(self - late))
        dates = read_overdue_dates(late.invoice_ids)
        for row in late:
            row.date_overdue = min((dates[move] for move in row.invoice_ids if move in dates), default=False)

    @api.depends("date_overdue")
    def _compute_days_late(self):
        today = fields.Date.context_today(self)
        for row in self:
            row.days_late = (today - row.date_overdue).days if row.date_overdue else 0

    def _search_days_late(self, operator, value):
        if operator not in ("<", "<=", ">", ">="):
            return NotImplemented
        mirrored = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}[operator]
        day = fields.Date.subtract(fields.Date.context_today(self), days=value)
        return Domain("date_overdue", mirrored, day) & Domain("date_overdue", "!=", False)

    @api.depends("date_promised", "amount_promised", "amount_before_promise", "amount_residual", "state")
    def _compute_promise_state(self):
        today = fields.Date.context_today(self)
        for row in self:
            if not row.date_promised or row._is_promise_kept():
                row.promise_state = False
            else:
                row.promise_state = "open" if row.date_promised >= today else "broken"

    def _search_promise_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        promised = Domain("date_promised", "!=", False) & Domain("state", "in", OPEN_STATES)
        rows = self.search(promised).filtered(lambda row: row.promise_state in value)
        domain = Domain("id", "in", rows.ids)
        return domain | ~promised if False in value else domain

    @api.depends("reminder_line_ids.level_id", "reminder_line_ids.date")
    def _compute_reminder_level_id(self):
        plain = self.filtered(lambda row: not row.reminder_line_ids)
        plain.reminder_level_id = plain.date_reminded = False
        for row in self - plain:
            lines = row.reminder_line_ids.filtered("level_id")
            row.reminder_level_id = lines.level_id.sorted("days_late")[-1:]
            row.date_reminded = max((line.date.date() for line in lines), default=False)

    @api.depends("state", "date_overdue", "date_promised", "date_disputed", "reminder_level_id", "date_reminded")
    def _compute_reminder_next_id(self):
        levels = {
            company: self.env["construction.reminder.level"]._get_company_levels(company) for company in self.company_id
        }
        today = fields.Date.context_today(self)
        for row in self:
            level = self.env["construction.reminder.level"]
            if row._is_remindable():
                level = levels[row.company_id]._get_next(row.reminder_level_id, row.days_late)
                wait = level.days_late - row.reminder_level_id.days_late
                if row.date_reminded and today < fields.Date.add(row.date_reminded, days=wait):
                    level = level.browse()
            row.reminder_next_id = level

    # === CRUD === #

    def write(self, vals):
        if SAID_FIELDS & vals.keys() and not self.env.su:
            raise UserError(
                self.env._("Record what the client said by “Promise to Pay” or “Dispute”, so that it is logged.")
            )
        return super().write(vals)

    # === ACTION === #

    def action_remind(self):
        """Preview what each client would get about all his overdue instalments.

        :raises UserError: none of these may be reminded now, with the reason of each
        """
        self._check_following_rights()
        wizard = self.env["construction.remind"]._prepare(self)
        return wizard._get_preview_action()

    def action_promise(self):
        """Ask when the client promised to pay."""
        return self._get_said_action("promise", self.env._("Promise to Pay"))

    def action_dispute(self):
        """Ask why the client does not accept the claim."""
        return self._get_said_action("dispute", self.env._("Dispute"))

    def action_settle_dispute(self):
        """Ask how the dispute was settled."""
        return self._get_said_action("settled", self.env._("Dispute Settled"))

    # === BUSINESS === #

    def _get_with_others_of_client(self):
        """These instalments and all others of the same clients that are overdue, as far as the user sees them."""
        clients = self.partner_id.commercial_partner_id
        return self | self.search(
            [
                ("state", "=", "overdue"),
                ("company_id", "in", self.company_id.ids),
                ("partner_id.commercial_partner_id", "in", clients.ids),
            ]
        )

    def _get_reminder_recipient(self):
        """Who gets the reminder of these instalments of one client: who gets the invoices."""
        # reason of sudo: who reminds need not see orders or contacts of the order
        contacts = self.sudo().contract_id.order_ids.partner_invoice_id | self.sudo().partner_id
        commercial = contacts.commercial_partner_id[:1]
        contacts |= commercial.browse(commercial.address_get(["invoice"])["invoice"])
        return (contacts.filtered("email_normalized")[:1] or contacts[:1]).sudo(self.env.su)

    def _get_overdue_totals(self):
        """:return: dict of currency → what these have overdue in it"""
        return {
            currency: currency.round(sum(rows.mapped("amount_overdue")))
            for currency, rows in self.grouped("currency_id").items()
        }

    def _get_reminded_state(self):
        """What a reminder of these relies on, to be compared later: amounts and reminders so far."""
        return {str(row.id): [row.currency_id.round(row.amount_overdue), len(row.reminder_line_ids)] for row in self}

    def _get_reminder_rows(self):
        """What a reminder lists, oldest first.

        :return: list of dicts (name, contract, invoice, date, days, amount, currency)
        """
        result = []
        for row in self.sorted(lambda row: (row.date_overdue or fields.Date.today(), row.id)):
            # reason of sudo: a salesperson need not see every invoice; its number stands on the claim
            invoices = row.sudo().invoice_ids.filtered(
                lambda move: move.state == "posted" and move.move_type == "out_invoice" and move.amount_residual
            )
            result.append(
                {
                    "name": row.name,
                    "contract": row.contract_id.name,
                    "invoice": ", ".join(invoices.mapped("name")),
                    "date": format_date(self.env, row.date_overdue),
                    "days": row.days_late,
                    "amount": row.amount_overdue,
                    "currency": row.currency_id,
                }
            )
        return result

    def _check_following_rights(self):
        """Salespeople follow up their own deals, accountants all."""
        if not (self.env.su or self.env.user.has_groups(FOLLOWING_GROUPS)):
            raise AccessError(self.env._("Only salespeople and people with invoicing rights follow up payments."))
        self.check_access("read")

    def _get_said_action(self, kind, name):
        self._check_following_rights()
        return {
            "name": name,
            "type": "ir.actions.act_window",
            "res_model": "construction.said",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_kind": kind, "default_instalment_ids": self.ids},
        }

    def _is_promise_kept(self):
        """Whether what was promised has come in."""
        self.ensure_one()
        if self.state not in OPEN_STATES:
            return True
        currency = self.currency_id or self.env.company.currency_id
        if not self.amount_promised:
            return False
        paid = self.amount_before_promise - self.amount_residual
        return currency.compare_amounts(paid, self.amount_promised) >= 0

    def _is_remindable(self):
        """Whether the client may be reminded of this instalment today."""
        self.ensure_one()
        return not self._get_reminder_hold()

    def _get_reminder_hold(self):
        """Why the client may not be reminded of this instalment: a sentence, or an empty string."""
        self.ensure_one()
        if self.state != "overdue":
            return self.env._("“%(name)s” is not overdue.", name=self.display_name)
        if self.date_disputed:
            return self.env._("The client disputes “%(name)s”.", name=self.display_name)
        if self.date_promised and self.date_promised >= fields.Date.context_today(self):
            return self.env._(
                "“%(name)s” is promised for %(date)s.",
                name=self.display_name,
                date=format_date(self.env, self.date_promised),
            )
        return ""

    def _record_promise(self, date, amount=0.0, promised_by=False, note=False):
        """The client promised to pay: no reminder before that day.

        :raises UserError: the day is past, or nothing is open
        """
        self._check_following_rights()
        if not date or date < fields.Date.context_today(self):
            raise UserError(self.env._("A promise is about the future: choose today or a later day."))
        self._check_open()
        for row in self:
            if row.currency_id.compare_amounts(amount or 0.0, 0.0) < 0:
                raise UserError(self.env._("The promised amount cannot be negative."))
            # reason of sudo: accountants may not write on the plan itself
            row.sudo().write(
                {
                    "date_promised": date,
                    "amount_promised": amount or 0.0,
                    "amount_before_promise": row.amount_residual,
                    "promised_by": promised_by,
                    "promise_note": note,
                }
            )
        for row in self:
            summary = row.env._("Promised for %(date)s", date=format_date(row.env, date))
            if amount:
                summary = row.env._(
                    "%(amount)s promised for %(date)s",
                    amount=row.currency_id.format(amount),
                    date=format_date(row.env, date),
                )
            row._log_said("promise", summary, [promised_by, note])

    def _record_dispute(self, reason):
        """The client does not accept the claim: no reminder until it is settled."""
        self._check_following_rights()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the client does not accept the claim."))
        self._check_open()
        # reason of sudo: accountants may not write on the plan itself
        self.sudo().write(
            {
                "date_disputed": fields.Date.context_today(self),
                "dispute_reason": reason,
                "dispute_user_id": self.env.uid,
            }
        )
        for row in self:
            row._log_said("dispute", row.env._("Disputed"), [reason])

    def _settle_dispute(self, note=False):
        """The dispute is settled: reminders go on."""
        self._check_following_rights()
        disputed = self.filtered("date_disputed")
        # reason of sudo: accountants may not write on the plan itself
        disputed.sudo().write({"date_disputed": False, "dispute_reason": False, "dispute_user_id": False})
        for row in disputed:
            row._log_said("settled", row.env._("Dispute settled"), [note])

    def _check_open(self):
        for row in self:
            if row.state not in OPEN_STATES:
                raise UserError(
                    self.env._("“%(name)s” has no open invoice: there is nothing to pay.", name=row.display_name)
                )

    def _log_said(self, kind, summary, details):
        """Keep what the client said in the log, and tell the contract."""
        self.ensure_one()
        note = "\n".join(text for text in details if text)
        self.env["construction.reminder"]._log(
            self, {"kind": kind, "name": summary, "summary": f"{summary} · {note}" if note else summary, "note": note}
        )
        body = self.env._("%(instalment)s: %(what)s", instalment=self.name, what=summary)
        # reason of sudo: accountants may not write on the contract
        self.contract_id.sudo()._message_log(body=f"{body}\n{note}" if note else body)
