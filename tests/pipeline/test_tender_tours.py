from odoo.tests import HttpCase, tagged

from .tender_common import TenderCommon


@tagged("post_install", "-at_install")
class TestTenderTours(TenderCommon, HttpCase):
    """A tender in the browser: by the salesperson, and read by the accountant."""

    def test_a_salesperson_leads_a_tender_from_its_deadline_to_the_returned_bond(self):
        self.start_tour("/odoo", "construction_tender", login=self.salesperson.login)
        self.assertTrue(self.deal.date_tender)
        self.assertEqual(self.deal.clarification_ids.partner_id, self.client)
        bond = self.deal.bond_ids
        self.assertEqual((bond.state, bond.amount, bond.date_returned), ("returned", 1200.0, self.today))

    def test_an_accountant_reads_the_bonds(self):
        self.make_bond()
        self.start_tour("/odoo", "construction_bonds_read", login=self.accountant.login)
