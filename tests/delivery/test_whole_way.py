from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from ..contract.ledger_check import assert_money_true
from .machine_works_steps import PIXEL
from .test_delivery_seams import SeamCommon


@tagged("post_install", "-at_install")
class TestWholeWay(SeamCommon):
    """From the sheet to the last invoice in the currency, the taxes and the company of the job, to the cent."""

    def _make_items(self, taxes, **values):
        """A wall with a recipe of two parts, and a door without one."""
        wall, door, brick, mason = (
            self._create_product(name=name, type="service", lst_price=price, taxes_id=taxes, **values)
            for name, price in (("Way wall", 0.0), ("Way door", 777.77), ("Way brick", 1.37), ("Way mason", 41.19))
        )
        recipe = self.env["construction.recipe"].create(
            {
                "product_tmpl_id": wall.product_tmpl_id.id,
                "line_ids": [
                    Command.create({"product_id": brick.id, "quantity": 33.3}),
                    Command.create({"product_id": mason.id, "quantity": 1.7}),
                ],
            }
        )
        recipe.action_activate()
        return wall, door

    def _quote(self, lead, items, **values):
        sheet = self.env["construction.evaluation"].create(
            {
                "lead_id": lead.id,
                "line_ids": [Command.create({"product_id": item.id, "quantity": quantity}) for item, quantity in items],
                **values,
            }
        )
        sheet.action_measure()
        sheet.action_check()
        sheet.action_finalize()
        sheet.action_generate_quote()
        self.assertEqual(sheet.currency_id.round(sheet.amount_total), sheet.order_ids.amount_untaxed)
        return sheet.order_ids

    def _go(self, lead, items, **values):
        """All stations of a job."""
        order = self._quote(lead, items, **values)
        order.action_quotation_sent()
        order.action_confirm()
        order.action_create_contract()
        contract = order.contract_id
        contract.instalment_ids = [
            Command.clear(),
            Command.create({"name": "Advance", "kind": "advance", "percent": 20, "trigger": "signature"}),
            Command.create({"name": "Works", "kind": "progress", "percent": 70, "trigger": "certificate"}),
            Command.create({"name": "End", "kind": "final", "amount_type": "rest", "trigger": "handover"}),
        ]
        contract.write(
            {
                "advance_recoup": "proportional",
                "retention_method": "withheld",
                "retention_percent": 5,
                "date_start": self.today - timedelta(days=60),
                "date_end": self.today,
            }
        )
        contract.action_sign()
        assert_money_true(contract)
        self.assertEqual(contract.currency_id, order.currency_id)
        self.assertEqual(contract.company_id, lead.company_id)
        project = lead._start_project({"user_id": self.env.user.id})
        self.assertEqual(project.company_id or lead.company_id, lead.company_id)
        advance = self._invoice(contract.instalment_ids[0])
        self._register_payment(advance)
        assert_money_true(contract)
        self._certify(contract, project, 0.33)
        position = contract.position_ids[0]
        for change in ({position: 1.5}, {position: -1.1}):
            variation = self._vary(change, contract=contract)
            self.assertEqual(variation.currency_id, contract.currency_id)
            self.assertEqual(variation.company_id, contract.company_id)
            assert_money_true(contract)
            self._certify(contract, project, 0.25)
        self._certify(contract, project, 1)
        self.assertEqual(project.progress_percent, 100)
        self._close(contract, project)

    def _certify(self, contract, project, share):
        report = self.env["construction.progress"].create({"project_id": project.id})
        for line in report.line_ids:
            line.quantity = (line.quantity_contracted - line.quantity_previous) * share
        report.action_submit()
        report.action_approve()
        certificate = self.env["construction.certificate"].browse(contract.action_make_certificate()["res_id"])
        certificate.action_approve()
        assert_money_true(contract)
        move = self._invoice(certificate.instalment_id)
        self.assertEqual(move.currency_id, contract.currency_id)
        self.assertEqual(move.company_id, contract.company_id)
        assert_money_true(contract)
        self.assertEqual(certificate.amount_difference, 0)

    def _close(self, contract, project):
        project.milestone_ids[0].action_reach()
        act = self.env["construction.handover"].create({"project_id": project.id, "date": self.today})
        act.action_ready()
        act.write({"signature_own": PIXEL, "signature_client": PIXEL})
        act.action_sign()
        self.assertEqual(contract.state, "completed")
        assert_money_true(contract)
        self._invoice(contract.instalment_ids.filtered(lambda row: row.kind == "final"))
        assert_money_true(contract)
        self.assertFalse(contract.currency_id.compare_amounts(contract.amount_invoiced, contract.amount_total))
        self.assertFalse(contract.currency_id.compare_amounts(contract.amount_left, 0.0))
        self.assertEqual(contract.amount_to_invoice, 0)

    def test_prices_with_taxes_inside(self):
        included = self.percent_tax(19.0, price_include_override="tax_included")
        wall, door = self._make_items(included)
        lead = self._create_deal()
        self._go(lead, [(wall, 12.5), (door, 3)])
        self.assertGreater(lead.contract_ids.amount_total, lead.contract_ids.amount_untaxed)

    def test_a_second_currency(self):
        currency = self.setup_other_currency("GBP", rounding=0.01, rates=[("2020-01-01", 0.87)])
        pricelist = self.env["product.pricelist"].create({"name": "Pounds", "currency_id": currency.id})
        wall, door = self._make_items(self.tax_ugly)
        lead = self._create_deal()
        self._go(lead, [(wall, 12.5), (door, 3)], pricelist_id=pricelist.id)
        self.assertEqual(lead.contract_ids.currency_id, currency)

    def test_a_second_company(self):
        data = self.setup_other_company(name="Second Builders")
        company = data["company"]
        self.env.user.company_ids |= company
        own = self.env.company
        self.env.user.company_id = company
        tax = self.percent_tax(9.5, company_id=company.id)
        env = self.env(context={**self.env.context, "allowed_company_ids": [company.id]})
        self.env = env
        accounts = {
            "property_account_income_id": data["default_account_revenue"].id,
            "property_account_expense_id": data["default_account_expense"].id,
        }
        wall, door = (item.with_env(env) for item in self._make_items(tax, **accounts))
        lead = self._create_deal(company_id=company.id, user_id=env.uid).with_env(env)
        self._go(lead, [(wall, 12.5), (door, 3)])
        contract = lead.contract_ids
        self.assertEqual(contract.move_ids.company_id, company)
        self.assertEqual(contract.position_ids.company_id, company)
        self.assertEqual(contract.certificate_ids.company_id, company)
        # nobody of the other company sees any of it
        foreign = self.accountant
        self.assertEqual(foreign.company_ids, own)
        for model in ("construction.contract", "construction.certificate", "construction.position"):
            self.assertFalse(
                env[model]
                .with_user(foreign)
                .with_context(allowed_company_ids=own.ids)
                .search([("company_id", "=", company.id)])
            )
