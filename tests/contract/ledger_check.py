"""Whether the money of a contract is what the ledger says: recomputed from journal items, matches and payments.

Everything is read by SQL from the accounting's own tables, so it holds against any mistake of our computes. To be
called after any step of a test, by `assert_money_true(contract)`.
"""

from collections import defaultdict

from odoo import fields

LINES = """
    SELECT line.id, line.move_id, move.move_type, move.instalment_id, move.currency_id, move.invoice_date, move.date,
           line.amount_currency, line.balance, line.date_maturity, line.retention_part
      FROM account_move_line line
      JOIN account_move move ON move.id = line.move_id
      JOIN account_account account ON account.id = line.account_id
     WHERE move.state = 'posted'
       AND move.move_type IN ('out_invoice', 'out_refund')
       AND account.account_type = 'asset_receivable'
       AND move.contract_id = %s
"""
# What posted entries paid of posted lines, in the currency of the line and of the company; signed as the line.
MATCHES = """
    SELECT match.line_id, SUM(match.amount_currency), SUM(match.amount)
      FROM (
            SELECT debit_move_id AS line_id, debit_amount_currency AS amount_currency, amount, credit_move_id AS other
              FROM account_partial_reconcile
             UNION ALL
            SELECT credit_move_id, -credit_amount_currency, -amount, debit_move_id
              FROM account_partial_reconcile
           ) match
      JOIN account_move_line other ON other.id = match.other
      JOIN account_move other_move ON other_move.id = other.move_id
     WHERE other_move.state = 'posted'
       AND match.line_id = ANY(%s::int[])
  GROUP BY match.line_id
"""
COLLECTIONS = """
    SELECT row.id, row.payment_id, row.contract_id, row.instalment_id, row.amount,
           payment.state, payment.amount, payment.currency_id, payment.date
      FROM construction_collection row
      JOIN account_payment payment ON payment.id = row.payment_id
     WHERE row.payment_id IN (SELECT payment_id FROM construction_collection WHERE contract_id = %s)
  ORDER BY row.payment_id, row.instalment_id IS NULL, row.id
"""
BOOKED = """
    SELECT move_type, amount_total, currency_id, COALESCE(invoice_date, date)
      FROM account_move
     WHERE instalment_id = %s
       AND (state = 'posted' OR (state = 'draft' AND move_type = 'out_invoice'))
"""
PAYMENT_LINES = """
    SELECT line.id, line.amount_currency, line.balance
      FROM account_move_line line
      JOIN account_move move ON move.id = line.move_id
      JOIN account_payment payment ON payment.move_id = move.id
      JOIN account_account account ON account.id = line.account_id
     WHERE move.state = 'posted' AND account.account_type = 'asset_receivable' AND payment.id = %s
"""
# What posted documents took of a payment's line, by what they are
TAKEN = """
    SELECT move.contract_id, move.instalment_id, SUM(partial.credit_amount_currency)
      FROM account_partial_reconcile partial
      JOIN account_move_line line ON line.id = partial.debit_move_id
      JOIN account_move move ON move.id = line.move_id
     WHERE move.state = 'posted' AND partial.credit_move_id = ANY(%s::int[])
  GROUP BY move.contract_id, move.instalment_id
"""


def assert_money_true(contract):
    """Fail, with what differs, unless every stored sum of a contract and its deal equals the ledger.

    Instalments: invoiced, collected, left, overdue, kept back, state. Contract: the same, on account, plan and value.
    Deal: its sums, where its invoices are its own alone. Payments: their collections are never more.

    :param contract: construction.contract
    :raises AssertionError: naming each record, the sum stored and what the ledger says
    """
    contract.env.flush_all()
    wrong = LedgerCheck(contract).find_faults()
    assert not wrong, "\n".join([f"The money of {contract.name} is not what the ledger says:", *wrong])


