from odoo.fields import Command
from odoo.tests import Form, tagged

from ..query_count import counting
from ..quote.common import QuoteCommon


@tagged("post_install", "-at_install")
class TestDealAmount(QuoteCommon):
    """The expected revenue of a deal follows what was chosen, each job counted once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead.expected_revenue = 5000.0
        cls.quote = cls.generate()

    def send(self, *quotes):
        for quote in quotes:
            quote.with_user(self.salesperson).action_quotation_sent()

    def test_a_new_deal_takes_the_mode_of_its_type(self):
        self.assertEqual(self.lead.amount_mode, "quote")
        self.construction_type.amount_mode = "orders"
        self.assertEqual(self.make_lead().amount_mode, "orders")
        self.assertEqual(self.lead.amount_mode, "quote")

    def test_stock_leads_have_no_mode_and_keep_their_figure(self):
        lead = self.env["crm.lead"].create({"name": "Plain", "expected_revenue": 12.0, "type": "opportunity"})
        self.assertFalse(lead.amount_mode)
        order = self.make_stock_order(opportunity_id=lead.id)
        self.assertEqual(lead.expected_revenue, 12.0)
        lead.expected_revenue = 1.0
        order.action_confirm()
        # as stock does it: raised, by its own rule
        self.assertEqual(lead.expected_revenue, max(1.0, order.amount_untaxed))

    def test_it_follows_the_quote_up_and_down(self):
        self.assertEqual(self.lead.expected_revenue, self.quote.amount_untaxed)
        line = self.quote.order_line.filtered("product_id")[0]
        for price in (999.0, 1.0):
            line.price_unit = price
            self.assertEqual(self.lead.expected_revenue, self.quote.amount_untaxed)

    def test_the_estimate_holds_again_when_the_last_quote_is_cancelled(self):
        self.quote.action_cancel()
        self.assertEqual(self.lead.expected_revenue, 5000.0)
        self.quote.action_draft()
        self.assertEqual(self.lead.expected_revenue, self.quote.amount_untaxed)

    def test_a_revision_counts_instead_of_what_it_replaces(self):
        self.send(self.quote)
        self.quote.with_user(self.salesperson).action_revise()
        revision = self.quote.next_revision_ids
        revision.order_line.filtered("product_id")[0].price_unit = 777.0
        # what the client has in hand, until the revision is sent
        self.assertEqual(self.lead.expected_revenue, self.quote.amount_untaxed)
        self.send(revision)
        self.assertNotEqual(revision.amount_untaxed, self.quote.amount_untaxed)
        self.assertEqual(self.lead.expected_revenue, revision.amount_untaxed)
        revision.action_cancel()
        self.assertEqual(self.lead.expected_revenue, self.quote.amount_untaxed)

    def test_of_variants_one_counts_the_confirmed_one_for_good(self):
        self.quote.with_user(self.salesperson).action_make_variant("Premium", "Economy")
        premium = self.env["sale.order"].search([("variant_of_id", "=", self.quote.id)])
        premium.order_line.filtered("product_id")[0].price_unit = 1234.0
        self.assertEqual(self.lead.expected_revenue, premium.amount_untaxed)
        self.send(self.quote, premium)
        self.quote.action_confirm()
        self.assertEqual(self.lead.expected_revenue, self.quote.amount_untaxed)
        self.quote.action_cancel()
        self.assertEqual(self.lead.expected_revenue, premium.amount_untaxed)

    def test_two_jobs_add_up(self):
        other = self.generate(self.make_final_sheet())
        self.assertEqual(self.lead.expected_revenue, self.quote.amount_untaxed + other.amount_untaxed)

    def test_an_order_in_another_currency_is_converted_at_its_day(self):
        currency = self.setup_other_currency("EUR", rates=[("2016-01-01", 4.0)])
        pricelist = self.env["product.pricelist"].create({"name": "Other", "currency_id": currency.id})
        self.quote.action_cancel()
        order = self.make_stock_order(opportunity_id=self.lead.id, pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, currency)
        company = self.lead.company_currency
        expected = currency._convert(order.amount_untaxed, company, order.company_id, order.date_order)
        self.assertNotEqual(company.compare_amounts(expected, order.amount_untaxed), 0)
        self.assertEqual(self.lead.expected_revenue, expected)
        order.action_confirm()
        self.assertEqual(self.lead.expected_revenue, expected)

    def test_by_orders_only_what_was_ordered_counts(self):
        self.lead.amount_mode = "orders"
        self.assertEqual(self.lead.expected_revenue, 5000.0)
        self.quote.action_confirm()
        self.assertEqual(self.lead.expected_revenue, self.quote.amount_untaxed)
        self.quote.action_cancel()
        self.assertEqual(self.lead.expected_revenue, 5000.0)

    def test_by_hand_no_order_changes_it(self):
        self.lead.write({"amount_mode": "manual", "expected_revenue": 1.0})
        self.quote.action_confirm()
        self.assertEqual(self.lead.expected_revenue, 1.0)

    def test_a_figure_typed_over_it_holds_and_says_so(self):
        lead = self.lead.with_user(self.salesperson).with_context(tracking_disable=False, mail_notrack=False)
        self.flush_tracking()
        lead.write({"expected_revenue": 42.0})
        self.assertEqual((self.lead.amount_mode, self.lead.expected_revenue), ("manual", 42.0))
        self.quote.order_line.filtered("product_id")[0].price_unit = 1.0
        self.assertEqual(self.lead.expected_revenue, 42.0)
        self.flush_tracking()
        self.assertIn("entered by hand", " ".join(self.lead.message_ids.mapped("body")))
        self.lead.amount_mode = "quote"
        self.assertEqual(self.lead.expected_revenue, self.quote.amount_untaxed)

    def test_the_same_figure_typed_again_changes_nothing(self):
        self.lead.expected_revenue = self.lead.expected_revenue
        self.assertEqual(self.lead.amount_mode, "quote")

    def test_before_there_is_a_quote_the_typed_figure_stands(self):
        lead = self.make_lead(expected_revenue=100.0)
        lead.expected_revenue = 200.0
        self.assertEqual((lead.amount_mode, lead.expected_revenue), ("quote", 200.0))
        self.make_stock_order(opportunity_id=lead.id)
        self.assertNotEqual(lead.expected_revenue, 200.0)

    def test_on_the_form_the_mode_is_seen_at_once(self):
        self.lead.write({"amount_mode": "manual", "expected_revenue": 3.0})
        with Form(self.lead.with_user(self.salesperson)) as form:
            form.amount_mode = "quote"
            self.assertEqual(form.expected_revenue, self.quote.amount_untaxed)
        self.assertEqual((self.lead.amount_mode, self.lead.expected_revenue), ("quote", self.quote.amount_untaxed))

    def test_whoever_sees_a_part_of_the_orders_writes_the_whole_sum(self):
        other = self.generate(self.make_final_sheet())
        other.user_id = self.rival
        other.with_user(self.rival).order_line.filtered("product_id")[0].price_unit = 5.0
        self.assertEqual(self.lead.expected_revenue, self.quote.amount_untaxed + other.amount_untaxed)

    def test_merged_deals_add_up_and_stay_in_their_mode(self):
        other = self.make_lead(name="Second")
        order = self.make_stock_order(opportunity_id=other.id)
        merged = (self.lead | other).merge_opportunity()
        self.assertEqual(merged.amount_mode, "quote")
        self.assertAlmostEqual(merged.expected_revenue, self.quote.amount_untaxed + order.amount_untaxed, 2)

    def test_many_deals_are_computed_in_one_go(self):
        def make(count):
            leads = self.env["crm.lead"].concat(*(self.make_lead() for _number in range(count)))
            for lead in leads:
                self.make_stock_order(opportunity_id=lead.id)
            leads.amount_mode = "manual"
            self.env.flush_all()
            self.env.invalidate_all()
            return leads

        counts = []
        for leads in (make(1), make(2), make(20)):
            with counting(self.env) as queries:
                leads.with_context(tracking_disable=True).amount_mode = "quote"
            counts.append(queries.count)
        self.assertEqual(counts[1], counts[2])

    def test_margin_is_of_the_quote_that_counts(self):
        lead = self.lead.with_user(self.estimator)
        price, cost = self.quote.amount_untaxed, self.quote.amount_untaxed - self.quote.margin
        self.assertAlmostEqual(lead.amount_cost_expected, cost, 2)
        self.assertAlmostEqual(lead.amount_margin_expected, price - cost, 2)
        self.quote.action_cancel()
        lead.invalidate_recordset()
        self.assertAlmostEqual(lead.amount_cost_expected, self.sheet.amount_cost, 2)

    def test_cost_is_secret_by_every_road(self):
        names = ["amount_cost_expected", "amount_margin_expected", "margin_percent_expected"]
        for user in (self.salesperson, self.surveyor):
            lead = self.lead.with_user(user)
            for name in names:
                with self.subTest(user=user.login, field=name), self.assertRaises(Exception):  # noqa: B017
                    lead.read([name])
            self.assertFalse(set(names) & set(self.env["crm.lead"].with_user(user).fields_get()))
        view = self.env["crm.lead"].with_user(self.salesperson).get_view(view_type="form")
        for name in names:
            self.assertNotIn(name, view["arch"])

    def flush_tracking(self):
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.lead.invalidate_recordset()


@tagged("post_install", "-at_install")
class TestDealAmountByMoney(QuoteCommon):
    """The expected revenue by invoices and payments."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead.write({"expected_revenue": 5000.0})
        tax = cls.env["account.tax"].create({"name": "20 %", "amount": 20.0, "type_tax_use": "sale"})
        cls.order = cls.make_stock_order(opportunity_id=cls.lead.id)
        cls.order.order_line.write({"product_uom_qty": 7, "price_unit": 33.33, "tax_ids": [Command.set(tax.ids)]})
        cls.order.order_line.product_id.invoice_policy = "order"
        cls.order.action_confirm()

    def invoice(self):
        invoice = self.order._create_invoices()
        invoice.action_post()
        return invoice

    def test_by_invoices_it_follows_what_was_invoiced_without_taxes(self):
        self.lead.amount_mode = "invoices"
        self.assertEqual(self.lead.expected_revenue, 5000.0)
        invoice = self.invoice()
        self.assertEqual(self.lead.expected_revenue, self.order.amount_untaxed)
        self.assertEqual(self.lead.amount_invoiced, self.order.amount_total)
        invoice.button_draft()
        self.assertEqual(self.lead.expected_revenue, 5000.0)

    def test_by_payments_it_follows_what_came_in(self):
        self.lead.amount_mode = "payments"
        invoice = self.invoice()
        self.assertEqual(self.lead.expected_revenue, 5000.0)
        wizard = self.env["account.payment.register"].with_context(active_model="account.move", active_ids=invoice.ids)
        half = self.lead.company_currency.round(invoice.amount_total / 2)
        wizard.create({"amount": half})._create_payments()
        self.assertAlmostEqual(self.lead.expected_revenue, self.order.amount_untaxed / 2, 1)
        wizard.create({})._create_payments()
        self.assertEqual(self.lead.expected_revenue, self.order.amount_untaxed)
