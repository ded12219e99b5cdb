from odoo.tests import HttpCase, tagged

from .test_options import OptionsCommon


@tagged("post_install", "-at_install")
class TestCustomerTour(OptionsCommon, HttpCase):
    """The client opens the link of a quote that was replaced, takes an option of the new one and signs it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client.email = "ana@example.com"
        cls.env["construction.chapter.choice"].create({"line_id": cls.second.id, "choice": "optional"}).action_apply()
        cls.quote.write({"name": "Q-CLIENT", "require_signature": True, "require_payment": False})
        cls.quote.with_user(cls.salesperson).action_quotation_sent()
        cls.quote.with_user(cls.salesperson).action_revise()
        cls.revision = cls.quote.next_revision_ids
        works = cls.revision.order_line.filtered(lambda line: line.product_id == cls.tiler)
        works.price_unit = 28.5
        cls.revision.with_user(cls.salesperson).action_quotation_sent()

    def test_the_client_goes_from_the_old_link_to_his_signature(self):
        option = self.revision.order_line.filtered("chapter_choice")
        without = self.revision.amount_total
        price = option.chapter_offered_subtotal
        self.start_tour(self.quote.get_portal_url(), "construction_quote_customer")
        self.env.invalidate_all()
        self.assertRecordValues(
            self.revision,
            [{"state": "sale", "signed_by": "Ana Popescu", "revision": 1, "superseded_by_id": False}],
        )
        self.assertTrue(self.revision.signature)
        self.assertTrue(option.is_chosen)
        self.assertAlmostEqual(self.revision.amount_total, without + price, 2)
        self.assertRecordValues(self.quote, [{"state": "sent", "superseded_by_id": self.revision.id}])
        self.assertFalse(self.quote.signature)
        self.assertEqual(self.lead.won_status, "won")
