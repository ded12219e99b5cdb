from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..query_count import counting


@tagged("post_install", "-at_install")
class TestParties(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson = new_test_user(cls.env, login="party_sales", groups="sales_team.group_sale_salesman")
        cls.other_salesperson = new_test_user(cls.env, login="party_sales_2", groups="sales_team.group_sale_salesman")
        cls.sale_manager = new_test_user(cls.env, login="party_manager", groups="sales_team.group_sale_manager")
        cls.accountant = new_test_user(cls.env, login="party_accountant", groups="account.group_account_invoice")
        cls.surveyor = new_test_user(cls.env, login="party_surveyor", groups="construction_crm.group_surveyor")
        cls.portal = new_test_user(cls.env, login="party_portal", groups="base.group_portal")
        cls.type = cls.env["construction.type"].create({"name": "New house"})
        cls.architect_role = cls.env.ref("construction_crm.party_role_architect")
        cls.payer_role = cls.env.ref("construction_crm.party_role_payer")
        cls.architect = cls.env["res.partner"].create({"name": "Bureau", "email": "bureau@example.com"})
        cls.bank = cls.env["res.partner"].create({"name": "Bank"})
        cls.deal = cls._make_deal("House")

    @classmethod
    def _make_deal(cls, name, **values):
        return cls.env["crm.lead"].create(
            {
                "name": name,
                "type": "opportunity",
                "construction_type_id": cls.type.id,
                "user_id": cls.salesperson.id,
                **values,
            }
        )

    def _add(self, deal, partner, role):
        return self.env["construction.party"].create({"lead_id": deal.id, "partner_id": partner.id, "role_id": role.id})

    def test_the_role_proposes_what_a_party_gets(self):
        party = self._add(self.deal, self.architect, self.architect_role)
        self.assertRecordValues(party, [{"receives_quote": True, "receives_invoice": False, "receives_report": True}])
        party.receives_quote = False
        self.architect_role.receives_invoice = True
        self.assertFalse(party.receives_quote)
        self.assertFalse(party.receives_invoice, "what was agreed with a party stays when the role changes")

    def test_parties_are_added_on_the_page_of_the_deal(self):
        with Form(self.deal.with_user(self.salesperson)) as form, form.party_ids.new() as row:
            row.role_id = self.payer_role
            row.partner_id = self.bank
        self.assertTrue(self.deal.party_ids.receives_invoice)

    def test_only_parties_with_an_address_get_mail(self):
        parties = self._add(self.deal, self.architect, self.architect_role)
        parties |= self._add(self.deal, self.bank, self.architect_role)
        self.assertEqual(parties._get_recipients("quote"), self.architect)
        self.assertFalse(parties._get_recipients("invoice"))

    @mute_logger("odoo.sql_db")
    def test_a_party_has_a_role_once(self):
        self._add(self.deal, self.architect, self.architect_role)
        self._add(self.deal, self.architect, self.payer_role)
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._add(self.deal, self.architect, self.architect_role)

    def test_merged_deals_keep_their_parties_once(self):
        other = self._make_deal("The same house")
        for deal in self.deal | other:
            self._add(deal, self.architect, self.architect_role)
        self._add(other, self.bank, self.payer_role)
        merged = (self.deal | other).merge_opportunity()
        self.assertEqual(merged.party_ids.partner_id, self.architect | self.bank)
        self.assertEqual(len(merged.party_ids), 2)

    def test_a_deal_merged_into_a_plain_lead_stays_a_construction_deal(self):
        site = self.env["res.partner"].create({"name": "Plot 7", "parent_id": self.architect.id})
        segment = self.env["construction.segment"].create({"name": "Merged"})
        values = {
            "partner_id": self.architect.id,
            "site_id": site.id,
            "segment_id": segment.id,
            "import_reference": "A-7",
        }
        self.deal.write(values)
        plain = self.env["crm.lead"].create(
            {"name": "Called again", "type": "opportunity", "partner_id": self.architect.id, "probability": 95}
        )
        merged = (plain | self.deal).merge_opportunity()
        self.assertEqual(merged, plain)
        self.assertRecordValues(merged, [{**values, "construction_type_id": self.type.id}])

    def test_the_site_of_another_client_is_left_behind(self):
        site = self.env["res.partner"].create({"name": "Plot 8", "parent_id": self.bank.id})
        other = self._make_deal("Somebody else's", partner_id=self.bank.id, site_id=site.id, probability=1)
        self.deal.write({"partner_id": self.architect.id, "probability": 90})
        merged = (self.deal | other).merge_opportunity()
        self.assertEqual(merged, self.deal)
        self.assertFalse(merged.site_id)

    def test_each_role_sees_what_it_may(self):
        party = self._add(self.deal, self.architect, self.architect_role)
        for user in (self.salesperson, self.sale_manager, self.accountant):
            self.assertEqual(party.with_user(user).read(["note"])[0]["id"], party.id)
        for user in (self.other_salesperson, self.surveyor, self.portal):
            with self.assertRaises(AccessError, msg=user.login):
                party.with_user(user).read(["note"])
        party.with_user(self.salesperson).note = "Mornings"
        with self.assertRaises(AccessError):
            party.with_user(self.accountant).note = "Evenings"
        with self.assertRaises(AccessError):
            self.architect_role.with_user(self.salesperson).name = "Designer"
        self.architect_role.with_user(self.sale_manager).name = "Designer"

    def test_parties_of_another_companys_deal_stay_there(self):
        company = self.env["res.company"].create({"name": "Branch"})
        deal = self._make_deal("Abroad", company_id=company.id, user_id=False)
        party = self._add(deal, self.architect, self.architect_role)
        found = self.env["construction.party"].with_user(self.sale_manager).search([("id", "=", party.id)])
        self.assertFalse(found)

    def test_a_deal_with_many_parties_opens_in_few_queries(self):
        def count(size):
            deal = self._make_deal(f"House of {size}")
            partners = self.env["res.partner"].create([{"name": f"P{i}"} for i in range(size)])
            deal.party_ids = [
                Command.create({"partner_id": partner.id, "role_id": self.payer_role.id}) for partner in partners
            ]
            with counting(self.env) as queries:
                deal.web_read(
                    {
                        "party_ids": {
                            "fields": {
                                "email": {},
                                "note": {},
                                "partner_id": {"fields": {"display_name": {}}},
                                "role_id": {"fields": {"display_name": {}}},
                            }
                        }
                    }
                )
            return queries.count

        count(1)
        self.assertEqual(count(2), count(40))
