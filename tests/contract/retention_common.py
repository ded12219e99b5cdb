from odoo.fields import Command

from .common import ContractCommon


class RetentionCommon(ContractCommon):
    """Contracts of 1,210.00 (1,000.00 and 21 % taxes) which keep 10 % back of progress and final invoices."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.halves = cls.env["construction.plan.template"].create(
            {
                "name": "Halves",
                "line_ids": [
                    Command.create({"name": "Advance", "kind": "advance", "percent": 20, "trigger": "signature"}),
                    Command.create({"name": "Half way", "percent": 40, "trigger": "signature"}),
                    Command.create(
                        {"name": "Settlement", "kind": "final", "amount_type": "rest", "trigger": "signature"}
                    ),
                ],
            }
        )
        cls.withheld_type = cls.env["construction.type"].create(
            {
                "name": "New hall",
                "plan_template_id": cls.halves.id,
                "warranty_months": 24,
                "retention_percent": 10,
                "retention_method": "withheld",
                "retention_release_percent": 50,
            }
        )

    @classmethod
    def _create_withheld(cls, sign=True, lead_values=None, contract_values=None, **order_values):
        lead = cls._create_deal(construction_type_id=cls.withheld_type.id, **(lead_values or {}))
        contract = cls._create_contract(lead, sign=False, **order_values)
        contract.write({"date_start": "2026-01-01", **(contract_values or {})})
        if sign:
            contract.action_sign()
        return contract

    def _terms(self, move):
        """Receivable lines of an invoice: (part, amount, open amount), what is due first."""
        lines = move.line_ids.filtered(lambda line: line.display_type == "payment_term")
        order = {False: 0, "handover": 1, "warranty": 2}
        return [
            (line.retention_part, line.amount_currency, line.amount_residual_currency)
            for line in lines.sorted(lambda line: (order[line.retention_part], line.date_maturity))
        ]

    def _register(self, move, amount=None):
        """Pay by stock's own screen; without an amount, what it proposes."""
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({})
        )
        if amount is not None:
            wizard.amount = amount
        return wizard._create_payments()

    def assertRetention(self, contract, retained, released=0.0):
        """The sums of instalments, contract and deal agree."""
        self.env.flush_all()
        values = [{"amount_retained": retained, "amount_retention_released": released}]
        self.assertRecordValues(contract, values)
        self.assertRecordValues(contract.lead_id, values)
        self.assertAlmostEqual(sum(contract.instalment_ids.mapped("amount_retained")), retained, 2)
