"""Plain tests of reading tenders and offers of GAEB DA XML."""

import unittest
from decimal import Decimal

import gaeb_sample

from core.estimate.exchange.draft import DraftError
from core.estimate.gaeb.reader import read


def by_number(draft):
    return {item.reference: item for item in draft.items}


def make(body, info="", phase="83"):
    """A file of a few elements."""
    return (
        f'<GAEB xmlns="http://www.gaeb.de/GAEB_DA_XML/DA{phase}/3.2"><Award><DP>{phase}</DP>'
        f"<BoQ><BoQInfo>{info}</BoQInfo><BoQBody>{body}</BoQBody></BoQ></Award></GAEB>"
    ).encode()


def item(inner, number="10", tag="Item"):
    return f'<Itemlist><{tag} RNoPart="{number}">{inner}</{tag}></Itemlist>'


class TestTender(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.draft = read(gaeb_sample.make_tender())
        cls.items = by_number(cls.draft)

    def assertSaid(self, draft, part, where=""):
        found = [note for note in draft.notes if part in note.message and where in note.where]
        self.assertTrue(found, [(note.where, note.message) for note in draft.notes])
        return found[0]

    def test_the_head_names_job_client_program_and_currency(self):
        draft = self.draft
        self.assertEqual((draft.kind, draft.title, draft.currency), ("X83", "Rohbau und Ausbau", "EUR"))
        self.assertEqual(draft.client, "Stadt Schönbrunn Amt für Hochbau")
        self.assertEqual(draft.program, "Planungsbüro Grün AVA (GAEB DA XML 3.3)")

    def test_categories_are_zones_with_their_whole_number(self):
        zones = [(zone.code, zone.name, zone.parent) for zone in self.draft.zones]
        self.assertEqual(len(zones), 9)
        self.assertEqual(zones[0], ("01", "Baustelleneinrichtung & Gerüste", ""))
        self.assertEqual(zones[3], ("02.02", "Beton- und Stahlbetonarbeiten", "02"))

    def test_positions_have_number_texts_quantity_and_unit(self):
        found = self.items["02.01.0060"]
        self.assertEqual((found.name, found.quantity, found.unit), ("Arbeitsräume verfüllen", Decimal("96.125"), "m³"))
        self.assertEqual((found.zone, found.price), ("02.01", None))
        self.assertEqual(len(self.draft.items), 38)

    def test_formatted_text_becomes_lines_lists_and_tables(self):
        self.assertEqual(
            self.items["01.0040"].description.split("\n"),
            [
                "Arbeitsgerüst, Lastklasse 3",
                "Liefern und einbauen,",
                "einschließlich Nebenleistungen:",
                "- Maße ≥ Plan",
                "- Güte nach DIN",
                "Lage | Maß",
                "Süd | 12,50 m",
            ],
        )

    def test_remarks_go_to_their_category(self):
        self.assertEqual(self.draft.zones[0].description, "Vorbemerkung zu 01: Maße am Bau prüfen.")
        self.assertSaid(self.draft, "Es gelten die VOB/B")

    def test_an_index_is_part_of_the_number(self):
        self.assertEqual(self.items["02.02.0070.B"].name, "Stahlbetonstütze 30/30")

    def test_what_does_not_count_is_kept_and_marked(self):
        marked = [found.reference for found in self.draft.items if found.is_optional]
        self.assertEqual(marked, ["02.01.0040", "02.03.0020"])
        self.assertSaid(self.draft, "not part of the total", "02.01.0040")
        self.assertSaid(self.draft, "part of the total", "02.01.0050")
        self.assertSaid(self.draft, "Alternative of group 1", "02.03.0020")

    def test_dropped_positions_are_left_out_with_a_note(self):
        self.assertNotIn("02.03.0060", self.items)
        self.assertSaid(self.draft, "dropped", "02.03.0060")

    def test_a_free_quantity_is_left_to_the_bidder(self):
        self.assertIsNone(self.items["03.02.0050"].quantity)
        self.assertSaid(self.draft, "for you to give", "03.02.0050")

    def test_a_gap_for_the_bidder_shows_and_is_said(self):
        self.assertIn("Angebotenes Fabrikat: …… (vom Bieter)", self.items["03.01.0020"].description)
        self.assertSaid(self.draft, "fill in the text", "03.01.0020")

    def test_lump_sums_and_percentages_are_one_of_a_unit(self):
        for number in ("01.0010", "02.03.0070"):
            self.assertEqual((self.items[number].quantity, self.items[number].unit), (Decimal(1), "psch"))

    def test_every_version_and_encoding_gives_the_same(self):
        wanted = [(found.reference, found.name, found.quantity) for found in self.draft.items]
        for version in ("3.1", "3.2", "3.3"):
            for encoding in ("utf-8", "iso-8859-1", "windows-1252", "utf-16", "utf-8-sig"):
                with self.subTest(version=version, encoding=encoding):
                    draft = read(gaeb_sample.make_tender(version, encoding=encoding))
                    self.assertEqual([(found.reference, found.name, found.quantity) for found in draft.items], wanted)

    def test_a_wrong_encoding_is_read_and_said(self):
        data = gaeb_sample.make_tender(encoding="windows-1252").replace(b'"windows-1252"', b'"utf-8"')
        draft = read(data)
        self.assertEqual(draft.zones[0].name, "Baustelleneinrichtung & Gerüste")
        self.assertSaid(draft, "not in the encoding")
        data = gaeb_sample.make_tender().replace(b'"utf-8"', b'"iso-8859-1"')
        self.assertEqual(read(data).zones[0].name, "Baustelleneinrichtung & Gerüste")


class TestLiberties(unittest.TestCase):
    """What programs write that the standard does not have."""

    def first(self, inner, **options):
        return read(make(item(inner), **options)).items[0]

    def test_a_file_without_categories_ids_or_texts_is_read(self):
        found = self.first("<Qty>2</Qty><QU>Stck</QU>")
        self.assertEqual((found.reference, found.name, found.quantity, found.unit), ("10", "10", Decimal(2), "Stk"))

    def test_a_short_text_alone_and_a_long_text_alone_give_the_name(self):
        short = "<OutlineText><OutlTxt><TextOutlTxt><p>Kurz</p></TextOutlTxt></OutlTxt></OutlineText>"
        self.assertEqual(self.first(f"<Description>{short}</Description>").name, "Kurz")
        long = "<CompleteText><DetailTxt><Text><p>Lang</p><p>mehr</p></Text></DetailTxt></CompleteText>"
        found = self.first(f"<Description>{long}</Description>")
        self.assertEqual((found.name, found.description), ("Lang", "Lang\nmehr"))

    def test_a_comma_in_a_number_is_a_point(self):
        self.assertEqual(self.first("<Qty>2,5</Qty>").quantity, Decimal("2.5"))

    def test_catalogue_numbers_are_codes(self):
        found = self.first("<Description><WICNo>M-77</WICNo></Description>")
        self.assertEqual((found.code, found.reference), ("M-77", "10"))

    def test_prices_of_an_offer_are_taken_with_what_their_total_says(self):
        found = self.first("<Qty>3</Qty><UP>1.115</UP><IT>3.35</IT>", phase="84")
        self.assertEqual((found.price, found.correction), (Decimal("1.115"), Decimal(0)))
        found = self.first("<Qty>3</Qty><UP>1.115</UP><IT>3.00</IT>", phase="86")
        self.assertEqual(found.correction, Decimal("-0.35"))

    def test_an_alternative_that_was_ordered_counts_and_its_base_does_not(self):
        base = item("<ALNGroupNo>1</ALNGroupNo><ALNSerNo>0</ALNSerNo><Accepted>BasReject</Accepted><Qty>1</Qty>")
        taken = item("<ALNGroupNo>1</ALNGroupNo><ALNSerNo>1</ALNSerNo><Accepted>AltAccept</Accepted><Qty>1</Qty>", "20")
        draft = read(make(base + taken, phase="86"))
        self.assertEqual([found.is_optional for found in draft.items], [True, False])

    def test_a_dropped_category_takes_its_positions_with_it(self):
        inner = f'<BoQCtgy RNoPart="1"><NotApplBoQ>Yes</NotApplBoQ><BoQBody>{item("<Qty>1</Qty>")}</BoQBody></BoQCtgy>'
        kept = f'<BoQCtgy RNoPart="2"><BoQBody>{item("<Qty>1</Qty>")}</BoQBody></BoQCtgy>'
        draft = read(make(inner + kept))
        self.assertEqual([found.reference for found in draft.items], ["2.10"])

    def test_numbers_used_twice_stay_apart(self):
        one = f'<BoQCtgy RNoPart="1"><BoQBody>{item("<Qty>1</Qty>")}</BoQBody></BoQCtgy>'
        draft = read(make(one + one))
        self.assertEqual([zone.key for zone in draft.zones], ["1", "1'"])
        self.assertEqual([found.zone for found in draft.items], ["1", "1'"])
        self.assertTrue(any("used twice" in note.message for note in draft.notes))

    def test_quantities_that_no_sheet_takes_are_errors(self):
        for text in ("-1", "NaN", "Infinity", "1e400", "123456789.1", "9" * 5000, "zwei"):
            with self.subTest(text=text[:20]):
                draft = read(make(item(f"<Qty>{text}</Qty>")))
                self.assertTrue(draft.notes[0].is_error)

    def test_prices_that_are_no_numbers_are_errors(self):
        for text in ("NaN", "1e9", "9" * 30):
            draft = read(make(item(f"<Qty>1</Qty><UP>{text}</UP>"), phase="84"))
            self.assertTrue(draft.notes[0].is_error)
            self.assertIsNone(draft.items[0].price)

    def test_units_are_written_the_common_way(self):
        for text, unit in (("m2", "m²"), ("lfm", "m"), ("Std", "h"), ("Psch", "psch"), ("cbm", "m³"), ("Mt", "Mt")):
            self.assertEqual(self.first(f"<QU>{text}</QU>").unit, unit)


class TestOtherFiles(unittest.TestCase):
    def assertRefused(self, data, part):
        with self.assertRaises(DraftError) as caught:
            read(data)
        self.assertIn(part, str(caught.exception))

    def test_older_gaeb_formats_are_named(self):
        line = b"00        83L  Tender".ljust(74) + b"000001\r\n"
        self.assertRefused(line * 3, "GAEB 90")
        self.assertRefused(b"#begin[GAEB]\r\n#begin[GAEBInfo]", "GAEB 2000")

    def test_other_kinds_of_files_are_named(self):
        self.assertRefused(b"PK\x03\x04" + b"\0" * 50, "ZIP")
        self.assertRefused(b"%PDF-1.7\n", "PDF")
        self.assertRefused(b"", "empty")
        self.assertRefused(b"<html><body/></html>", "no GAEB file")
        self.assertRefused(b'<GAEB xmlns="http://elsewhere"/>', "no GAEB file")
        self.assertRefused(b"~V||FIEBDC-3|", "damaged")

    def test_files_without_positions_are_refused(self):
        self.assertRefused(make("<Itemlist/>"), "no positions")
        self.assertRefused(b'<GAEB xmlns="http://www.gaeb.de/GAEB_DA_XML/DA89/3.3"><Invoice/></GAEB>', "X89")
