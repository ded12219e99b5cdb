from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..query_count import count_queries
from .intake_common import IntakeCommon

BASE = ("name", "construction_type_id", "partner_name")
SITE = ("site_street", "site_zip", "site_city")
# What differs between any two contacts.
OWN = {
    "id",
    "create_date",
    "write_date",
    "create_uid",
    "write_uid",
    "access_token",
    "signup_type",
    "calendar_last_notif_ack",
}


@tagged("post_install", "-at_install")
class TestDealImportContacts(IntakeCommon):
    """Contacts of imported deals are made and filled all at once, and are like those made by hand."""

    def _make_clients(self, count, mark, **values):
        names = [f"{mark} {number}" for number in range(count)]
        return self.env["res.partner"].create([{"name": name, "is_company": True, **values} for name in names])

    def _load_true(self, columns, *rows, **kwargs):
        result = self._load(columns, *rows, **kwargs)
        self.assertTrue(result["ids"], result["messages"])
        return self.env["crm.lead"].browse(result["ids"])

    def assertNoQueryMore(self, load):
        load(3, "warm")
        few = count_queries(self.env, lambda: load(10, "few"))
        many = count_queries(self.env, lambda: load(90, "many"))
        self.assertLessEqual(many, few + 4)
        self.assertLessEqual(many, 80)

    # === AS BY HAND === #

    def test_a_site_of_a_file_is_like_one_made_by_hand(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        terms = self.env["account.payment.term"].create([{"name": "Here"}, {"name": "There"}])
        industry = self.env["res.partner.industry"].create({"name": "Builders"})
        client, plain = self.env["res.partner"].create(
            [
                {"name": "Firm", "is_company": True, "country_id": self.romania.id, "vat": "RO14399840",
                 "industry_id": industry.id, "property_payment_term_id": terms[0].id},
                {"name": "Plain firm", "is_company": True},
            ]
        )  # fmt: skip
        client.with_company(other).property_payment_term_id = terms[1]
        deals = self._load_true(
            (*BASE, *SITE),
            ("1", "Bathroom", "Firm", "Lane 1", "400001", "Cluj"),
            ("2", "Bathroom", "Plain firm", "Lane 1", "400001", "Cluj"),
        )
        for deal, partner in zip(deals, client + plain, strict=True):
            site = deal.site_id
            values = ("name", "type", "street", "zip", "city")
            by_hand = (
                self.env["res.partner"]
                .with_user(self.ana)
                .create(
                    {name: site[name] for name in values}
                    | {"parent_id": partner.id, "country_id": partner.country_id.id}
                )
            )
            names = [
                name
                for name, field in site._fields.items()
                if field.store and field.type not in ("one2many", "many2many", "properties") and name not in OWN
            ]
            for company in self.env.company + other:
                here, there = (record.sudo().with_company(company) for record in (site, by_hand))
                self.assertEqual(
                    {name: here[name] for name in names}, {name: there[name] for name in names}, company.name
                )
        self.assertEqual(deals[0].site_id.with_company(other).property_payment_term_id, terms[1])
        self.assertEqual(client.child_ids.mapped("vat"), ["RO14399840"] * 2)
        self.assertFalse(client.street, "the address of the site is not the client's")

    def test_whoever_may_not_make_contacts_makes_no_site(self):
        self._make_clients(1, "Firm")
        self.env.ref("base.group_user").implied_ids = [Command.unlink(self.env.ref("base.group_partner_manager").id)]
        reader = new_test_user(self.env, "intake_reader", "sales_team.group_sale_salesman", name="Reader")
        reader.group_ids = [Command.unlink(self.env.ref("base.group_partner_manager").id)]
        access = self.env["ir.model.access"].search(
            [("model_id.model", "=", "res.partner"), ("perm_create", "=", True)]
        )
        access.perm_create = False
        with self.assertRaises(AccessError):
            self._load((*BASE, *SITE), ("1", "Bathroom", "Firm 0", "Lane 1", "400001", "Cluj"), user=reader)

    def test_a_phone_is_given_to_a_client_without_one_and_to_the_other_deals(self):
        clients = self._make_clients(2, "Firm")
        before = self._deal(partner_id=clients[0].id)
        clients[1].phone = "+40 21 555 0199"
        deals = self._load_true(
            (*BASE, "phone", "email_from"),
            ("1", "Bathroom", "Firm 0", "+40 21 555 0100", "a@firm.example"),
            ("2", "Bathroom", "Firm 1", "+40 21 555 0101", ""),
        )
        self.assertEqual(clients.mapped("phone"), ["+40 21 555 0100", "+40 21 555 0199"])
        self.assertEqual(clients[0].phone_sanitized, "+40215550100")
        self.assertEqual(clients[0].email_normalized, "a@firm.example")
        self.assertEqual(clients[0].write_uid, self.ana)
        self.assertEqual(before.phone, "+40 21 555 0100")
        self.assertEqual(deals.mapped("phone"), ["+40 21 555 0100", "+40 21 555 0101"])

    def test_a_colleague_who_is_a_client_keeps_the_address_of_the_login(self):
        partner = self.bob.partner_id
        partner.write({"name": "Bob the firm", "is_company": True, "phone": False})
        result = self._load((*BASE, "phone"), ("1", "Bathroom", "Bob the firm", "+40 21 555 0100"))
        self.assertFalse(result["ids"])
        self.assertFalse(partner.phone)

    def test_importing_again_makes_no_second_contact(self):
        self._make_clients(2, "Firm")
        columns = ("import_reference", *BASE, "phone", *SITE)
        rows = [
            (f"R{number}", f"{number}", "Bathroom", name, f"+40 21 555 010{number}", "Lane 1", "400001", "Cluj")
            for number, name in enumerate(["Firm 0", "Firm 1", "New firm"])
        ]
        deals = self._load_true(columns, *rows)
        contacts = self.env["res.partner"].search_count([])
        self.assertEqual(self._load_true(columns, *rows), deals)
        self.assertEqual(self.env["res.partner"].search_count([]), contacts)

    # === QUERIES === #

    def test_a_new_site_of_a_known_client_costs_no_query(self):
        def load(count, mark):
            self._load_true(
                (*BASE, *SITE),
                *((f"{n}", "Bathroom", f"{mark} {n}", f"Lane {n}", "400001", "Cluj") for n in range(count)),
            )

        for count, mark in ((3, "warm"), (10, "few"), (90, "many")):
            self._make_clients(count, mark)
        self.assertNoQueryMore(load)

    def test_a_new_client_with_a_site_costs_no_query(self):
        def load(count, mark):
            self._load_true(
                (*BASE, *SITE),
                *((f"{n}", "Bathroom", f"{mark} {n}", f"Lane {n}", "400001", "Cluj") for n in range(count)),
            )

        self.assertNoQueryMore(load)

    def test_the_phone_of_a_known_client_costs_no_query(self):
        def load(count, mark):
            self._load_true(
                (*BASE, "phone", "email_from"),
                *(
                    (f"{n}", "Bathroom", f"{mark} {n}", f"+40 21 {count:03} {n:04}", f"{mark}{n}@x.example")
                    for n in range(count)
                ),
            )

        for count, mark in ((3, "warm"), (10, "few"), (90, "many")):
            self._make_clients(count, mark)
        self.assertNoQueryMore(load)
