from odoo.fields import Command
from odoo.tests import tagged

from .common import ContractCommon


@tagged("post_install", "-at_install")
class TestInvoiceCompany(ContractCommon):
    """Who works in two companies invoices the contract of one while standing in the other."""

    def test_an_invoice_has_the_accounts_of_its_contract(self):
        data = self.setup_other_company(name="Second Builders")
        own, other = self.env.company, data["company"]
        users = self.env.user | self.accountant
        users.company_ids |= other
        tax = self.percent_tax(20.0, company_id=other.id, price_include_override="tax_included")
        env = self.env(context={**self.env.context, "allowed_company_ids": [other.id]})
        deal = env["crm.lead"].browse(self._create_deal(company_id=other.id, user_id=env.uid).id)
        order = env["sale.order"].create(
            {
                "partner_id": self.partner_a.id,
                "opportunity_id": deal.id,
                "company_id": other.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.works.id,
                            "product_uom_qty": 3,
                            "price_unit": 33.37,
                            "tax_ids": [Command.set(tax.ids)],
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        order.action_create_contract()
        order.contract_id.action_sign()
        rows = order.contract_id.instalment_ids.with_user(self.accountant)
        for row in rows.with_context(allowed_company_ids=[own.id, other.id]):
            row.sudo().write({"trigger": "signature"})
            row.action_invoice()
            move = row.invoice_ids
            self.assertEqual(move.company_id, other)
            self.assertEqual(move.journal_id.company_id, other)
            self.assertEqual(move.line_ids.account_id.company_ids, other)
            self.assertEqual(move.invoice_line_ids.tax_ids, tax)
            self.assertEqual(move.amount_total, row.amount)
            move.action_post()
        self.assertEqual(sum(rows.invoice_ids.mapped("amount_total")), order.amount_total)
