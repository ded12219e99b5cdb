from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import QuoteCommon


@tagged("post_install", "-at_install")
class TestAmountQuoted(QuoteCommon):
    """What is on offer on a deal, each job once, to the cent."""

    def assertQuoted(self, amount):
        self.env.flush_all()
        self.assertEqual(self.lead.amount_quoted, self.lead.company_currency.round(amount))

    def test_an_open_quote_counts_with_its_taxes(self):
        self.assertQuoted(0.0)
        quote = self.generate()
        self.assertQuoted(quote.amount_total)
        quote.order_line.filtered(lambda line: not line.display_type)[0].product_uom_qty += 3
        self.assertQuoted(quote.amount_total)

    def test_a_revision_takes_the_place_of_what_it_revises(self):
        quote = self.make_sent_quote()
        before = quote.amount_total
        revision = self.env["sale.order"].browse(quote.with_user(self.salesperson).action_revise()["res_id"])
        revision.order_line.filtered(lambda line: not line.display_type)[0].product_uom_qty += 3
        self.assertQuoted(before)
        revision.with_user(self.salesperson).action_quotation_sent()
        self.assertGreater(revision.amount_total, before)
        self.assertQuoted(revision.amount_total)

    def test_variants_of_a_quote_count_once(self):
        quote = self.make_sent_quote()
        action = quote.with_user(self.salesperson).action_make_variant("Premium", "Economy")
        variant = self.env["sale.order"].browse(action["res_id"])
        variant.order_line.filtered(lambda line: not line.display_type)[0].product_uom_qty += 3
        self.assertQuoted(quote.amount_total)

    def test_two_jobs_add_up(self):
        first, second = self.generate(), self.make_stock_order(opportunity_id=self.lead.id)
        self.assertQuoted(first.amount_total + second.amount_total)

    def test_what_is_confirmed_or_cancelled_is_not_on_offer_any_more(self):
        quote = self.make_sent_quote()
        quote.action_confirm()
        self.assertQuoted(0.0)
        self.assertEqual(self.lead.amount_contract, quote.amount_total)
        other = self.make_stock_order(opportunity_id=self.lead.id)
        self.assertQuoted(other.amount_total)
        other._action_cancel()
        self.assertQuoted(0.0)

    def test_a_quote_in_another_currency_counts_in_that_of_the_company(self):
        currency = self.setup_other_currency("EUR", rates=[("1900-01-01", 2.0)])
        pricelist = self.env["product.pricelist"].create({"name": "Abroad", "currency_id": currency.id})
        order = self.make_stock_order(opportunity_id=self.lead.id, pricelist_id=pricelist.id)
        order.order_line.price_unit = 100.0
        self.assertEqual(order.currency_id, currency)
        self.assertQuoted(order.amount_total / 2)

    def test_a_lead_of_stock_is_left_alone(self):
        lead = self.env["crm.lead"].create({"name": "Plain", "type": "opportunity", "partner_id": self.client.id})
        self.make_stock_order(opportunity_id=lead.id)
        self.assertEqual(lead.amount_quoted, 0.0)

    def test_a_deal_is_found_by_the_number_of_its_quote(self):
        quote = self.generate()
        deals = self.env["crm.lead"]
        domain = [("document_search", "ilike", quote.name)]
        self.assertEqual(deals.with_user(self.salesperson).search(domain), self.lead)
        self.assertFalse(deals.with_user(self.rival).search(domain), "it is not his deal")
        with self.assertRaises(AccessError):
            deals.with_user(self.surveyor).search(domain)

    def test_the_sum_of_a_stage_is_that_of_the_deals_one_sees(self):
        quote = self.generate()
        other = self.make_lead(name="Of the rival", user_id=self.rival.id)
        self.env["sale.order"].create(
            {
                "partner_id": self.client.id,
                "opportunity_id": other.id,
                "order_line": [Command.create({"product_id": self.glue.id})],
            }
        )
        self.env.flush_all()
        domain = [("id", "in", (self.lead | other).ids)]
        for user, deals in ((self.salesperson, self.lead), (self.rival, other), (self.manager, self.lead | other)):
            [(amount,)] = self.env["crm.lead"].with_user(user)._read_group(domain, [], ["amount_quoted:sum"])
            self.assertAlmostEqual(amount, sum(deals.mapped("amount_quoted")), 2)
        self.assertGreater(quote.amount_total, 0)