class LedgerCheck:
    def __init__(self, contract):
        self.contract = contract.sudo()
        self.env = self.contract.env
        self.currency = self.contract.currency_id
        self.wrong = []
        self.invoiced = defaultdict(float)
        self.received = defaultdict(float)
        self.company = defaultdict(float)
        self.refund_left = 0.0
        self.open = defaultdict(float)
        self.overdue = defaultdict(float)
        self.retained = defaultdict(float)
        self.released = defaultdict(float)

    def find_faults(self):
        self._read_invoices()
        self._read_collections()
        self._check_instalments()
        self._check_contract()
        self._check_certificates()
        self._check_deal()
        return self.wrong

    # --- reading ---

    def _query(self, query, *values):
        self.env.cr.execute(query, values)
        return self.env.cr.fetchall()

    def _convert(self, currency_id, amount, day):
        source = self.env["res.currency"].browse(currency_id)
        if source == self.currency:
            return amount
        # as invoices are: the rate, not each amount, so that parts add up
        return amount * source._get_conversion_rate(source, self.currency, self.contract.company_id, day)

    def _read_invoices(self):
        lines = self._query(LINES, self.contract.id)
        matches = {line: (amount, company) for line, amount, company in self._query(MATCHES, [row[0] for row in lines])}
        for line, _move, kind, instalment, currency, invoice_date, date, amount, balance, due, part in lines:
            matched, matched_company = matches.get(line, (0, 0))
            self._read_term(instalment, part, due, (currency, invoice_date or date), amount, matched)
            day = invoice_date or date
            self.invoiced[instalment] += self._convert(currency, float(amount), day)
            self.received[instalment] += self._convert(currency, float(matched), day)
            self.company["invoiced"] += float(balance)
            self.company["received"] += float(matched_company)
            if kind == "out_refund":
                self.refund_left += self._convert(currency, float(matched) - float(amount), day)

    def _read_term(self, instalment, part, due, rate, amount, matched):
        """What of a receivable line is kept back, released or late."""
        currency_id, day = rate
        left = self._convert(currency_id, float(amount) - float(matched), day)
        if part and not self.contract[f"date_released_{part}"]:
            self.retained[instalment] += left
            return
        if part:
            self.released[instalment] += self._convert(currency_id, float(amount), day)
        if self._is_held(instalment):
            return
        if left < 0 or (due and due < fields.Date.context_today(self.contract)):
            self.overdue[instalment] += left

    def _is_held(self, instalment):
        """Whether the client may keep back all of this row until a day to come."""
        row = self.env["construction.instalment"].browse(instalment or ())
        return row.kind == "retention" and row.date_due and row.date_due >= fields.Date.context_today(row)

    def _read_collections(self):
        by_payment = defaultdict(list)
        for row in self._query(COLLECTIONS, self.contract.id):
            by_payment[row[1]].append(row)
        for payment, rows in by_payment.items():
            *_values, state, total, currency_id, _day = rows[0]
            currency = self.env["res.currency"].browse(currency_id)
            amounts = [float(row[4]) for row in rows]
            if currency.compare_amounts(sum(amounts), float(total)) > 0:
                self.wrong.append(f"payment {payment}: collections {sum(amounts)} are more than {total}")
            if min(amounts) <= 0:
                self.wrong.append(f"payment {payment}: a collection of {min(amounts)}")
            if len({(row[2], row[3]) for row in rows}) < len(rows):
                self.wrong.append(f"payment {payment}: two collections for the same instalment")
            if state in ("in_process", "paid"):
                self._share(payment, rows)

    def _share(self, payment, rows):
        """What each collection of a live payment still has open: see `_share_open_amount`."""
        lines = self._query(PAYMENT_LINES, payment)
        ids = [line for line, _amount, _balance in lines]
        matched = self._query(MATCHES, ids)
        left = sum(-float(amount) for _line, amount, _balance in lines) + sum(float(row[1]) for row in matched)
        left_company = sum(-float(balance) for _l, _a, balance in lines) + sum(float(row[2]) for row in matched)
        taken = self._query(TAKEN, ids)
        whole, whole_company = left, left_company
        own_rows = {row[3] for row in rows if row[3]}
        for _id, _payment, contract, instalment, amount, _state, _total, currency, day in rows:
            used = 0.0
            for of_contract, of_instalment, part in taken:
                on_account = of_contract == contract and of_instalment not in own_rows
                if of_instalment == instalment if instalment else on_account:
                    used += float(part)
            share = max(min(max(float(amount) - used, 0.0), left), 0.0)
            left -= share
            if contract == self.contract.id and share:
                source = self.env["res.currency"].browse(currency)
                self.open[instalment] += source._convert(
                    source.round(share), self.currency, self.contract.company_id, day
                )
                self.company["open"] += whole_company * share / whole

    # --- comparing ---

    def _expect(self, record, field, value, tolerance=0.0):
        stored = record[field]
        if abs(stored - value) > self.currency.rounding / 2 + tolerance:
            self.wrong.append(f"{record.display_name} {field}: stored {stored:.2f}, ledger {value:.2f}")

    def _check_instalments(self):
        for row in self.contract.instalment_ids:
            collected = self.received[row.id] + self.open[row.id]
            self._expect(row, "amount_invoiced", self.invoiced[row.id])
            self._expect(row, "amount_collected", collected)
            self._expect(row, "amount_residual", (row.amount_booked or row.amount) - collected)
            self._check_retention(row)
            self._check_state(row, collected)
            if self.currency.compare_amounts(collected, 0.0) < 0:
                self.wrong.append(f"{row.display_name}: {collected} collected")

    def _check_retention(self, row):
        if row.kind != "retention":
            self._expect(row, "amount_retained", self.retained[row.id])
            self._expect(row, "amount_retention_released", self.released[row.id])

    def _check_state(self, row, collected):
        overdue = min(self.overdue[row.id], self.invoiced[row.id] - self.received[row.id])
        today = fields.Date.context_today(row)
        state = self._find_state(row, collected, overdue, today)
        if row.state != state:
            self.wrong.append(f"{row.display_name}: state {row.state}, ledger {state}, collected {collected}")
        self._expect(row, "amount_overdue", overdue if state == "overdue" else 0.0)

    def _find_state(self, row, collected, overdue, today):
        """The state by the ledger, told another way than by the model."""
        compare = self.currency.compare_amounts
        if self.contract.state == "cancelled":
            return "cancelled"
        if compare(self._sum_booked(row), 0.0) <= 0:
            is_due = self.contract.state != "draft" and row.date_due and row.date_due <= today
            return "due" if is_due else "waiting"
        if compare(overdue, 0.0) > 0:
            return "overdue"
        if compare(self.invoiced[row.id], 0.0) and compare((row.amount_booked or row.amount) - collected, 0.0) <= 0:
            return "collected"
        return "partial" if compare(collected, 0.0) > 0 else "invoiced"

    def _sum_booked(self, row):
        """What takes the place of the row in the plan: its invoices, drafts too, less its posted credit notes."""
        return sum(
            self._convert(currency, float(total) * (1 if kind == "out_invoice" else -1), day)
            for kind, total, currency, day in self._query(BOOKED, row.id)
        )

    def _check_contract(self):
        contract = self.contract
        self._expect(contract, "amount_invoiced", sum(self.invoiced.values()))
        self._expect(contract, "amount_collected", sum(self.received.values()) + sum(self.open.values()))
        self._expect(contract, "amount_on_account", self.open[None] + self.refund_left)
        self._expect(contract, "amount_overdue", max(sum(self.overdue.values()), 0.0))
        for field in ("amount_retained", "amount_retention_released"):
            self._expect(contract, field, sum(contract.instalment_ids.mapped(field)))
        planned = sum(contract.instalment_ids.mapped("amount")) + contract.amount_left
        if contract.instalment_ids and self.currency.compare_amounts(planned, contract.amount_total):
            self.wrong.append(f"{contract.name}: plan {planned}, value {contract.amount_total}")

    def _check_certificates(self):
        """Certificates add up, never certify more than is contracted, and the plan pays them once."""
        contract, compare = self.contract, self.currency.compare_amounts
        live = contract.certificate_ids.filtered(lambda certificate: certificate.step == "approved")
        for certificate in live:
            parts = sum(certificate.line_ids.mapped("amount_period")) + certificate.amount_previous
            if compare(parts, certificate.amount_cumulative):
                self.wrong.append(
                    f"{certificate.display_name}: {parts} certified, {certificate.amount_cumulative} told"
                )
            if compare(certificate.amount_contract, certificate.amount_cumulative + certificate.amount_remaining):
                self.wrong.append(f"{certificate.display_name}: does not add up")
            if len(certificate.instalment_ids) > 1:
                self.wrong.append(f"{certificate.display_name}: paid by several instalments")
        last = live.sorted("number")[-1:]
        if compare(sum(live.mapped("amount_period")), last.amount_cumulative):
            self.wrong.append(f"{contract.name}: the periods certified do not come to {last.amount_cumulative}")

    def _check_deal(self):
        lead = self.contract.lead_id
        others = self._query(
            "SELECT 1 FROM account_move_line WHERE lead_id = %s AND move_id NOT IN "
            "(SELECT id FROM account_move WHERE contract_id = %s) LIMIT 1",
            lead.id or 0,
            self.contract.id,
        )
        strays = self._query(
            "SELECT 1 FROM account_move_line WHERE display_type = 'product' AND lead_id IS DISTINCT FROM %s "
            "AND move_id IN (SELECT id FROM account_move WHERE contract_id = %s AND state = 'posted') LIMIT 1",
            lead.id or 0,
            self.contract.id,
        )
        if not lead or lead.contract_ids != self.contract or others or strays or not lead._is_construction_deal():
            return
        self._expect(lead, "amount_invoiced", self.company["invoiced"])
        self._expect(lead, "amount_collected", self.company["received"] + self.company["open"], tolerance=0.011)
