from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestConstructionDeal(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.type = cls.env["construction.type"].create({"name": "New house"})
        cls.client = cls.env["res.partner"].create({"name": "Ana Client"})
        cls.site = cls.env["res.partner"].create({"name": "Plot 7", "parent_id": cls.client.id, "type": "other"})
        cls.salesperson = new_test_user(cls.env, login="deal_sales", groups="sales_team.group_sale_salesman")
        cls.other_salesperson = new_test_user(cls.env, login="deal_sales_2", groups="sales_team.group_sale_salesman")
        cls.accountant = new_test_user(cls.env, login="deal_accountant", groups="account.group_account_invoice")
        cls.surveyor = new_test_user(cls.env, login="deal_surveyor", groups="construction_crm.group_surveyor")
        cls.consultant = new_test_user(cls.env, login="deal_consultant", groups="base.group_system")
        cls.deal = cls.env["crm.lead"].create(
            {
                "name": "House on plot 7",
                "type": "opportunity",
                "partner_id": cls.client.id,
                "site_id": cls.site.id,
                "construction_type_id": cls.type.id,
                "user_id": cls.salesperson.id,
            }
        )

    def test_the_site_stays_with_its_client(self):
        self.assertEqual(self.deal.site_id, self.site)
        self.deal.partner_id = self.env["res.partner"].create({"name": "Somebody else"})
        self.assertFalse(self.deal.site_id, "a site of another client is no site of this deal")

    def test_a_contact_of_the_client_keeps_the_site(self):
        self.deal.partner_id = self.env["res.partner"].create({"name": "Ana's office", "parent_id": self.client.id})
        self.assertEqual(self.deal.site_id, self.site)

    def test_a_used_type_cannot_be_deleted(self):
        with self.assertRaises(UserError):
            self.type.unlink()
            self.env.flush_all()

    def test_a_type_of_another_company_is_refused(self):
        foreign = self.env["construction.type"].create(
            {
                "name": "Abroad",
                "company_id": self.env["res.company"].create({"name": "Branch abroad"}).id,
            }
        )
        self.deal.company_id = self.env.company
        with self.assertRaises(UserError):
            self.deal.construction_type_id = foreign

    def test_an_accountant_reads_every_deal_and_changes_none(self):
        deal = self.deal.with_user(self.accountant)
        self.assertEqual(deal.name, "House on plot 7")
        self.assertEqual(self.env["crm.lead"].with_user(self.accountant).search_count([("id", "=", deal.id)]), 1)
        for change in (lambda: deal.write({"name": "x"}), deal.unlink, lambda: deal.copy()):
            with self.assertRaises(AccessError):
                change()

    def test_another_salesperson_and_the_surveyor_see_no_foreign_deal(self):
        for user in (self.other_salesperson, self.surveyor):
            with self.assertRaises(AccessError):
                self.deal.with_user(user).read(["name"])

    def test_the_consultant_configures_types_without_being_in_sales(self):
        types = self.env["construction.type"].with_user(self.consultant)
        self.assertTrue(types.create({"name": "Flat roof", "warranty_months": 60}))
        for user in (self.salesperson, self.surveyor, self.accountant):
            with self.assertRaises(AccessError):
                self.type.with_user(user).write({"name": "x"})
