from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.bus.models.bus import BusBus

from ..query_count import counting
from .intake_common import NUMBER, IntakeCommon

BASE = ("name", "construction_type_id")


@tagged("post_install", "-at_install")
class TestDealImport(IntakeCommon):
    def assertRefused(self, result, index, field, *words):
        """Row and column are named, and nothing is made."""
        self.assertFalse(result["ids"])
        found = [message for message in result["messages"] if message.get("field") == field]
        self.assertTrue(found, result["messages"])
        self.assertEqual(found[0]["rows"], {"from": index, "to": index})
        for word in words:
            self.assertIn(word, found[0]["message"])

    # === ROWS === #

    def test_rows_become_deals_with_their_responsible_following(self):
        result = self._load(
            (*BASE, "partner_name", "source_id", "user_id", "expected_revenue"),
            ("One", "Green roof", "Firm", "Trade fair", "Bob Stan", "100"),
            ("Two", "Bathroom", "", "", "", ""),
            user=self.boss,
        )
        self.assertFalse(result["messages"])
        one, two = self.env["crm.lead"].browse(result["ids"])
        self.assertRecordValues(
            one | two,
            [
                {"construction_type_id": self.roof.id, "source_id": self.source.id, "user_id": self.bob.id},
                {"construction_type_id": self.bath.id, "source_id": False, "user_id": self.boss.id},
            ],
        )
        self.assertEqual(one.message_partner_ids, self.bob.partner_id)
        self.assertEqual(two.message_partner_ids, self.boss.partner_id)
        self.assertIn("Imported from a file.", one.message_ids.body)
        self.assertEqual(one.message_ids.author_id, self.boss.partner_id)

    def test_a_salesperson_makes_no_deals_of_others(self):
        result = self._load((*BASE, "user_id"), ("One", "Bathroom", "Bob Stan"))
        self.assertFalse(result["ids"])
        self.assertIn("access", result["messages"][0]["message"])

    def test_a_deal_from_a_file_is_like_one_made_by_hand(self):
        columns = (*BASE, "partner_name", "contact_name", "email_from", "phone", "city", "expected_revenue")
        row = ("Equal", "Green roof", "Firm", "Ana", "a@firm.example", "+40 21 555 0100", "Cluj", "100")
        imported = self.env["crm.lead"].browse(self._load(columns, row)["ids"])
        values = dict(zip(columns, row)) | {"construction_type_id": self.roof.id, "expected_revenue": 100.0}
        made = self.leads.create(values).sudo()
        names = [
            name
            for name, field in imported._fields.items()
            if field.store
            and field.column_type
            and name not in ("id", "create_date", "write_date", "create_uid", "write_uid")
        ]
        skipped = {"date_open", "date_last_stage_update", "message_main_attachment_id", "duration_tracking"}
        for name in set(names) - skipped:
            self.assertEqual(imported[name], made[name], name)

    def test_unknown_type_and_source_are_named_by_row(self):
        rows = [("One", "Green roof", "Trade fair"), ("Two", "Castle", "Trade fair"), ("Three", "Bathroom", "Moon")]
        with mute_logger("odoo.sql_db"):
            result = self._load((*BASE, "source_id"), *rows)
        self.assertRefused(result, 1, "construction_type_id", "Castle")
        self.assertRefused(result, 2, "source_id", "Moon")
        self.assertFalse(self.env["crm.lead"].search_count([("name", "in", ["One", "Two", "Three"])]))

    def test_a_row_without_type_is_refused_where_there_are_several(self):
        result = self._load(BASE, ("One", "Green roof"), ("Two", ""))
        self.assertRefused(result, 1, "construction_type_id", "needs a construction type")
        self.assertRefused(self._load(("name",), ("One",)), 0, "construction_type_id")

    def test_a_wrong_tax_id_is_refused_and_a_right_one_tidied(self):
        self.assertRefused(self._load((*BASE, "vat"), ("One", "Bathroom", "RO14399841")), 0, "vat", "RO14399841")
        result = self._load((*BASE, "vat"), ("One", "Bathroom", " ro 1439 9840 "), ("Two", "Bathroom", "77-1"))
        self.assertEqual(self.env["crm.lead"].browse(result["ids"]).mapped("vat"), [NUMBER, "771"])

    def test_a_number_is_checked_by_the_country_of_its_row(self):
        columns = (*BASE, "vat", "country_id")
        result = self._load(columns, ("One", "Bathroom", "14399841", "Romania"))
        self.assertRefused(result, 0, "vat", "no tax id of Romania")
        result = self._load(
            columns,
            ("One", "Bathroom", "1439 9840", "Romania"),
            ("Two", "Bathroom", "CHE-107.787.577 IVA", "Switzerland"),
        )
        self.assertEqual(self.env["crm.lead"].browse(result["ids"]).mapped("vat"), [NUMBER, "CHE-107.787.577 IVA"])

    def test_what_contacts_refuse_is_said_at_its_row(self):
        # As `base_vat` does, for numbers whose country only the contact tells.
        create = self.registry["res.partner"].create
        refusal = "The number 77 is not valid."

        def strict(partners, vals_list):
            rows = vals_list if isinstance(vals_list, list) else [vals_list]
            if any(vals.get("vat") == "77" for vals in rows):
                raise ValidationError(refusal)
            return create(partners, vals_list)

        self.patch(self.registry["res.partner"], "create", strict)
        result = self._load(
            (*BASE, "partner_name", "vat"),
            ("One", "Bathroom", "Good firm", NUMBER),
            ("Two", "Bathroom", "Bad firm", "77"),
        )
        self.assertRefused(result, 1, "vat", "The number 77 is not valid.")
        self.assertFalse(self.env["res.partner"].search_count([("name", "in", ("Good firm", "Bad firm"))]))

    def test_a_name_is_not_needed_where_there_is_a_company(self):
        result = self._load((*BASE, "partner_name"), ("", "Bathroom", "Firm"))
        self.assertEqual(self.env["crm.lead"].browse(result["ids"]).name, "Firm")

    # === AGAIN === #

    def test_importing_again_changes_the_same_deals(self):
        columns = ("import_reference", *BASE, "expected_revenue")
        first = self._load(columns, ("A1", "One", "Green roof", "100"), ("A2", "Two", "Bathroom", "200"))
        again = self._load(columns, ("A2", "Two", "Bathroom", "250"), ("A3", "Three", "Bathroom", "300"))
        one, two = self.env["crm.lead"].browse(first["ids"])
        self.assertEqual(again["ids"][0], two.id)
        self.assertEqual((one.expected_revenue, two.expected_revenue), (100.0, 250.0))
        self.assertEqual(self.env["crm.lead"].search_count([("import_reference", "in", ["A1", "A2", "A3"])]), 3)

    def test_importing_again_keeps_client_site_and_type(self):
        client = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        site = self.env["res.partner"].create({"name": "Site", "parent_id": client.id, "type": "other"})
        deal = self._deal(import_reference="A1", partner_id=client.id, site_id=site.id)
        columns = ("import_reference", *BASE, "partner_name", "site_city")
        self._load(columns, ("A1", "Renamed", "", "Another", ""))
        self.assertRecordValues(
            deal,
            [
                {
                    "name": "Renamed",
                    "partner_id": client.id,
                    "site_id": site.id,
                    "construction_type_id": self.roof.id,
                }
            ],
        )

    def test_an_empty_cell_takes_no_deal_from_its_salesperson(self):
        columns = ("import_reference", *BASE, "partner_name", "user_id", "stage_id", "priority")
        [deal_id] = self._load(columns, ("R-1", "Roof", "Green roof", "Rossi", "", "", ""))["ids"]
        deal = self.env["crm.lead"].browse(deal_id)
        stage = self.env["crm.stage"].create({"name": "Looked at", "sequence": 50})
        deal.write({"user_id": self.ana.id, "priority": "2", "stage_id": stage.id})
        result = self._load(columns, ("R-1", "", "Green roof", "Rossi SRL", "", "", ""))
        self.assertEqual(result["ids"], [deal_id], result["messages"])
        self.assertRecordValues(
            deal,
            [
                {
                    "name": "Roof",
                    "partner_name": "Rossi SRL",
                    "user_id": self.ana.id,
                    "priority": "2",
                    "stage_id": stage.id,
                }
            ],
        )

    def test_a_row_without_any_name_is_refused_in_plain_words(self):
        columns = (*BASE, "partner_name", "contact_name")
        result = self._load(columns, ("Hall", "Green roof", "", ""), ("", "Green roof", "", ""))
        self.assertRefused(result, 1, "name", "what this deal is called")
        self.assertEqual(len(result["messages"]), 1)

    def test_a_file_without_a_column_for_names_takes_them_from_the_clients(self):
        result = self._load(("construction_type_id", "partner_name"), ("Green roof", "Casa Veche"))
        self.assertEqual(self.env["crm.lead"].browse(result["ids"]).name, "Casa Veche")

    def test_a_reference_twice_in_a_file_is_refused(self):
        result = self._load(("import_reference", *BASE), ("A1", "One", "Bathroom"), ("A1", "Two", "Bathroom"))
        self.assertRefused(result, 1, "import_reference", "A1", "twice")

    def test_a_colleagues_deal_is_neither_changed_nor_made_again(self):
        deal = self._deal(self.bob, name="Of Bob", import_reference="B1")
        result = self._load(("import_reference", *BASE), ("B1", "Mine now", "Bathroom"))
        self.assertRefused(result, 0, "import_reference", "B1")
        self.assertEqual(deal.name, "Of Bob")

    def test_an_external_id_works_as_in_stock(self):
        self._load(("id", *BASE), ("intake_x", "One", "Bathroom"))
        result = self._load(("id", *BASE), ("intake_x", "Two", "Bathroom"))
        self.assertEqual(self.env["crm.lead"].browse(result["ids"]).name, "Two")
        self.assertEqual(result["ids"], self.env.ref("__import__.intake_x").ids)

    # === CLIENTS AND SITES === #

    def test_clients_are_found_by_tax_id_then_email_then_name(self):
        partners = self.env["res.partner"].create(
            [
                {"name": "By number", "is_company": True, "vat": "RO 14399840"},
                {"name": "By mail", "email": "Mail@Example.com"},
                {"name": "By name", "is_company": True},
            ]
        )
        result = self._load(
            (*BASE, "partner_name", "vat", "email_from"),
            ("1", "Bathroom", "By name", "RO14399840", "mail@example.com"),
            ("2", "Bathroom", "By name", "", "mail@example.com"),
            ("3", "Bathroom", "By name", "", ""),
            ("4", "Bathroom", "Nobody", "", ""),
        )
        deals = self.env["crm.lead"].browse(result["ids"])
        self.assertEqual([deal.partner_id for deal in deals], [*partners, self.env["res.partner"]])
        self.assertEqual(deals[3].partner_name, "Nobody")

    def test_two_companies_of_one_name_are_not_guessed(self):
        self.env["res.partner"].create([{"name": "Twin", "is_company": True}] * 2)
        result = self._load((*BASE, "partner_name"), ("1", "Bathroom", "Twin"))
        self.assertFalse(self.env["crm.lead"].browse(result["ids"]).partner_id)

    def test_a_file_never_changes_the_address_of_a_known_client(self):
        client = self.env["res.partner"].create({"name": "Firm", "is_company": True, "email": "old@firm.example"})
        result = self._load(
            (*BASE, "partner_name", "email_from", "phone"),
            ("1", "Bathroom", "Firm", "new@firm.example", "+40 21 555 0100"),
        )
        deal = self.env["crm.lead"].browse(result["ids"])
        self.assertEqual((deal.partner_id, deal.email_from), (client, "new@firm.example"))
        self.assertEqual(client.email, "old@firm.example")
        self.assertTrue(client.phone, "what was empty is filled")

    def test_client_and_site_are_made_once_for_many_rows(self):
        columns = (*BASE, "partner_name", "vat", "site_street", "site_city")
        result = self._load(
            columns,
            ("1", "Bathroom", "New firm", NUMBER, "Lane 1", "Cluj"),
            ("2", "Bathroom", "New firm", "14399840", "lane  1", "CLUJ"),
            ("3", "Bathroom", "New firm", NUMBER, "Lane 2", "Cluj"),
        )
        self.assertFalse(result["messages"])
        one, two, three = self.env["crm.lead"].browse(result["ids"])
        self.assertEqual(one.partner_id.name, "New firm")
        self.assertEqual(len((one | three).partner_id), 1)
        self.assertEqual(one.site_id.parent_id, one.partner_id)
        self.assertEqual((one.site_street, one.site_city), ("Lane 1", "Cluj"))
        self.assertNotEqual(one.site_id, three.site_id)
        again = self._load(columns, ("4", "Bathroom", "New firm", NUMBER, "Lane 2", "Cluj"))
        self.assertEqual(self.env["crm.lead"].browse(again["ids"]).site_id, three.site_id)

    def test_a_refused_file_leaves_no_client_behind(self):
        with mute_logger("odoo.sql_db"):
            result = self._load((*BASE, "partner_name", "vat"), ("1", "Castle", "Ghost firm", NUMBER))
        self.assertFalse(result["ids"])
        self.assertFalse(self.env["res.partner"].search([("name", "=", "Ghost firm")]))

    def test_a_tried_file_leaves_nothing_behind(self):
        content = self._write_book(
            [["Opportunity", "Construction Type", "Company Name", "Tax ID"], ["Try", "Bathroom", "Ghost", NUMBER]]
        )
        _names, result = self._import_file(content, dryrun=True)
        self.assertFalse(result["messages"])
        self.assertFalse(self.env["res.partner"].search([("name", "=", "Ghost")]))
        self.assertFalse(self.env["crm.lead"].search([("name", "=", "Try")]))

    # === DUPLICATES === #

    def test_duplicates_are_shown_in_history_and_to_the_user(self):
        known = self._deal(name="Known deal", vat=NUMBER)
        sent = []
        with patch.object(BusBus, "_sendone", lambda _bus, *args: sent.append(args)):
            result = self._load((*BASE, "vat"), ("Again", "Bathroom", NUMBER), ("Other", "Bathroom", ""))
        again, other = self.env["crm.lead"].browse(result["ids"])
        self.assertIn("Known deal", again.message_ids.body)
        self.assertNotIn("same", other.message_ids.body)
        [message] = [args[2] for args in sent if args[1] == "simple_notification"]
        self.assertIn("1 of 2 rows", message["message"])
        self.assertIn(known, again.duplicate_lead_ids)

    def test_the_name_of_a_colleagues_deal_stays_with_the_colleague(self):
        self._deal(self.bob, name="Secret of Bob", vat=NUMBER)
        result = self._load((*BASE, "vat"), ("Mine", "Bathroom", NUMBER))
        body = self.env["crm.lead"].browse(result["ids"]).message_ids.body
        self.assertNotIn("Secret", body)
        self.assertIn("colleague", body)

    def test_names_in_a_file_are_text_wherever_they_show(self):
        self._deal(name="<script>alert(1)</script>", vat=NUMBER)
        result = self._load((*BASE, "vat"), ("Mine", "Bathroom", NUMBER))
        self.assertNotIn("<script>", self.env["crm.lead"].browse(result["ids"]).message_ids.body)

    # === RIGHTS, COMPANIES, SPEED === #

    def test_whoever_may_not_make_deals_imports_none(self):
        worker = new_test_user(self.env, "intake_worker", "project.group_project_user")
        self.assertFalse(self._load(BASE, ("1", "Bathroom"), user=worker)["ids"])
        with self.assertRaises(AccessError):
            self._load((*BASE, "partner_name", "vat"), ("1", "Bathroom", "Ghost", NUMBER), user=worker)

    def test_references_of_another_company_are_not_touched(self):
        other = self.env["res.company"].create({"name": "Other firm"})
        foreign = self.env["crm.lead"].create(
            {"name": "Foreign", "company_id": other.id, "user_id": False, "team_id": False, "import_reference": "A1"}
        )
        foreign.company_id = other
        result = self._load(("import_reference", *BASE), ("A1", "Mine", "Bathroom"))
        self.assertNotEqual(result["ids"], foreign.ids)
        self.assertEqual(foreign.name, "Foreign")

    def test_imports_on_stocks_own_screen_are_stocks(self):
        leads = self.env["crm.lead"].with_user(self.ana).with_context(import_file=True)
        result = leads.load(["name", "partner_name"], [["Stock", "Firm"]])
        lead = self.env["crm.lead"].browse(result["ids"])
        self.assertFalse(lead.construction_type_id)
        self.assertNotIn("Imported", "".join(lead.message_ids.mapped("body")))

    def test_a_row_more_costs_no_query(self):
        columns = (*BASE, "partner_name", "email_from", "source_id", "site_city")

        def load(count, mark):
            rows = [
                (f"{mark}{n}", "Bathroom", f"Firm {mark}{n}", f"{mark}{n}@x.example", "Trade fair", "")
                for n in range(count)
            ]
            with counting(self.env) as queries:
                self._load(columns, *rows)
            return queries.count

        load(3, "warm")
        few, many = load(10, "few"), load(90, "many")
        self.assertLessEqual(many, few + 2)
        self.assertLessEqual(many, 60)

    def test_a_name_two_go_by_is_looked_up_once(self):
        self.env["construction.type"].create([{"name": "Twin house"}, {"name": "Twin house"}])

        def load(count, mark):
            with counting(self.env) as queries:
                result = self._load(BASE, *((f"{mark}{n}", "Twin house") for n in range(count)))
                self.assertTrue(result["ids"])
                self.assertIn("warning", {message["type"] for message in result["messages"]})
            return queries.count

        load(3, "warm")
        few, many = load(10, "few"), load(90, "many")
        self.assertLessEqual(many, few + 2)
