from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .ledger import NO_MONEY, add_money, read_money


class CrmLead(models.Model):
    _inherit = "crm.lead"

    contract_ids = fields.One2many("construction.contract", "lead_id", string="Contracts")
    instalment_ids = fields.One2many("construction.instalment", "lead_id", string="Payment Plan", readonly=True)
    # what the form shows, see `_get_form_lists`
    shown_instalment_ids = fields.One2many("construction.instalment", "lead_id", string="Instalments", readonly=True)
    collection_ids = fields.One2many("construction.collection", "lead_id", string="Collections", readonly=True)
    has_contract = fields.Boolean(
        compute="_compute_has_contract",
        # Stored, so that orders and invoices of plain deals need not look for contracts.
        store=True,
        compute_sudo=True,
        export_string_translation=False,
    )
    contract_count = fields.Integer(compute="_compute_linked_counts", compute_sudo=True)
    deal_invoice_count = fields.Integer(
        string="Deal Invoices",
        compute="_compute_linked_counts",
        compute_sudo=True,
    )
    invoice_line_ids = fields.One2many(
        "account.move.line",
        "lead_id",
        readonly=True,
        export_string_translation=False,
        groups="account.group_account_invoice,account.group_account_readonly",
    )
    # The five sums, taxes included, in the currency of the company. Stored because lists sum them and
    # salespeople see them who may not read the invoices they come from.
    amount_contract = fields.Monetary(
        string="Contract Value",
        compute="_compute_money",
        store=True,
        compute_sudo=True,
        currency_field="company_currency",
        help="Confirmed orders of this deal, taxes included.",
    )
    amount_invoiced = fields.Monetary(
        string="Invoiced",
        compute="_compute_money",
        store=True,
        compute_sudo=True,
        currency_field="company_currency",
    )
    amount_collected = fields.Monetary(
        string="Collected",
        compute="_compute_money",
        store=True,
        compute_sudo=True,
        currency_field="company_currency",
        help="What the invoices received, by whichever road, and payments that wait for an invoice.",
    )
    amount_overdue = fields.Monetary(
        string="Overdue",
        compute="_compute_money",
        store=True,
        compute_sudo=True,
        currency_field="company_currency",
    )
    amount_to_invoice = fields.Monetary(
        string="Still to Invoice",
        compute="_compute_money",
        store=True,
        compute_sudo=True,
        currency_field="company_currency",
    )
    date_next_check = fields.Date(
        compute="_compute_money",
        # the daily job looks only at deals where time alone changes a sum
        store=True,
        compute_sudo=True,
        index="btree_not_null",
        export_string_translation=False,
    )

    # === COMPUTE === #

    @api.depends("contract_ids")
    def _compute_has_contract(self):
        for lead in self:
            lead.has_contract = bool(lead.contract_ids)

    @api.depends("contract_ids")
    def _compute_linked_counts(self):
        result = super()._compute_linked_counts()
        for lead in self:
            counts = lead.linked_counts
            lead.contract_count = counts["contract_ids"]
            lead.deal_invoice_count = counts["invoices"] if lead._is_construction_deal() else 0
        return result

    @api.depends(
        "construction_type_id",
        "has_contract",
        "company_id",
        "order_ids.state",
        "order_ids.amount_total",
        # matches and states, not amounts: see ledger.py
        "invoice_line_ids.move_id.state",
        "invoice_line_ids.move_id.line_ids.matched_debit_ids",
        "invoice_line_ids.move_id.line_ids.matched_credit_ids",
        # until its day a retention is kept back
        "invoice_line_ids.move_id.instalment_id.date_due",
        "collection_ids.amount_open_company",
    )
    def _compute_money(self):
        deals = self.filtered(lambda lead: lead._is_construction_deal())
        plain = self - deals
        plain._set_no_money(
            "amount_contract", "amount_invoiced", "amount_collected", "amount_overdue", "amount_to_invoice"
        )
        plain.date_next_check = False
        if not deals:
            return
        shares = deals._get_invoice_shares()
        moves = self.env["account.move"].union(*(move for by_move in shares.values() for move in by_move))
        in_company = read_money(moves, company_currency=True)
        in_currency = read_money(moves)
        for lead in deals:
            money = NO_MONEY
            orders = lead._get_ordered()
            to_invoice = {}
            for order in orders:
                key = (order.currency_id, order.company_id)
                to_invoice[key] = to_invoice.get(key, 0.0) + order.amount_total
            for move, share in shares.get(lead._origin.id, {}).items():
                part = lead._take_share(in_company[move], share, move.company_currency_id)
                money = add_money(money, part)
                key = (move.currency_id, move.company_id)
                part = lead._take_share(in_currency[move], share, move.currency_id)
                to_invoice[key] = to_invoice.get(key, 0.0) - part.invoiced
            lead._set_money(
                sum(lead._convert_order(order, order.amount_total) for order in orders),
                sum(lead._convert_left(key, amount, orders) for key, amount in to_invoice.items()),
                money,
                # what is collected hangs on a contract: without one there is nothing to look for
                sum(lead.collection_ids.mapped("amount_open_company")) if lead.has_contract else 0.0,
            )

    @api.model
    def _get_linked_counters(self):
        return {
            **super()._get_linked_counters(),
            "contract_ids": ("construction.contract",),
            # the invoices of its lines, each once
            "invoices": ("account.move.line", SQL("COUNT(DISTINCT linked.move_id)")),
        }

    @api.model
    def _get_form_lists(self):
        return {**super()._get_form_lists(), "shown_instalment_ids": "has_contract"}

    # === ACTION === #

    def action_view_contracts(self):
        self.ensure_one()
        return self.contract_ids._get_records_action(name=self.env._("Contracts"))

    def action_view_deal_invoices(self):
        """The invoices of this deal, those shared with other deals included."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("construction_crm.account_move_action_construction")
        action["domain"] = [("invoice_line_ids.lead_id", "=", self.id)]
        action["context"] = {"create": False, "default_move_type": "out_invoice", "of_one_deal": True}
        return action

    def action_view_collections(self):
        """What was recorded as received on the contracts of this deal."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("construction_crm.construction_collection_action")
        action["domain"] = [("lead_id", "=", self.id)]
        action["context"] = {"create": False}
        return action

    # === CRUD === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_contract(self):
        """A contract keeps its deal; asked only of deals that have one."""
        # sudo: contracts the user may not see hold the deal as well.
        contracts = self.filtered("has_contract").sudo().contract_ids
        if contracts:
            raise UserError(
                self.env._(
                    "%(deal)s has contracts (%(contracts)s). Mark it as lost instead, or delete the contracts first.",
                    deal=contracts[0].lead_id.display_name,
                    contracts=", ".join(contracts.mapped("display_name")),
                )
            )

    # === BUSINESS === #

    def _merge_dependences(self, opportunities):
        """Carry the contracts of merged deals over to the one that remains."""
        result = super()._merge_dependences(opportunities)
        # sudo: whoever may merge the deals may not write on every contract, nor see it.
        contracts = self.env["construction.contract"].sudo().search([("lead_id", "in", opportunities.ids)])
        contracts.lead_id = self
        return result

    def _is_construction_deal(self):
        """Whether money is followed on this deal. Costs no query beyond its own row."""
        self.ensure_one()
        return bool(self.construction_type_id or self.has_contract)

    def _get_ordered(self):
        """The orders the client placed on this deal, for its sums. Rooms that know of others extend it."""
        self.ensure_one()
        return self.order_ids.filtered(lambda order: order.state == "sale")

    def _get_invoice_shares(self):
        """Which part of which posted invoice belongs to each of these deals.

        By what its lines come to, taxes included. The last deal of an invoice gets what the others leave of
        its cents, see `_take_share`.

        :return: dict of lead id → dict of move → (share before this deal, share with it)
        """
        moves = self.env["account.move"]._search(
            [
                ("state", "=", "posted"),
                ("move_type", "in", ("out_invoice", "out_refund")),
                ("invoice_line_ids.lead_id", "in", self._origin.ids),
            ]
        )
        shares = {}
        for move, weights in self.env["account.move"]._get_deal_weights(moves).items():
            for lead_id, share in weights.items():
                shares.setdefault(lead_id, {})[move] = share
        return shares

    def _take_share(self, money, share, currency):
        """The part of an invoice between two running shares, so that the parts add up to the cent."""
        before, after = share

        def part(amount):
            return currency.round(amount * after) - currency.round(amount * before)

        return money._replace(
            invoiced=currency.round(part(money.invoiced)),
            received=currency.round(part(money.received)),
            overdue=currency.round(part(money.overdue)),
            retained=currency.round(part(money.retained)),
            released=currency.round(part(money.released)),
        )

    def _convert_left(self, key, amount, orders):
        currency, company = key
        target = self.company_currency or self.env.company.currency_id
        if currency == target or currency.is_zero(amount):
            return currency.round(amount)
        order = orders.filtered(lambda order: (order.currency_id, order.company_id) == key)[:1]
        if order:
            return self._convert_order(order, amount)
        return currency._convert(amount, target, company, fields.Date.context_today(self))

    def _set_no_money(self, *names):
        """Set sums of deals without money to zero, all at once: one by one slows down stock's own leads."""
        for leads in self.grouped("company_currency").values():
            for name in names:
                leads[name] = 0.0

    def _set_money(self, contract, to_invoice, money, open_collections):
        self.ensure_one()
        self.amount_contract = contract
        self.amount_invoiced = money.invoiced
        self.amount_collected = money.received + open_collections
        self.amount_overdue = max(money.overdue, 0.0)
        self.amount_to_invoice = to_invoice
        self.date_next_check = money.next_date

    @api.model
    def _get_sums_from_documents(self):
        sums = ("contract", "invoiced", "collected", "overdue", "to_invoice", "retained", "retention_released")
        names = ("has_contract", "date_next_check", *(f"amount_{name}" for name in sums))
        return [*super()._get_sums_from_documents(), *names]
