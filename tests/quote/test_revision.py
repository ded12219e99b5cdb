from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import QuoteCommon


@tagged("post_install", "-at_install")
class TestRevision(QuoteCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quote = cls.make_sent_quote()

    def revise(self, quote=None, user=None):
        quote = quote or self.quote
        action = quote.with_user(user or self.salesperson).action_revise()
        return self.env["sale.order"].browse(action["res_id"])

    def test_a_revision_is_a_draft_under_the_same_number(self):
        revision = self.revise()
        self.assertRecordValues(
            revision,
            [
                {
                    "name": f"{self.quote.name}-R1",
                    "revision": 1,
                    "state": "draft",
                    "previous_revision_id": self.quote.id,
                    "evaluation_id": self.sheet.id,
                    "presentation": "full",
                    "date_sent": False,
                    "amount_total": self.quote.amount_total,
                }
            ],
        )
        self.assertEqual(self.quote.superseded_by_id, revision)
        self.assertEqual(self.quote.state, "sent")
        numbers = self.quote.order_line.mapped("chapter_number")
        self.assertEqual(revision.order_line.mapped("chapter_number"), numbers)
        self.assertEqual(self.sheet.order_ids, self.quote | revision)
        self.assertEqual(self.generate(), revision)

    def test_costs_stay_frozen_in_a_revision(self):
        cost = self.quote.order_line[1].purchase_price
        self.tiler.standard_price = 99.0
        revision = self.revise()
        self.assertEqual(revision.order_line[1].purchase_price, cost)
        self.assertEqual(revision.margin, self.quote.margin)

    def test_revising_twice_makes_one_revision(self):
        self.assertEqual(self.revise(), self.revise())
        self.assertEqual(len(self.sheet.order_ids), 2)

    def test_the_third_issue_keeps_the_base_number(self):
        revision = self.revise()
        revision.action_quotation_sent()
        self.assertEqual(self.revise(revision).name, f"{self.quote.name}-R2")

    def test_a_superseded_quote_cannot_be_confirmed(self):
        revision = self.revise()
        with self.assertRaisesRegex(UserError, f"replaced by {revision.name}"):
            self.quote.action_confirm()
        with self.assertRaisesRegex(UserError, "replaced by"):
            self.quote.write({"state": "sale"})
        self.assertFalse(self.quote._has_to_be_signed())
        self.assertFalse(self.quote._has_to_be_paid())
        self.assertFalse(self.lead.stage_id.is_won)

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

    def test_a_declined_quote_is_revised(self):
        self.quote.action_cancel()
        revision = self.revise()
        self.assertEqual(revision.state, "draft")

    def test_cancelling_a_revision_restores_the_one_before(self):
        revision = self.revise()
        revision.action_cancel()
        self.assertFalse(self.quote.superseded_by_id)
        revision.action_draft()
        self.assertEqual(self.quote.superseded_by_id, revision)
        revision.action_cancel()
        self.quote.action_confirm()
        with self.assertRaisesRegex(UserError, "another way"):
            revision.action_draft()

    def test_deleting_a_draft_revision_restores_the_one_before(self):
        revision = self.revise()
        revision.with_user(self.manager).unlink()
        self.assertFalse(self.quote.superseded_by_id)
        self.quote.action_confirm()
        self.assertEqual(self.quote.state, "sale")

    def test_a_copy_of_an_old_revision_starts_on_its_own(self):
        self.revise()
        copy = self.quote.copy()
        self.assertFalse(copy.superseded_by_id or copy.previous_revision_id or copy.revision)

    def test_who_may_not_write_the_quote_may_not_revise_it(self):
        for user in (self.rival, self.surveyor, self.accountant):
            with self.subTest(user.login), self.assertRaises(UserError):
                self.revise(user=user)
        self.assertFalse(self.quote.superseded_by_id)
