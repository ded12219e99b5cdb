from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .construction_collection_record import ACCOUNT_STATES
from .ledger import read_money


class ConstructionContract(models.Model):
    """Money received on a contract, by instalments or on account."""

    _inherit = "construction.contract"

    on_account_use = fields.Selection(
        [("auto", "Pay the next invoice"), ("ask", "Wait until told")],
        string="Money on Account",
        compute="_compute_on_account_use",
        store=True,
        readonly=False,
        precompute=True,
        help="What happens to advances on account of this contract when its next invoice is posted.",
    )
    amount_on_account = fields.Monetary(
        string="On Account",
        compute="_compute_money",
        store=True,
        help="Received on this contract for no instalment yet, and what credit notes still give back.",
    )
    collection_count = fields.Integer(compute="_compute_collection_count")

    # === COMPUTE === #

    @api.depends("company_id")
    def _compute_on_account_use(self):
        for contract in self:
            contract.on_account_use = contract.company_id.construction_on_account_use or "auto"

    def _compute_money(self):  # pylint: disable=missing-return
        """Extends the sums of the contract by what waits on account; the same events change it."""
        super()._compute_money()
        for contract in self:
            waiting = contract.collection_ids.filtered(lambda row: not row.instalment_id)
            refunds = contract.move_ids.filtered(lambda move: move.state == "posted" and move.move_type == "out_refund")
            given = sum(contract._get_left_to_give(move, money) for move, money in read_money(refunds).items())
            contract.amount_on_account = sum(waiting.mapped("amount_open")) + given

    @api.depends("collection_ids")
    def _compute_collection_count(self):
        for contract in self:
            contract.collection_count = len(contract.collection_ids)

    # === ACTION === #

    def action_collect(self):
        """Ask how much was received: for the open instalments, the rest on account of the contract.

        :raises AccessError: neither invoicing rights nor the own contract
        :raises UserError: the contract is closed or cancelled
        """
        self.ensure_one()
        self._check_collecting_rights()
        self._check_can_collect_on_account()
        return self.env["construction.collect"]._get_action(contract_id=self.id)

    def action_view_collections(self):
        """What was received on this contract."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("construction_crm.construction_collection_action")
        action["domain"] = [("contract_id", "=", self.id)]
        action["context"] = {"create": False}
        return action

    # === BUSINESS === #

    def _check_invoicing_rights(self):
        if not self.env["construction.collection"]._may_post():
            raise AccessError(self.env._("Only people with invoicing rights can do this. Ask your accountant."))
        self.check_access("read")

    def _check_collecting_rights(self):
        """With invoicing rights, or whoever may change the contract: they ask, others confirm."""
        if self.env["construction.collection"]._may_post():
            self.check_access("read")
        elif not self.has_access("write"):
            raise AccessError(
                self.env._(
                    "Only people with invoicing rights, or the salesperson of the contract, can collect on "
                    "it. Ask your accountant."
                )
            )

    def _check_can_collect_on_account(self):
        for contract in self:
            if contract.state not in ACCOUNT_STATES:
                raise UserError(
                    self.env._(
                        "Nothing can be collected on contract %(contract)s: it is closed or cancelled.",
                        contract=contract.name,
                    )
                )

    def _get_payers(self):
        """The clients the invoices of these contracts go to."""
        payers = self.env["res.partner"]
        for contract in self:
            payers |= (contract.order_ids[:1].partner_invoice_id or contract.partner_id).commercial_partner_id
        return payers

    def _get_confirming_user(self):
        """Who confirms money a salesperson recorded: the invoicing person, if he may, else an accountant."""
        self.ensure_one()
        user = self._get_invoicing_user()
        if user.has_group("account.group_account_invoice") if user else False:
            return user
        # reason of sudo: salespeople need not know who has which rights
        accountants = self.env.ref("account.group_account_invoice").sudo().all_user_ids
        accountants = accountants.filtered(lambda user: user.active and self.company_id in user.company_ids)
        return accountants.sorted("id")[:1] or user or self.env.user

    def _get_plain_invoices(self):
        """Posted invoices of this contract that belong to none of its instalments."""
        return self.move_ids.filtered(
            lambda move: move.state == "posted" and move.move_type == "out_invoice" and not move.instalment_id
        )

    def _get_left_to_give(self, refund, money):
        """What a credit note still gives, in the currency of the contract at the date of the credit note.

        What it is matched with counts while that is posted: see `read_money`.
        """
        money = self._convert_money(refund, money)
        return money.received - money.invoiced

    def _use_on_account(self, invoices):
        """Let what this contract has on account pay its newly posted invoices, oldest money first."""
        self.ensure_one()
        self._use_credit_notes(invoices)
        self._release_surplus()
        waiting = self.collection_ids.filtered(
            lambda row: (
                row.is_live and not row.instalment_id and self.currency_id.compare_amounts(row.amount_open, 0.0) > 0
            )
        )
        for row in waiting.sorted(lambda row: (row.date, row.id)):
            for move in invoices.filtered("instalment_id").sorted(lambda move: (move.invoice_date_due, move.id)):
                if not row.exists() or row.instalment_id:
                    break
                row._use_on_instalment(move.instalment_id)
        waiting.exists()._match()

    def _use_credit_notes(self, invoices):
        refunds = self.move_ids.filtered(
            lambda move: move.move_type == "out_refund" and not move._get_own_claims(invoices)
        )
        plan = []
        for line in refunds._get_open_terms():
            targets = invoices._get_open_terms().filtered(lambda own, line=line: own.account_id == line.account_id)
            if targets:
                plan.append(line + targets)
        if plan:
            self.env["account.move.line"]._reconcile_plan(plan)

    def _release_surplus(self):
        """What instalments hold beyond what they ask for, since credited, goes on account again."""
        for row in self.collection_ids.filtered(lambda row: row.is_live and row.instalment_id):
            instalment, currency = row.instalment_id, row.currency_id
            surplus = self.currency_id._convert(-instalment.amount_residual, currency, self.company_id, row.date)
            open_amount, _company_amount = row.payment_id._share_open_amount().get(row, (0.0, 0.0))
            surplus = min(surplus, open_amount)
            if currency.compare_amounts(surplus, 0.0) > 0:
                row._use_on(self, self.env["construction.instalment"], surplus)
