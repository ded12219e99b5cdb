import unittest

from register_server import VIES_FAULT, RegisterServer, anaf_answer, vies_answer

from core.pipeline import tax_register as registers
from core.pipeline.anaf import Anaf
from core.pipeline.tax_id import TaxId, WrongTaxId, read, spellings
from core.pipeline.tax_register import Company, RegisterError, ask
from core.pipeline.vies import Vies, read_address

NUMBER = TaxId("RO", "14399840")


class TestTaxId(unittest.TestCase):
    def test_a_number_is_read_with_and_without_its_prefix(self):
        for text in ("RO14399840", "ro 1439 9840", "14399840", " RO-14399840 "):
            self.assertEqual(read(text, ["RO"]), NUMBER, text)

    def test_a_prefix_goes_before_the_country_of_the_address(self):
        self.assertEqual(read("BE0477472701", ["RO"]), TaxId("BE", "0477472701"))

    def test_greece_and_northern_ireland_have_prefixes_of_their_own(self):
        self.assertEqual(str(read("EL094259216")), "EL094259216")
        self.assertEqual(read("GR094259216").country, "GR")

    def test_wrong_digits_name_the_country(self):
        for text, countries, country in (("RO14399841", ["US"], "RO"), ("123", ["BE"], "BE"), ("", ["RO"], "RO")):
            with self.assertRaises(WrongTaxId) as caught:
                read(text, countries)
            self.assertEqual(caught.exception.country, country)

    def test_a_number_of_no_country_is_refused(self):
        for text in ("12345", "R&D <x>", "ＲＯ14399840", "RO" + "1" * 50):
            with self.assertRaises(WrongTaxId):
                read(text)

    def test_a_country_without_rules_is_taken_unchecked(self):
        self.assertFalse(read("A 1", ["QA"]).is_checked)

    def test_spellings_find_what_others_typed(self):
        self.assertLessEqual({"RO14399840", "14399840", "RO 14399840"}, spellings("ro14399840", NUMBER))


class TestAnswers(unittest.TestCase):
    def assertFails(self, kind, register, status, body):
        with self.assertRaises(RegisterError) as caught:
            register.read_answer(status, body)
        self.assertEqual(caught.exception.kind, kind)

    def test_vies_gives_name_and_address(self):
        company = Vies().read_answer(200, vies_answer())
        self.assertEqual((company.name, company.street, company.city), ("CASA NOUA SRL", "STR. LUNGA NR. 5", "CLUJ-NAPOCA"))
        self.assertTrue(company.is_vat_payer)

    def test_addresses_of_many_countries_are_taken_apart(self):
        for text, zip_code, city in (
            ("RUE DE LA LOI 200\n1040 BRUXELLES", "1040", "BRUXELLES"),
            ("12 RUE X\n75001 PARIS", "75001", "PARIS"),
            ("KEIZERSGRACHT 1\n1015 CJ AMSTERDAM", "1015 CJ", "AMSTERDAM"),
            ("UL. DŁUGA 1\n00-238 WARSZAWA", "00-238", "WARSZAWA"),
            ("HLAVNÁ 1\n811 01 BRATISLAVA", "811 01", "BRATISLAVA"),
            ("VIA ROMA 1, 20121 MILANO MI", "20121", "MILANO MI"),
            ("LV-1050 RĪGA", "1050", "RĪGA"),
        ):
            address = read_address(text)
            self.assertEqual((address["zip"], address["city"]), (zip_code, city), text)

    def test_an_answer_in_another_encoding_is_read(self):
        company = Vies().read_answer(200, vies_answer("Łódź Sp. z o.o.", "---", encoding="ISO-8859-2"))
        self.assertEqual(company, Company(name="Łódź Sp. z o.o.", is_vat_payer=True))

    def test_faults_of_vies_say_what_to_do(self):
        for fault, kind in (
            ("MS_UNAVAILABLE", registers.BUSY),
            ("GLOBAL_MAX_CONCURRENT_REQ", registers.BUSY),
            ("INVALID_INPUT", registers.UNKNOWN),
            ("IP_BLOCKED", registers.CLOSED),
        ):
            self.assertFails(kind, Vies(), 500, VIES_FAULT.format(fault=fault).encode())
        self.assertFails(registers.UNKNOWN, Vies(), 200, vies_answer(valid="false"))

    def test_what_is_no_answer_is_said_to_be_unreadable(self):
        bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
        for body in (b"", b"<html>", b"\xff\xfe\x00", b"<a/>", bomb, b'<?xml version="1.0" encoding="nonsense"?><a/>'):
            self.assertFails(registers.UNREADABLE, Vies(), 200, body)
        for body in (b"", b"{", b"\xff\xff", b"[]", b"null", b'{"found": 3}', b'{"found": [3]}', b"[" * 99999):
            self.assertFails(registers.UNREADABLE, Anaf(), 200, body)

    def test_an_entity_never_reads_a_file(self):
        body = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
        self.assertFails(registers.UNREADABLE, Vies(), 200, body)

    def test_anaf_gives_the_seat_and_the_registration(self):
        company = Anaf().read_answer(200, anaf_answer())
        self.assertEqual(
            company,
            Company(
                name="CASA NOUĂ SRL",
                street="Str. Lungă 5",
                zip="400123",
                city="Cluj-Napoca",
                state="CLUJ",
                registration="J12/345/2002",
                phone="0264123456",
                is_vat_payer=True,
            ),
        )

    def test_anaf_knows_no_such_company(self):
        for status in (200, 404):
            self.assertFails(registers.UNKNOWN, Anaf(), status, b'{"cod": 200, "found": [], "notFound": [1]}')

    def test_texts_of_odd_types_and_lengths_do_no_harm(self):
        company = Anaf().read_answer(200, anaf_answer(denumire="A" * 5000, telefon=["x"], nrRegCom={"a": 1}))
        self.assertEqual((len(company.name), company.phone, company.registration), (256, "", ""))


