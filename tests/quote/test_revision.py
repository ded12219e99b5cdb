from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import QuoteCommon


@tagged("post_install", "-at_install")
class TestRevision(QuoteCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quote = cls.make_sent_quote()

    def revise(self, quote=None, user=None, reason=None):
        quote = quote or self.quote
        action = quote.with_user(user or self.salesperson).action_revise(reason=reason)
        return self.env["sale.order"].browse(action["res_id"])

    def revise_and_send(self, quote=None, price=40.0):
        revision = self.revise(quote)
        revision.order_line[1].price_unit = price
        revision.with_user(self.salesperson).action_quotation_sent()
        return revision

    # === THE REVISION === #

    def test_a_revision_is_a_draft_under_the_same_number(self):
        revision = self.revise(reason=" Smaller tiles ")
        self.assertRecordValues(
            revision,
            [
                {
                    "name": f"{self.quote.name}-R1",
                    "revision": 1,
                    "state": "draft",
                    "previous_revision_id": self.quote.id,
                    "original_id": self.quote.id,
                    "revision_reason": "Smaller tiles",
                    "evaluation_id": self.sheet.id,
                    "presentation": "full",
                    "date_sent": False,
                    "amount_total": self.quote.amount_total,
                }
            ],
        )
        self.assertEqual(self.quote.state, "sent")
        numbers = self.quote.order_line.mapped("chapter_number")
        self.assertEqual(revision.order_line.mapped("chapter_number"), numbers)
        self.assertEqual(self.sheet.order_ids, self.quote | revision)
        self.assertEqual(self.generate(), revision)
        self.assertIn("Smaller tiles", self.quote.message_ids[0].body)

    def test_the_wizard_asks_the_reason_and_a_second_press_opens_the_revision(self):
        action = self.quote.with_user(self.salesperson).action_ask_revise()
        wizard = self.env[action["res_model"]].with_user(self.salesperson).with_context(**action["context"])
        opened = wizard.create({"reason": "Cheaper"}).action_confirm()
        revision = self.quote.next_revision_ids
        self.assertEqual(opened["res_id"], revision.id)
        self.assertEqual(revision.revision_reason, "Cheaper")
        self.assertEqual(self.quote.with_user(self.salesperson).action_ask_revise()["res_id"], revision.id)
        self.assertEqual(self.quote.open_revision_id, revision)

    def test_costs_stay_frozen_in_a_revision(self):
        cost = self.quote.order_line[1].purchase_price
        self.tiler.standard_price = 99.0
        revision = self.revise()
        self.assertEqual(revision.order_line[1].purchase_price, cost)
        self.assertEqual(revision.margin, self.quote.margin)

    def test_revising_twice_makes_one_revision(self):
        self.assertEqual(self.revise(), self.revise())
        self.assertEqual(len(self.sheet.order_ids), 2)

    def test_the_database_itself_refuses_a_second_open_revision(self):
        self.revise()
        twin = self.make_stock_order()
        with mute_logger("odoo.sql_db"), self.assertRaises(Exception) as raised, self.cr.savepoint():
            twin._write_life_cycle({"previous_revision_id": self.quote.id})
            self.env.flush_all()
        self.assertIn("one_open_revision", str(raised.exception))

    def test_the_third_issue_keeps_the_base_number(self):
        revision = self.revise_and_send()
        self.assertEqual(self.revise(revision).name, f"{self.quote.name}-R2")

    def test_only_what_was_sent_or_declined_is_revised(self):
        draft = self.generate(self.make_final_sheet())
        with self.assertRaisesRegex(UserError, "not sent yet"):
            self.revise(draft)
        self.quote.action_confirm()
        with self.assertRaisesRegex(UserError, "is confirmed"):
            self.revise()
        order = self.make_stock_order()
        order.action_quotation_sent()
        with self.assertRaisesRegex(UserError, "not a construction quote"):
            self.revise(order, user=self.manager)

    def test_a_declined_quote_is_revised_without_cancelling_or_reopening_it(self):
        self.quote.action_cancel()
        revision = self.revise()
        self.assertEqual(revision.state, "draft")
        # Declined, it may be offered once more as it was.
        revision.with_user(self.salesperson).action_quotation_sent()
        self.assertEqual(self.quote.superseded_by_id, revision)

    def test_who_may_not_write_the_quote_may_not_revise_it(self):
        for user in (self.rival, self.surveyor, self.accountant):
            with self.subTest(user.login), self.assertRaises(UserError):
                self.revise(user=user)
        self.assertFalse(self.quote.next_revision_ids)

    def test_links_are_not_set_by_hand(self):
        for vals in ({"previous_revision_id": self.quote.id}, {"original_id": self.quote.id}, {"revision": 4}):
            with self.subTest(vals), self.assertRaisesRegex(UserError, "with their buttons"):
                self.make_stock_order(**vals)
            with self.subTest(vals), self.assertRaisesRegex(UserError, "with their buttons"):
                self.make_stock_order().write(vals)

    # === WHICH ONE HOLDS === #

    def test_the_old_one_holds_until_the_revision_is_sent(self):
        revision = self.revise()
        self.assertFalse(self.quote.superseded_by_id)
        self.assertTrue(self.quote._has_to_be_signed())
        revision.order_line[1].price_unit = 40.0
        revision.with_user(self.salesperson).action_quotation_sent()
        self.assertEqual(self.quote.superseded_by_id, revision)
        self.assertFalse(self.quote._has_to_be_signed())
        self.assertFalse(self.quote.open_revision_id)

    def test_signing_the_old_one_cancels_the_open_revision_and_cancelling_the_order_brings_it_back(self):
        revision = self.revise()
        self.quote.with_user(self.salesperson).action_confirm()
        self.assertRecordValues(revision, [{"state": "cancel", "closed_by_id": self.quote.id}])
        self.assertIn("was confirmed while this revision was open", revision.message_ids[0].body)
        self.assertFalse(self.quote.superseded_by_id)
        self.quote.with_user(self.manager)._action_cancel()
        self.assertRecordValues(revision, [{"state": "draft", "closed_by_id": False}])

    def test_a_superseded_quote_cannot_be_confirmed_by_any_road(self):
        revision = self.revise_and_send()
        message = f"replaced by {revision.name}"
        for action in (
            self.quote.action_confirm,
            (self.quote | revision).action_confirm,
            lambda: self.quote.write({"state": "sale"}),
            lambda: self.quote.write({"state": "sent"}),
            lambda: self.quote._prepare_invoice(),
        ):
            with self.assertRaisesRegex(UserError, message):
                action()
        wizard = self.env["sale.advance.payment.inv"].create(
            {"sale_order_ids": self.quote.ids, "advance_payment_method": "percentage", "amount": 30}
        )
        with self.assertRaisesRegex(UserError, self.quote.name):
            wizard.create_invoices()
        self.assertFalse(self.quote._has_to_be_signed())
        self.assertFalse(self.quote._has_to_be_paid())
        self.assertFalse(self.quote._can_be_edited_on_portal())
        self.assertFalse(self.lead.stage_id.is_won)

    def test_confirming_an_unsent_revision_supersedes_the_old_one(self):
        revision = self.revise()
        revision.with_user(self.salesperson).action_confirm()
        self.assertEqual(self.quote.superseded_by_id, revision)
        self.assertEqual(self.quote.state, "sent")

    def test_two_issues_are_not_confirmed_together(self):
        revision = self.revise()
        with self.assertRaisesRegex(UserError, "only one of them"):
            (self.quote | revision).action_confirm()

    def test_cancelling_a_sent_revision_restores_the_one_before(self):
        revision = self.revise_and_send()
        revision.action_cancel()
        self.assertFalse(self.quote.superseded_by_id)
        self.quote.action_confirm()
        self.assertEqual(self.quote.state, "sale")

    def test_cancelling_an_open_revision_frees_its_number(self):
        first = self.revise()
        first.action_cancel()
        second = self.revise()
        self.assertNotEqual(first, second)
        self.assertEqual(second.name, f"{self.quote.name}-R1")
        self.assertNotEqual(first.name, second.name)
        with self.assertRaisesRegex(UserError, "another way"):
            first.action_draft()

    def test_a_number_the_client_has_seen_is_not_used_again(self):
        self.revise_and_send().action_cancel()
        self.assertEqual(self.revise().name, f"{self.quote.name}-R2")

    def test_a_declined_revision_and_its_own_revision(self):
        first = self.revise_and_send()
        second = self.revise(first)
        first.action_cancel()
        self.assertFalse(self.quote.superseded_by_id, "the first issue holds again")
        second.order_line[1].price_unit = 35.0
        second.with_user(self.salesperson).action_quotation_sent()
        self.assertEqual((self.quote | first).superseded_by_id, second)
        second.action_cancel()
        self.assertFalse((self.quote | first).superseded_by_id)

    def test_deleting_a_draft_revision_leaves_the_one_before(self):
        revision = self.revise()
        revision.with_user(self.manager).unlink()
        self.quote.action_confirm()
        self.assertEqual(self.quote.state, "sale")

    def test_a_copy_of_an_old_revision_starts_on_its_own(self):
        revision = self.revise_and_send()
        for source in (self.quote, revision):
            copy = source.copy()
            self.assertFalse(copy.superseded_by_id or copy.previous_revision_id or copy.original_id or copy.revision)
            self.assertFalse(copy.revision_reason or copy.closed_by_id or copy.variant_of_id)
            self.assertNotIn(self.quote.name, copy.name)
            copy.with_user(self.manager).action_confirm()
            self.assertEqual(revision.state, "sent", "the chain goes on")

    # === WHAT IS A CHANGE === #

    def send_unchanged(self, revision):
        with self.assertRaisesRegex(UserError, f"Send {self.quote.name} again"):
            revision.with_user(self.salesperson).action_quotation_sent()
        with self.assertRaisesRegex(UserError, f"Send {self.quote.name} again"):
            revision.with_user(self.salesperson).action_quotation_send()
        self.assertEqual(revision.state, "draft")

    def test_a_revision_that_says_nothing_new_is_not_sent(self):
        revision = self.revise()
        self.send_unchanged(revision)
        for sequence, line in enumerate(reversed(revision.order_line), start=1):
            line.sequence = sequence
        self.send_unchanged(revision)
        self.assertFalse(self.quote.superseded_by_id)

    def test_other_words_make_a_correction_not_another_number(self):
        revision = self.revise()
        revision.order_line[1].name = "Tiler, certified"
        revision.with_user(self.salesperson).action_quotation_sent()
        self.assertRecordValues(revision, [{"name": f"{self.quote.name}a", "revision": 0, "state": "sent"}])
        self.assertEqual(self.quote.superseded_by_id, revision)
        again = self.revise(revision)
        self.assertEqual(again.name, f"{self.quote.name}-R1")
        again.note = "<p>Thank you</p>"
        again.with_user(self.salesperson).action_quotation_sent()
        self.assertEqual(again.name, f"{self.quote.name}b")

    def test_what_counts_as_another_offer(self):
        for change in (
            lambda order: order.order_line[1].write({"product_uom_qty": 3.0}),
            lambda order: order.order_line[1].write({"price_unit": 33.0}),
            lambda order: order.order_line[1].write({"discount": 5.0}),
            lambda order: order.order_line[-1].unlink(),
            lambda order: order.write({"order_line": [Command.create({"product_id": self.glue.id})]}),
            lambda order: order.write({"payment_term_id": self.pay_terms_b.id}),
            lambda order: order.chapter_ids[0].write({"chapter_quantity": 99.0}),
        ):
            quote = self.make_sent_quote(self.make_final_sheet())
            revision = self.revise(quote)
            change(revision)
            revision.with_user(self.salesperson).action_quotation_sent()
            self.assertRecordValues(revision, [{"name": f"{quote.name}-R1", "revision": 1}])

    def test_an_option_is_another_offer_and_keeps_its_quantity(self):
        revision = self.revise()
        chapter = revision.chapter_ids[0]
        chapter.chapter_choice = "optional"
        revision.with_user(self.salesperson).action_quotation_sent()
        self.assertEqual(revision.name, f"{self.quote.name}-R1")

    def test_orders_of_stock_are_not_asked_for_revisions(self):
        order = self.make_stock_order()
        order.action_cancel()
        self.env.flush_all()
        with self.assertQueryCount(0):
            self.assertFalse(order.open_revision_id or order.issue_count)

    def test_a_change_taken_back_before_sending_leaves_no_number(self):
        revision = self.revise()
        revision.note = "<p>Hello</p>"
        revision.with_user(self.salesperson).action_quotation_send()
        self.assertEqual(revision.name, f"{self.quote.name}a")
        revision.order_line[1].price_unit = 44.0
        revision.with_user(self.salesperson).action_quotation_sent()
        self.assertEqual(revision.name, f"{self.quote.name}-R1")

    def test_an_expired_quote_is_offered_again_as_it_was(self):
        quote = self.generate(self.make_final_sheet())
        quote.validity_date = "2020-01-01"
        quote.with_user(self.salesperson).action_quotation_sent()
        revision = self.revise(quote)
        self.assertFalse(revision.is_expired)
        revision.with_user(self.salesperson).action_quotation_sent()
        self.assertEqual(revision.name, f"{quote.name}a")

    def test_the_mail_carries_the_number_that_holds(self):
        revision = self.revise()
        revision.note = "<p>Only words</p>"
        action = revision.with_user(self.salesperson).action_quotation_send()
        composer = self.env["mail.compose.message"].with_user(self.salesperson).with_context(**action["context"])
        composer = composer.create({})
        self.assertIn(f"{self.quote.name}a", composer.subject)
        composer.action_send_mail()
        self.assertEqual(revision.state, "sent")
        self.assertEqual(self.quote.superseded_by_id, revision)

    def test_lines_keep_their_lineage(self):
        revision = self.revise_and_send()
        third = self.revise(revision)
        self.assertEqual(third.order_line.mapped("lineage"), self.quote.order_line.ids)
        self.assertEqual(self.quote.order_line.mapped("lineage"), [0] * len(self.quote.order_line))
        stock = self.make_stock_order()
        self.assertFalse(stock.copy().order_line.lineage)
        with self.assertRaises(UserError):
            revision.order_line[1].lineage = 7
