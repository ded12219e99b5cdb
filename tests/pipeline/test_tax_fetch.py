from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..core.register_server import VIES_FAULT, anaf_answer, vies_answer
from .intake_common import NUMBER, IntakeCommon


@tagged("post_install", "-at_install")
class TestTaxFetch(IntakeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._start_registers()

    def setUp(self):
        super().setUp()
        self._answer()
        self.deal = self._deal().with_user(self.ana)

    def assertRefused(self, *words, number=NUMBER, country=False, record=None):
        record = self.deal if record is None else record
        with self.assertRaises(UserError) as caught:
            record.fetch_company(number, country)
        for word in words:
            self.assertIn(word, str(caught.exception))

    # === WHAT COMES BACK === #

    def test_name_and_address_come_from_vies_and_the_rest_from_anaf(self):
        answer = self.deal.fetch_company("14399840", self.romania.id)
        values = answer["values"]
        self.assertEqual(values["vat"], NUMBER)
        self.assertEqual(values["partner_name"], "CASA NOUA SRL")
        self.assertEqual((values["street"], values["city"]), ("STR. LUNGA NR. 5", "CLUJ-NAPOCA"))
        self.assertEqual(values["country_id"]["id"], self.romania.id)
        self.assertEqual(values["state_id"]["id"], self.env.ref("base.RO_CJ").id)
        self.assertIn("VIES, ANAF", values["register_note"])
        self.assertIn("J12/345/2002", values["register_note"])
        self.assertEqual(answer["defaults"], {"phone": "0264123456", "name": "CASA NOUA SRL"})

    def test_the_second_register_stands_in_for_the_first(self):
        for first in (
            (200, vies_answer(valid="false")),
            (503, b""),
            (500, VIES_FAULT.format(fault="TIMEOUT").encode()),
        ):
            self._answer(vies=first)
            values = self.deal.fetch_company(NUMBER)["values"]
            self.assertEqual((values["partner_name"], values["zip"]), ("CASA NOUĂ SRL", "400123"))

    def test_a_whole_answer_needs_no_second_register(self):
        address = "RUE DE LA LOI 200\n1040 BRUXELLES"
        self._answer(vies=(200, vies_answer("Firm", address, country="BE", number="0477472701")))
        values = self.deal.fetch_company("BE0477472701")["values"]
        self.assertEqual((values["zip"], values["country_id"]["id"]), ("1040", self.env.ref("base.be").id))
        self.assertEqual([path for path, _headers, _body in self.server.requests], ["/vies"])

    def test_on_a_partner_the_registration_number_has_its_field(self):
        partner = self.env["res.partner"].with_user(self.ana)
        values = partner.fetch_company(NUMBER)["values"]
        self.assertEqual((values["name"], values["company_registry"]), ("CASA NOUA SRL", "J12/345/2002"))
        self.assertTrue(values["is_company"])

    def test_an_inactive_company_is_said_to_be_so(self):
        body = anaf_answer().replace(b'"statusInactivi": false', b'"statusInactivi": true')
        self._answer(anaf=(200, body))
        self.assertIn("The register lists this company as inactive.", self.deal.fetch_company(NUMBER)["warnings"])

    def test_saving_writes_the_note_into_the_history_once(self):
        note = self.deal.fetch_company(NUMBER)["values"]["register_note"]
        self.deal.register_note = note
        self.assertIn(NUMBER, self.deal.message_ids[0].body)
        self.assertIn("pays VAT", self.deal.message_ids[0].body)
        partner = self.env["res.partner"].with_user(self.ana).create({"name": "Firm", "register_note": "<b>x</b>"})
        self.assertIn("&lt;b&gt;", partner.message_ids[0].body)

    def test_fetching_writes_nothing(self):
        before = self.deal.read(["vat", "partner_name", "street", "city", "country_id", "phone"])
        self.deal.fetch_company(NUMBER)
        self.env.invalidate_all()
        self.assertEqual(self.deal.read(["vat", "partner_name", "street", "city", "country_id", "phone"]), before)

    def test_nothing_but_the_number_is_sent(self):
        self.deal.fetch_company(NUMBER)
        for _path, headers, body in self.server.requests:
            self.assertIn(b"14399840", body)
            self.assertNotIn(self.deal.name.encode(), body)
            self.assertLessEqual(
                set(headers),
                {
                    "Host",
                    "User-Agent",
                    "Accept-Encoding",
                    "Accept",
                    "Connection",
                    "Content-Type",
                    "Content-Length",
                    "SOAPAction",
                },
            )

    def test_a_source_more_is_one_method(self):
        class Own:
            name, countries, url = "Own register", frozenset(["US"]), self.server.url + "/own"

            def make_request(self, tax_number):
                return self.vies.make_request(tax_number)

            def read_answer(self, status, body):
                return self.vies.read_answer(status, body)

        partners = self.registry["res.partner"]
        vies, *_others = self.env["res.partner"]._get_tax_registers()
        Own.vies = vies
        self.server.answers["/own"] = (200, vies_answer("Own firm"))
        self.patch(partners, "_get_tax_registers", lambda _partner: [Own()])
        values = self.deal.fetch_company("536780918", self.env.ref("base.us").id)["values"]
        self.assertEqual(values["partner_name"], "Own firm")

    # === WHAT GOES WRONG === #

    def test_a_wrong_number_never_leaves_the_house(self):
        self.assertRefused("RO14399841", "Romania", number="RO14399841")
        self.assertRefused("Type the tax id first.", number=" ")
        self.assertRefused("no tax id", number="'; DROP TABLE crm_lead; --", country=self.romania.id)
        self.assertFalse(self.server.requests)

    def test_a_country_without_register_says_so(self):
        self.assertRefused("No public register is known", number="536780918", country=self.env.ref("base.us").id)

    def test_an_unknown_number_says_who_was_asked(self):
        self._answer(vies=(200, vies_answer(valid="false")), anaf=(404, b'{"found": []}'))
        self.assertRefused("VIES knows no company", "ANAF knows no company", NUMBER)

    def test_each_failure_has_its_sentence(self):
        closed = (500, b"")
        for answer, words in (
            ((503, b""), "busy"),
            ((200, b"\xff\xfe"), "cannot be read"),
            ((200, b"x" * 300000), "cannot be read"),
            ((302, b"", {"headers": {"Location": self.server.url + "/vies"}}), "cannot be reached"),
        ):
            self._answer(vies=answer, anaf=closed)
            self.assertRefused(words, "ANAF cannot be reached")
        self.assertIn(
            "in time", self.deal._get_failure_text("VIES", "timeout", self.deal._read_tax_number(NUMBER, self.romania))
        )

    def test_a_closed_service_is_told_from_an_unknown_number(self):
        self.env["ir.config_parameter"].set_param("construction_crm.register_vies_url", "http://127.0.0.1:1/vies")
        self._answer(anaf=(404, b'{"found": []}'))
        self.assertRefused("VIES cannot be reached", "ANAF knows no company")

    # === WHO IS KNOWN === #

    def test_clients_and_open_deals_with_the_number_are_linked(self):
        client = self.env["res.partner"].create({"name": "Known firm", "is_company": True, "vat": "14399840"})
        deal = self._deal(name="Open deal", vat=NUMBER)
        of_client = self._deal(name="Of the client", partner_id=client.id)
        lost = self._deal(name="Lost deal", vat=NUMBER)
        lost.action_set_lost(lost_reason_id=self.env["crm.lost.reason"].create({"name": "Price"}).id)
        known = self.deal.fetch_company(NUMBER)["known"]
        self.assertEqual(
            {(document["model"], document["id"]) for document in known},
            {("res.partner", client.id), ("crm.lead", deal.id), ("crm.lead", of_client.id)},
        )
        self.assertIn("Known firm", known[0]["text"])

    def test_who_is_known_is_told_though_no_register_answers(self):
        client = self.env["res.partner"].create({"name": "Known firm", "is_company": True, "vat": NUMBER})
        self.env["ir.config_parameter"].set_param("construction_crm.register_vies_url", "http://127.0.0.1:1/vies")
        self._answer(anaf=(500, b""))
        answer = self.deal.fetch_company(NUMBER)
        self.assertEqual([document["id"] for document in answer["known"]], [client.id])
        self.assertEqual((answer["values"], answer["defaults"]), ({}, {}), "the form stays as it is")
        self.assertEqual(len(answer["warnings"]), 1, "what two registers have in common is said once")
        self.assertIn("VIES, ANAF cannot be reached", answer["warnings"][0])

    def test_the_document_itself_is_no_duplicate(self):
        client = self.env["res.partner"].create({"name": "Firm", "is_company": True, "vat": NUMBER})
        self.env["res.partner"].create({"name": "Contact", "parent_id": client.id})
        self.assertFalse(client.with_user(self.ana).fetch_company(NUMBER)["known"])
        self.deal.sudo().write({"partner_id": client.id, "vat": NUMBER})
        self.assertFalse(self.deal.fetch_company(NUMBER)["known"])

    def test_a_colleagues_deal_is_told_without_its_name(self):
        self._deal(self.bob, name="Secret", vat=NUMBER)
        answer = self.deal.fetch_company(NUMBER)
        self.assertFalse(answer["known"])
        self.assertIn("Bob Stan", answer["warnings"][0])
        self.assertNotIn("Secret", str(answer))

    def test_deals_of_another_company_are_not_told(self):
        other = self.env["res.company"].create({"name": "Other firm"})
        self.env["crm.lead"].create(
            {"name": "Foreign", "vat": NUMBER, "user_id": False, "team_id": False}
        ).company_id = other
        answer = self.deal.fetch_company(NUMBER)
        self.assertFalse(answer["known"] or answer["warnings"])

    # === RIGHTS === #

    def test_only_whoever_may_write_the_document_asks(self):
        worker = new_test_user(self.env, "fetch_worker", "project.group_project_user")
        surveyor = new_test_user(self.env, "fetch_surveyor", "construction_crm.group_surveyor")
        portal = new_test_user(self.env, "fetch_portal", "base.group_portal")
        partner = self.env["res.partner"].create({"name": "Firm"})
        for user in (worker, surveyor, portal):
            for record in (self.deal, self.deal.browse(), partner, partner.browse()):
                with self.assertRaises(AccessError, msg=(user.login, record)):
                    record.with_user(user).fetch_company(NUMBER)
        with self.assertRaises(AccessError):
            self.deal.with_user(self.bob).fetch_company(NUMBER)
        self.assertFalse(self.server.requests)

    def test_estimator_manager_and_salesperson_ask(self):
        for login, group in (
            ("fetch_estimator", "construction_crm.group_estimator"),
            ("fetch_manager", "sales_team.group_sale_manager"),
        ):
            user = new_test_user(self.env, login, group)
            self.assertTrue(self.deal.with_user(user).fetch_company(NUMBER)["values"])
        self.assertTrue(self.deal.fetch_company(NUMBER)["values"])

    # === THE NUMBER ON A DEAL === #

    def test_a_deal_takes_the_number_of_its_client_and_gives_it_to_a_new_one(self):
        client = self.env["res.partner"].create({"name": "Firm", "is_company": True, "vat": NUMBER})
        self.deal.partner_id = client
        self.assertEqual(self.deal.vat, NUMBER)
        fresh = self._deal(partner_name="New firm", contact_name="Ana", vat="BE0477472701")
        fresh._handle_partner_assignment()
        self.assertEqual(fresh.partner_id.parent_id.vat, "BE0477472701")

    def test_a_stock_lead_keeps_away_from_the_number(self):
        client = self.env["res.partner"].create({"name": "Firm", "is_company": True, "vat": NUMBER})
        lead = self.env["crm.lead"].create({"name": "Stock", "partner_id": client.id})
        self.assertFalse(lead.vat)
