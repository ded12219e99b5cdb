from odoo import fields
from odoo.fields import Command

from .common import ContractCommon


class BillingCommon(ContractCommon):
    """Contracts of several orders and with advances that are taken back."""

    @classmethod
    def _create_contract_of(cls, orders, rows=None, sign=True, **values):
        """A contract over confirmed orders of one deal, with its own plan."""
        contract = cls.env["construction.contract"].create({**orders[0]._prepare_contract_values(), **values})
        orders.sudo().contract_id = contract
        if rows is None:
            rows = orders[0]._prepare_instalments_values()
        contract.instalment_ids = [
            Command.create({"sequence": index * 10, "name": f"Row {index}", "trigger": "signature", **row})
            for index, row in enumerate(rows)
        ]
        if sign:
            contract.action_sign()
        return contract

    @classmethod
    def _recouping_rows(cls, advance=30.0, shares=(40.0, 35.0)):
        return [
            {"name": "Advance", "kind": "advance", "percent": advance},
            *({"name": f"Works {share}", "percent": share} for share in shares),
            {"name": "Settlement", "kind": "final", "amount_type": "rest"},
        ]

    def _credit(self, move, post=True):
        refund = move._reverse_moves(
            [{"invoice_date": fields.Date.context_today(move), "date": fields.Date.context_today(move)}], cancel=False
        )
        if post:
            refund.action_post()
        return refund

    def _order_totals_by_tax(self, orders):
        """What the orders come to, by tax, as (base, tax)."""
        totals = {}
        for order in orders:
            for group in order.tax_totals["subtotals"]:
                for tax in group["tax_groups"]:
                    base, amount = totals.get(tax["id"], (0.0, 0.0))
                    totals[tax["id"]] = (base + tax["base_amount_currency"], amount + tax["tax_amount_currency"])
        return {key: (round(base, 2), round(amount, 2)) for key, (base, amount) in totals.items()}

    def _ledger_taxes(self, contract):
        """Tax posted for the contract, by tax group, read from the journal items."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT tax.tax_group_id, ROUND(SUM(-line.amount_currency), 2)
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN account_tax tax ON tax.id = line.tax_line_id
             WHERE move.state = 'posted' AND move.contract_id = %s
          GROUP BY tax.tax_group_id
            """,
            [contract.id],
        )
        return {group: float(amount) for group, amount in self.env.cr.fetchall()}

    def assertSettled(self, contract):
        """All is billed once: by the ledger, by the orders, and by stock's own figures of the order lines."""
        currency = contract.currency_id
        posted = contract.move_ids.filtered(lambda move: move.state == "posted")
        billed = sum(posted.mapped("amount_total_in_currency_signed"))
        self.assertEqual(currency.round(billed), contract.amount_total)
        self.assertEqual(contract.amount_to_invoice, 0)
        self.assertFollowsLedger(contract)
        for line in contract.order_ids.order_line.filtered(lambda line: not line.display_type):
            if line.is_downpayment:
                self.assertAlmostEqual(line._get_billed_price(), 0.0, 2)
            else:
                self.assertEqual(line.qty_invoiced, line.product_uom_qty)