class TestAsking(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = RegisterServer()
        cls.addClassCleanup(cls.server.stop)

    def _ask(self, *answer, path="/vies", **limits):
        self.server.answers[path] = answer
        return ask(Vies(self.server.url + path), NUMBER, **limits)

    def assertKind(self, kind, *answer, **limits):
        with self.assertRaises(RegisterError) as caught:
            self._ask(*answer, **limits)
        self.assertEqual(caught.exception.kind, kind)

    def test_a_company_comes_over_the_wire_and_only_the_number_goes(self):
        self.server.requests.clear()
        self.assertEqual(self._ask(200, vies_answer()).name, "CASA NOUA SRL")
        [(_path, headers, body)] = self.server.requests
        self.assertEqual(body, Vies().make_request(NUMBER).body)
        self.assertEqual(headers["User-Agent"], "Odoo")
        self.assertNotIn("Cookie", headers)

    def test_a_slow_service_is_not_waited_for(self):
        self.assertKind(registers.TIMEOUT, 200, vies_answer(), {"wait": 1}, timeout=0.2)

    def test_a_dripping_answer_ends(self):
        parts = {"parts": [b" "] * 20, "pause": 0.1}
        self.assertKind(registers.TIMEOUT, 200, b"", parts, timeout=1, whole_timeout=0.3)

    def test_a_huge_answer_is_cut(self):
        self.assertKind(registers.UNREADABLE, 200, b"x" * (registers.MOST_BYTES + registers.CHUNK))

    def test_a_redirect_is_not_followed(self):
        self.server.answers["/elsewhere"] = (200, vies_answer())
        self.server.requests.clear()
        self.assertKind(registers.CLOSED, 302, b"", {"headers": {"Location": self.server.url + "/elsewhere"}})
        self.assertEqual([path for path, _headers, _body in self.server.requests], ["/vies"])

    def test_a_busy_service_says_so(self):
        self.assertKind(registers.BUSY, 503, b"")
        self.assertKind(registers.BUSY, 429, b"")

    def test_a_closed_service_says_so(self):
        closed = RegisterServer()
        closed.stop()
        for url in (closed.url, "file:///etc/passwd", "nonsense", "http://[", "ftp://127.0.0.1/"):
            with self.assertRaises(RegisterError) as caught:
                ask(Vies(url), NUMBER, timeout=1)
            self.assertEqual(caught.exception.kind, registers.CLOSED, url)


if __name__ == "__main__":
    unittest.main()
