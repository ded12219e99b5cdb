from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..contract.line_common import LineCommon


@tagged("post_install", "-at_install")
class TestFindingByDocument(LineCommon):
    """A deal is found by the numbers that stand on its papers, by whoever may see the deal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract()
        cls.deal = cls.contract.lead_id
        cls.deal.with_user(cls.project_manager)._start_project({})
        cls.project = cls.deal.construction_project_id

    def _find(self, user, number):
        return self.env["crm.lead"].with_user(user).search([("document_search", "ilike", number)])

    def test_the_number_of_every_paper_finds_the_deal(self):
        for number in (self.contract.name, self.contract.order_ids[:1].name, self.project.code):
            with self.subTest(number=number):
                self.assertIn(self.deal, self._find(self.salesperson, number))
                self.assertIn(self.deal, self._find(self.accountant, number))

    def test_no_number_finds_a_deal_of_somebody_else(self):
        for number in (self.contract.name, self.contract.order_ids[:1].name, self.project.code):
            with self.subTest(number=number):
                self.assertFalse(self._find(self.colleague, number))
        with self.assertRaises(AccessError):
            self._find(self.surveyor, self.contract.name)

    def test_signed_and_collected_are_summed_for_the_stage(self):
        [(signed, collected)] = (
            self.env["crm.lead"]
            .with_user(self.salesperson)
            ._read_group([("id", "=", self.deal.id)], [], ["amount_contract:sum", "amount_collected:sum"])
        )
        self.assertEqual((signed, collected), (self.deal.amount_contract, self.deal.amount_collected))
        self.assertGreater(signed, 0)

    def test_the_days_to_the_signature_are_in_the_report(self):
        self.env.flush_all()
        row = self.env["construction.productivity"].search(
            [("lead_id", "=", self.deal.id), ("kind", "=", "signature")]
        )
        self.assertEqual(len(row), 1, "a deal of one contract was signed once")
        self.assertGreaterEqual(row.days_to_signature, 0)
        self.assertEqual(row.user_id, self.deal.user_id)

    def test_what_was_signed_this_month_stands_in_the_overview(self):
        self.env.flush_all()
        for user, count in ((self.salesperson, 1), (self.colleague, 0)):
            tile = self.env["construction.overview"].with_user(user).search([]).filtered(lambda t: t.key == "signed")
            self.assertEqual(tile.record_count, count)
            self.assertEqual(tile.amount, self.contract.amount_total if count else 0.0)
