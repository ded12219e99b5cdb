from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import clean_context

from ..pipeline.compute_again import compute_again
from ..pipeline.row_lock import take, touch
from .batches import search_batches, work_off
from .construction_contract import LIVE_STATES
from .construction_instalment import BILLED_STATES

OPEN_STATES = ("waiting", "due")
# More names than these help nobody who reads what is in the way.
MOST_NAMES = 10


class ConstructionInstalment(models.Model):
    _inherit = "construction.instalment"

    # === ACTION === #

    def action_invoice(self):
        """Invoice what is due; an instalment already invoiced opens its invoice.

        :return: action on the invoices
        :raises AccessError: without invoicing rights
        :raises UserError: not signed, not due, nothing to invoice, or a plan that does not add up
        """
        self._check_invoicing_rights()
        self._lock_rows()
        # defaults of the screen this was started from are not those of the invoice
        self = self.with_env(self.env(context=clean_context(self.env.context)))
        moves = self.env["account.move"]
        # last rows last: whether one is the last open one depends on those before it
        for instalment in self.sorted(lambda row: (row.contract_id.id, row.sequence, row.id)):
            move = instalment._get_live_invoice()
            if not move:
                instalment._check_can_invoice()
                move = instalment._create_invoice()
                instalment._finish_activity()
            moves |= move
        return moves._get_records_action(
            name=self.env._("Invoices"), context={"default_move_type": "out_invoice", "create": False}
        )

    def action_view_invoices(self):
        """The invoices and credit notes of this instalment."""
        self.ensure_one()
        return self.invoice_ids._get_records_action(name=self.env._("Invoices"))

    # === BUSINESS === #

    def _check_invoicing_rights(self):
        if not (self.env.su or self.env.user.has_group("account.group_account_invoice")):
            raise AccessError(
                self.env._(
                    "Only people with invoicing rights can invoice and collect instalments. Ask your accountant."
                )
            )
        self.check_access("read")

    def _lock_rows(self):
        """Take the rows and their contracts for this transaction: what one row asks for depends on the others.

        An update, not only a lock: a second transaction that waited here must not go on with what it saw before,
        but fail and be run again.
        """
        touch(self.contract_id)
        take(self)

    def _get_live_invoice(self):
        """The invoice that bills this instalment now, if any."""
        self.ensure_one()
        moves = self.invoice_ids.filtered(lambda move: move.move_type == "out_invoice" and move.state != "cancel")
        if self.state not in BILLED_STATES:
            # a draft is used, even where credit notes came to more than it does
            moves = moves.filtered(lambda move: move.state == "draft")
        return moves.sorted(lambda move: (move.payment_state == "reversed", -move.id))[:1]

    def _check_can_invoice(self, open_rows=None):
        """Refuse what cannot be invoiced as it stands.

        :param open_rows: what the contract has to invoice yet, where many rows are asked at once
        """
        self.ensure_one()
        contract = self.contract_id
        if contract.state not in ("signed", "running", "completed"):
            raise UserError(
                self.env._(
                    "Instalment “%(name)s” cannot be invoiced: contract %(contract)s is not signed.",
                    name=self.name,
                    contract=contract.name,
                )
            )
        if self.state != "due":
            raise UserError(
                self.env._(
                    "Instalment “%(name)s” is not due yet: it waits for %(event)s.",
                    name=self.name,
                    event=self._describe_wait(),
                )
            )
        if self.currency_id.compare_amounts(self.amount, 0.0) <= 0:
            raise UserError(self.env._("Instalment “%(name)s” has nothing to invoice.", name=self.name))
        others = self._get_open_siblings() if open_rows is None else open_rows - self._origin
        if self.kind == "final" and (before := others.filtered(lambda row: row.kind != "retention")):
            raise UserError(
                self.env._(
                    "The final instalment “%(name)s” settles the account: first invoice %(others)s.",
                    name=self.name,
                    others=", ".join([*before[:MOST_NAMES].mapped("name"), *(["…"] if before[MOST_NAMES:] else [])]),
                )
            )
        self._check_recoupable()
        left = contract.amount_left
        if contract.currency_id.compare_amounts(left, 0.0) < 0 or (
            not others and not contract.currency_id.is_zero(left)
        ):
            contract._check_ready_to_sign()

    def _get_open_siblings(self):
        """Other instalments of the contract that have something to invoice yet."""
        self.ensure_one()
        return (self.contract_id.instalment_ids - self).filtered(lambda row: row.state in OPEN_STATES and row.amount)

    def _get_open_rows(self):
        """What the contracts of these rows have to invoice yet, read at once.

        :return: dict of contract → construction.instalment
        """
        domain = [("contract_id", "in", self.contract_id.ids), ("state", "in", OPEN_STATES), ("amount", ">", 0)]
        rows = self.search_fetch(domain, ["contract_id", "kind", "name"], order="contract_id, sequence, id")
        return rows.grouped("contract_id")

    def _schedule_due(self):
        """Tell the invoicing person about rows that became due, once each."""
        # before the signature nothing is due: a plan just made need not find out the states of its rows for that
        live = self.filtered(lambda row: row.contract_id.state in LIVE_STATES)
        todo = live.filtered(lambda row: row.state == "due" and not row.activity_id and row.amount)
        if not todo or self.env.context.get("mail_activity_automation_skip"):
            return
        # reason of sudo: the event may be raised by someone who may not write on contracts
        todo = todo.sudo()
        # all at once: `activity_schedule` would make them one by one
        activities = todo.env["mail.activity"].create(todo._prepare_due_activities())
        for row, activity in zip(todo, activities, strict=True):
            row.activity_id = activity

    def _prepare_due_activities(self):
        """Values of the activities that ask for the invoices of these rows, one each."""
        users = {contract: contract._get_invoicing_user().id or self.env.uid for contract in self.contract_id}
        model_id = self.env["ir.model"]._get_id("construction.contract")
        kind = self.env["construction.contract"]._default_activity_type()
        return [
            {
                "activity_type_id": kind.id,
                "automated": True,
                "res_model_id": model_id,
                "res_id": row.contract_id.id,
                "date_deadline": row.date_due,
                "summary": self.env._("Invoice “%(name)s”", name=row.name),
                "note": row.currency_id.format(row.amount),
                "user_id": users[row.contract_id],
            }
            for row in self
        ]

    def _finish_billed(self):
        """Nobody needs to invoice these rows any more where an invoice of theirs came back."""
        # reason of sudo: who changes invoices need not read the plan
        for row in self.sudo().filtered(lambda row: row.activity_id and row.state in BILLED_STATES):
            row._finish_activity()

    def _finish_activity(self):
        # reason of sudo: the activity may be a colleague's
        activity = self.sudo().activity_id
        if activity:
            # a done activity is archived, not deleted: the next one must be able to take its place
            self.sudo().activity_id = False
            # done without a message: the invoice itself stands in the plan, and messages cost nine queries
            activity.write({"active": False, "feedback": self.env._("Invoiced")})

    # === CRON === #

    def _cron_update_due(self):
        """Daily: what time alone made due or overdue, on instalments, contracts and deals.

        :return: False when the time of the job is over
        """
        domain = [("date_next_check", "<=", fields.Date.context_today(self))]
        parts = [
            (self.env["construction.instalment"], "state"),
            (self.env["construction.contract"], "amount_overdue"),
            (self.env["crm.lead"], "amount_overdue"),
        ]
        # of all three: a job with nothing left is not called again where its time ends between them
        self.env["ir.cron"]._commit_progress(remaining=sum(model.search_count(domain) for model, _field in parts))
        return all(self._update_by_date(model, field, domain) for model, field in parts)

    @api.model
    def _update_by_date(self, model, field, domain):
        """Recompute the records of a model whose day has come, in batches.

        :return: False when the time of the job is over
        """

        def update(records):
            compute_again(records, field)
            if records._name == self._name:
                records._schedule_due()

        return work_off(search_batches(model, domain), update)
