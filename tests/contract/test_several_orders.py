import random

from odoo.fields import Command
from odoo.tests import tagged

from .billing_common import BillingCommon


@tagged("post_install", "-at_install")
class TestSeveralOrders(BillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._create_deal()

    def _create_pair(self, **values):
        first = self._create_order(self.lead, prices=((1, 1000.0),), taxes=self.tax_21)
        second = self._create_order(self.lead, prices=((2, 250.0),), taxes=self.tax_ugly)
        return self._create_contract_of(first + second, **values)

    def test_one_down_payment_bills_each_order_its_share_with_its_own_taxes(self):
        contract = self._create_pair()
        first, second = contract.order_ids.sorted("id")
        move = self._invoice(contract.instalment_ids[0])
        self.assertEqual(len(contract.move_ids), 1)
        self.assertEqual(move.amount_total, contract.instalment_ids[0].amount)
        lines = move.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        self.assertEqual([line.sale_line_ids.order_id for line in lines], [first, second])
        self.assertEqual([line.tax_ids for line in lines], [self.tax_21, self.tax_ugly])
        self.assertAlmostEqual(lines[0].price_total / move.amount_total, first.amount_total / contract.amount_total, 4)
        self.assertEqual(move.invoice_origin, f"{first.name}, {second.name}")
        self.assertEqual(move.lead_id, self.lead)
        self.assertFollowsLedger(contract)

    def test_the_settlement_is_one_invoice_with_all_down_payments_deducted(self):
        contract = self._create_pair()
        for row in contract.instalment_ids:
            self._invoice(row)
        final = contract.instalment_ids[-1].invoice_ids
        self.assertEqual(len(contract.move_ids), 3)
        self.assertEqual(final.line_ids.sale_line_ids.order_id, contract.order_ids)
        self.assertEqual(final.amount_total, contract.instalment_ids[-1].amount)
        self.assertSettled(contract)
        self.assertEqual(
            self._ledger_taxes(contract),
            {key: tax for key, (_base, tax) in self._order_totals_by_tax(contract.order_ids).items()},
        )

    def test_orders_with_other_addresses_and_fiscal_positions_are_one_invoice(self):
        address = self.env["res.partner"].create(
            {"name": "Site", "parent_id": self.partner_a.id, "type": "delivery", "street": "Hill 1"}
        )
        position = self.env["account.fiscal.position"].create({"name": "Abroad"})
        self.tax_ugly.write(
            {"fiscal_position_ids": [Command.link(position.id)], "original_tax_ids": [Command.link(self.tax_21.id)]}
        )
        first = self._create_order(self.lead, taxes=self.tax_21)
        second = self._create_order(
            self.lead, prices=((1, 333.33),), partner_shipping_id=address.id, fiscal_position_id=position.id
        )
        self.assertEqual(second.order_line.tax_ids, self.tax_ugly)
        contract = self._create_contract_of(first + second)
        for row in contract.instalment_ids:
            self._invoice(row)
        self.assertEqual(len(contract.move_ids), 3)
        self.assertSettled(contract)

    def test_an_order_that_joins_after_invoices_is_billed_by_the_open_rows(self):
        first = self._create_order(self.lead, taxes=self.tax_21)
        contract = self._create_contract_of(first)
        self._invoice(contract.instalment_ids[0])
        second = self._create_order(self.lead, prices=((1, 500.0),), taxes=self.tax_ugly)
        contract._join_orders(second)
        self.assertEqual(contract.instalment_ids[0].amount, 363.0)
        self.assertEqual(contract.amount_left, 0)
        move = self._invoice(contract.instalment_ids[1])
        by_order = {
            order: sum(move.line_ids.filtered(lambda line, o=order: line.sale_line_ids.order_id == o).mapped("price_total"))
            for order in (first, second)
        }
        share = (first.amount_total - 363) / (contract.amount_total - 363)
        self.assertAlmostEqual(by_order[first] / move.amount_total, share, 3)
        self._invoice(contract.instalment_ids[2])
        self.assertSettled(contract)

    def test_a_variation_that_takes_work_out_lowers_the_settlement(self):
        first = self._create_order(self.lead, prices=((10, 100.0),), taxes=self.tax_21)
        contract = self._create_contract_of(first)
        self._invoice(contract.instalment_ids[0])
        contract._join_orders(self._create_order(self.lead, prices=((-2, 100.0),), taxes=self.tax_21))
        self.assertEqual(contract.amount_total, 968)
        for row in contract.instalment_ids[1:]:
            self._invoice(row)
        self.assertSettled(contract)

    def test_random_contracts_add_up_to_the_cent(self):
        """Several orders, tax rates and methods, price-included taxes, second currency, thirteen thirds."""
        chance = random.Random(11)
        currency = self.setup_other_currency("EUR", rates=[("2016-01-01", 0.87), ("2026-01-01", 0.913)])
        pricelist = self.env["product.pricelist"].create({"name": "Euro", "currency_id": currency.id})
        included = self.percent_tax(19.0, price_include_override="tax_included")
        taxes = [self.tax_21, self.tax_ugly, included, self.tax_21 + self.tax_ugly, self.env["account.tax"]]
        for round_number in range(3):
            self.env.company.tax_calculation_rounding_method = chance.choice(["round_per_line", "round_globally"])
            values = {"pricelist_id": pricelist.id} if round_number % 3 == 2 else {}
            lead = self._create_deal()
            orders = self.env["sale.order"].concat(
                *(
                    self._create_order(
                        lead,
                        prices=[(chance.choice([1, 3, 0.333, 7]), round(chance.uniform(1, 999), 2)) for _tax in some],
                        taxes=some,
                        **values,
                    )
                    for some in [chance.sample(taxes, chance.randint(1, 4)) for _order in range(chance.randint(2, 3))]
                )
            )
            thirds = [{"name": f"Third {index}", "percent": 7.6923} for index in range(12)]
            rows = [*thirds, {"amount_type": "rest", "kind": "final"}] if round_number % 2 else None
            contract = self._create_contract_of(orders, rows=rows)
            with self.subTest(round=round_number, total=contract.amount_total):
                for row in contract.instalment_ids:
                    self._invoice(row)
                    self.assertEqual(row.invoice_ids.amount_total, row.amount)
                if values:
                    self.assertEqual(contract.amount_to_invoice, 0)
                    self.assertEqual(lead.amount_to_invoice, 0)
                else:
                    self.assertSettled(contract)
