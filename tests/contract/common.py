from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


class ContractCommon(AccountTestInvoicingCommon):
    """A construction type with a plan of three, and one user for each role, on a real chart of accounts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("sales_team.group_sale_manager")
        cls.sale_manager = cls._new_user("sale_manager", "sales_team.group_sale_manager")
        cls.salesman = cls._new_user("salesman", "sales_team.group_sale_salesman")
        cls.other_salesman = cls._new_user("other_salesman", "sales_team.group_sale_salesman")
        cls.accountant = cls._new_user("accountant", "account.group_account_invoice")
        cls.auditor = cls._new_user("auditor", "account.group_account_readonly")
        cls.project_user = cls._new_user("project_user", "project.group_project_user")
        cls.surveyor = cls._new_user("surveyor", "construction_crm.group_surveyor")
        cls.tax_21 = cls.percent_tax(cls, 21.0)
        cls.tax_ugly = cls.percent_tax(cls, 8.875)
        cls.works = cls._create_product(
            name="Works", type="service", invoice_policy="delivery", lst_price=100.0, taxes_id=cls.tax_21
        )
        cls.template = cls.env["construction.plan.template"].create(
            {
                "name": "Thirds",
                "line_ids": [
                    Command.create({"name": "Advance", "kind": "advance", "percent": 30, "trigger": "signature"}),
                    Command.create({"name": "Half way", "percent": 33.33, "trigger": "date"}),
                    Command.create({"name": "Settlement", "kind": "final", "amount_type": "rest"}),
                ],
            }
        )
        cls.construction_type = cls.env["construction.type"].create(
            {"name": "New house", "plan_template_id": cls.template.id, "warranty_months": 24}
        )

    @classmethod
    def _new_user(cls, login, group):
        company = cls.env.company
        return new_test_user(
            cls.env, login=f"contract_{login}", groups=f"base.group_user,{group}", company_id=company.id
        )

    @classmethod
    def _create_deal(cls, **values):
        return cls.env["crm.lead"].create(
            {
                "name": "House on the hill",
                "type": "opportunity",
                "partner_id": cls.partner_a.id,
                "construction_type_id": cls.construction_type.id,
                "user_id": cls.salesman.id,
                "company_id": cls.env.company.id,
                **values,
            }
        )

    @classmethod
    def _create_order(cls, lead, prices=((1, 1000.0),), taxes=None, **values):
        """:param taxes: of every line, or a list with those of each line"""
        line_taxes = taxes if isinstance(taxes, list) else [taxes] * len(prices)
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.partner_a.id,
                "opportunity_id": lead.id if lead else False,
                "user_id": cls.salesman.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": cls.works.id,
                            "product_uom_qty": quantity,
                            "price_unit": price,
                            **({"tax_ids": [Command.set(tax.ids)]} if tax is not None else {}),
                        }
                    )
                    for (quantity, price), tax in zip(prices, line_taxes, strict=True)
                ],
                **values,
            }
        )
        order.action_confirm()
        return order

    @classmethod
    def _create_contract(cls, lead=None, sign=True, **order_values):
        order = cls._create_order(lead or cls._create_deal(), **order_values)
        order.action_create_contract()
        contract = order.contract_id
        if sign:
            contract.action_sign()
        return contract

    @classmethod
    def _invoice(cls, instalment, post=True, **values):
        instalment.action_invoice()
        move = instalment.invoice_ids.filtered(lambda move: move.state == "draft")
        if post:
            move.write({"invoice_date": fields.Date.context_today(move), **values})
            move.action_post()
        return move

    @classmethod
    def _collect(cls, instalment, amount=None, **values):
        wizard = (
            cls.env["construction.collect"]
            .with_context(default_instalment_id=instalment.id)
            .create({"journal_id": cls.company_data["default_journal_bank"].id, **values})
        )
        if amount is not None:
            wizard.amount = amount
        wizard.action_collect()
        return cls.env["construction.collection"].search([("token", "=", wizard.token)]).payment_id

    # === The ledger, read by SQL only === #

    def _ledger(self, where, value):
        """What posted receivable lines billed and received, read from the journal items."""
        self.env.flush_all()
        self.env.cr.execute(
            f"""
            SELECT COALESCE(SUM(line.balance), 0) AS invoiced,
                   COALESCE(SUM(
                       COALESCE((SELECT SUM(amount) FROM account_partial_reconcile WHERE debit_move_id = line.id), 0)
                     - COALESCE((SELECT SUM(amount) FROM account_partial_reconcile WHERE credit_move_id = line.id), 0)
                   ), 0) AS received
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN account_account account ON account.id = line.account_id
             WHERE move.state = 'posted'
               AND move.move_type IN ('out_invoice', 'out_refund')
               AND account.account_type = 'asset_receivable'
               AND move.{where} = %s
            """,
            [value],
        )
        return self.env.cr.fetchone()

    def _unmatched_payments(self, instalments):
        """What posted payments collected here left unmatched, read from the journal items."""
        self.env.cr.execute(
            """
            SELECT COALESCE(SUM(
                       -line.balance
                     - COALESCE((SELECT SUM(amount) FROM account_partial_reconcile WHERE credit_move_id = line.id), 0)
                   ), 0)
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN account_account account ON account.id = line.account_id
             WHERE move.state = 'posted'
               AND account.account_type = 'asset_receivable'
               AND move.origin_payment_id IN (
                    SELECT payment_id FROM construction_collection WHERE instalment_id IN %s
               )
            """,
            [tuple(instalments.ids) or (0,)],
        )
        return self.env.cr.fetchone()[0]

    def assertFollowsLedger(self, contract):
        """Every stored sum of a contract of one deal in company currency equals the ledger."""
        total_invoiced = total_received = 0.0
        for instalment in contract.instalment_ids:
            invoiced, received = map(float, self._ledger("instalment_id", instalment.id))
            received += float(self._unmatched_payments(instalment))
            self.assertRecordValues(instalment, [{"amount_invoiced": invoiced, "amount_collected": received}])
            total_invoiced += invoiced
            total_received += received
        sums = [{"amount_invoiced": total_invoiced, "amount_collected": total_received}]
        self.assertRecordValues(contract, sums)
        if contract.lead_id:
            self.assertRecordValues(contract.lead_id, sums)
            self.assertAlmostEqual(
                contract.lead_id.amount_to_invoice, contract.lead_id.amount_contract - total_invoiced, 2
            )
        self.assertEqual(
            contract.currency_id.round(sum(contract.instalment_ids.mapped("amount"))), contract.amount_total
        )
