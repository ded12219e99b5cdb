"""Plain tests of reading BC3 files: every record and every liberty that programs take with it."""

from datetime import date
from decimal import Decimal

from fiebdc_case import HEADER, FiebdcCase

from core.estimate.fiebdc import Component, FiebdcError, read
from core.estimate.fiebdc.figures import read_date


class TestCharsets(FiebdcCase):
    def summary(self, charset, encoding, text="Peón"):
        data = f"~V||FIEBDC-3/2004|p||{charset}|\n~C|A|h|{text}|1|".encode(encoding)
        budget = read(data)
        return budget.concepts["A"].summary, budget.encoding

    def test_each_stated_set_is_read(self):
        for charset, encoding in (("ANSI", "cp1252"), ("850", "cp850"), ("437", "cp437"), ("UTF-8", "utf-8")):
            self.assertEqual(self.summary(charset, encoding), ("Peón", encoding))

    def test_a_file_that_states_none_is_850(self):
        self.assertEqual(self.summary("", "cp850"), ("Peón", "cp850"))

    def test_bytes_that_are_utf8_beat_the_stated_set(self):
        self.assertEqual(self.summary("ANSI", "utf-8"), ("Peón", "utf-8"))
        self.assertSaid(read("~V||FIEBDC-3|||850|~C|A||Peón|".encode()), "they are UTF-8")

    def test_utf8_cut_in_the_middle_of_a_letter_is_still_utf8(self):
        budget = read("~V||FIEBDC-3|||ANSI|\n~C|A||Peón|1|\n~C|B||ó".encode()[:-1])
        self.assertEqual(budget.concepts["A"].summary, "Peón")

    def test_a_mark_at_the_start_decides(self):
        text = "~V||FIEBDC-3|||ANSI|\n~C|A||Peón|1|"
        for encoding in ("utf-8-sig", "utf-16"):
            self.assertEqual(read(text.encode(encoding)).concepts["A"].summary, "Peón")

    def test_an_unknown_set_is_said_and_read_as_850(self):
        self.assertEqual(self.summary("EBCDIC", "cp850"), ("Peón", "cp850"))
        self.assertSaid(read("~V||FIEBDC-3|||EBCDIC|~C|A||Peón|".encode("cp850")), "“EBCDIC” is unknown")

    def test_letters_of_ansi_left_in_utf8_are_put_right(self):
        self.assertEqual(self.summary("ANSI", "utf-8", "DN 2\x94 ñ"), ("DN 2” ñ", "utf-8"))

    def test_bytes_that_are_no_letters_are_counted(self):
        self.assertSaid(read(b"~V||FIEBDC-3|||ANSI|~C|A||\x81\x8d|"), "2 characters are not cp1252")


class TestRecords(FiebdcCase):
    def test_what_has_no_records_is_refused_with_a_sentence(self):
        for data in (b"", b"PK\x03\x04", b"\x00" * 100, b"<xml/>", b"~", "~ñ|".encode(), b"~Z|a|"):
            with self.assertRaisesRegex(FiebdcError, "This is not a BC3 file"):
                read(data)

    def test_the_header_is_read(self):
        header = self.budget(
            header="~V|Owner|FIEBDC-3/2016\\13072022|Prog 1|Title\\Madrid\\Toledo|ANSI|Note|2|3|01022020|http://x|"
        ).header
        self.assertEqual((header.owner, header.version, header.version_date), ("Owner", "FIEBDC-3/2016", "13072022"))
        self.assertEqual((header.title, header.labels), ("Title", ("Madrid", "Toledo")))
        self.assertEqual((header.information, header.certificate, header.url), ("2", "3", "http://x"))

    def test_a_tilde_in_a_text_starts_no_record(self):
        self.assertEqual(self.budget("~T|A|about ~5 m and ~Z or ~|").concepts["A"].text, "about ~5 m and ~Z or ~")

    def test_a_record_cut_off_keeps_what_it_has_and_says_so(self):
        budget = self.budget("~C|A|m|Item|1|", "~D|A|B\\1\\2\\C\\1")
        self.assertEqual([row.code for row in budget.concepts["A"].components], ["B", "C"])
        self.assertSaid(budget, "the file ends in the middle")

    def test_other_records_are_counted_with_their_lines(self):
        budget = self.budget("~C|A|m|Item|1|", "~X|a|b|", "~Z|a|", "~X|c|")
        self.assertEqual(budget.ignored, {"X": [3, 5], "Z": [4]})
        self.assertSaid(budget, "not used (technical information): 2, in line 3, 5")
        self.assertSaid(budget, "of unknown kind, left out: 1, in line 4")

    def test_endless_faults_make_a_short_report(self):
        budget = self.budget("~C|A|m|Item|x|\n" * 3000)
        self.assertEqual(len(budget.report.notes), 1000)
        self.assertGreater(budget.report.left_out, 1999)

    def test_the_end_of_file_sign_of_dos_is_dropped(self):
        self.assertEqual(list(read(HEADER.encode() + b"~C|A|m|Item|1|\r\n\x1a").concepts), ["A"])


class TestConcepts(FiebdcCase):
    def test_sharps_tell_the_level_and_are_not_part_of_the_code(self):
        budget = self.budget("~C|R##||Works|", "~C|C1#||Chapter|", "~C|A|m|Item|1|", "~D|R##|C1\\1\\1\\|")
        self.assertEqual([(c.code, c.level) for c in budget.concepts.values()], [("R", "##"), ("C1", "#"), ("A", "")])
        self.assertEqual(budget.concepts["R"].components, [Component("C1", Decimal(1), Decimal(1))])

    def test_many_prices_and_dates(self):
        concept = self.budget("~C|A|m|Item|1.5\\\\2\\|010120\\0520\\|3|").concepts["A"]
        self.assertEqual(concept.prices, (Decimal("1.5"), None, Decimal(2)))
        self.assertEqual((concept.price, concept.dates), (Decimal("1.5"), ("010120", "0520")))

    def test_empty_prices_say_nothing(self):
        self.assertEqual(self.budget("~C|A||x|\\|\\||").concepts["A"].prices, ())

    def test_zero_is_a_price(self):
        self.assertEqual(self.budget("~C|A||x|0\\|||").concepts["A"].price, 0)

    def test_references_by_another_code_lead_to_the_first(self):
        budget = self.budget(
            "~D|R|OLD\\1\\2\\|", "~C|R#||Works|", "~M|R\\OLD||3||", "~T|OLD|Text|", "~C|NEW\\OLD\\OLDER\\|m|Item|1|"
        )
        self.assertEqual(budget.concepts["R"].components[0].code, "NEW")
        self.assertEqual(budget.measurements[0].code, "NEW")
        self.assertEqual((budget.concepts["NEW"].text, "OLD" in budget.concepts), ("Text", False))

    def test_a_second_concept_adds_to_the_first(self):
        budget = self.budget("~C|A|m|Item|1|", "~C|A|||2|010120|")
        concept = budget.concepts["A"]
        self.assertEqual((concept.unit, concept.summary, concept.price), ("m", "Item", 2))
        self.assertSaid(budget, "comes twice with different prices")

    def test_kinds_of_each_dialect_make_a_nature(self):
        kinds = {"1": "labour", "H": "labour", "2": "equipment", "Q": "equipment", "3": "material", "%": "percentage"}
        for kind, nature in {**kinds, "0": "other", "": "other", "4": "other", "5": "other"}.items():
            self.assertEqual(self.budget(f"~C|A||x|1||{kind}|").concepts["A"].nature, nature)

    def test_texts_keep_their_lines(self):
        self.assertEqual(self.budget("~T|A|one\r\ntwo \\ three\r\n|").concepts["A"].text, "one\ntwo \\ three")

    def test_what_nothing_describes_is_said_once(self):
        budget = self.budget("~C|A|m|Item|1|", "~D|A|X\\1\\1\\X\\1\\1\\|", "~T|B|text|")
        self.assertEqual(sum("uses “X”" in message for message in self.messages(budget)), 1)
        self.assertSaid(budget, "“B” has records but no ~C describes it")

    def test_dates_of_each_length(self):
        self.assertEqual(read_date("40400"), date(2000, 4, 4))
        self.assertEqual(read_date("12"), date(2012, 1, 1))
        self.assertEqual(read_date("99999999"), None)
        self.assertEqual(read_date("soon"), None)


class TestNumbers(FiebdcCase):
    def price(self, text):
        return self.budget(f"~C|A|m|Item|{text}|").concepts["A"].price

    def test_each_way_of_writing_a_number(self):
        for text, number in (
            (" 1.50 ", "1.50"),
            ("1,5", "1.5"),
            (".04", "0.04"),
            ("5.", "5"),
            ("-2", "-2"),
            ("1e3", "1E+3"),
        ):
            self.assertEqual(self.price(text), Decimal(number))

    def test_what_cannot_be_right_is_left_out_and_said(self):
        for text in ("abc", "1.000,50", "9" * 30, "1e999", "nan", "inf", "0x10", "--1", "٣"):
            budget = read((HEADER + f"~C|A|m|Item|{text}|").encode())
            self.assertIsNone(budget.concepts["A"].price, text)
            self.assertSaid(budget, "is no number that can be right")


class TestDecompositions(FiebdcCase):
    def rows(self, *records):
        concept = self.budget("~C|A|m|Item|1|", *records).concepts["A"]
        return [(row.code, str(row.quantity)) for row in concept.components]

    def test_what_is_missing_counts_as_one(self):
        self.assertEqual(self.rows("~D|A|B\\\\\\C\\2\\\\D\\\\3\\E|"), [("B", "1"), ("C", "2"), ("D", "3"), ("E", "1")])

    def test_rows_may_stand_on_lines_of_their_own_with_the_separator_first(self):
        self.assertEqual(self.rows("~D|A\r\n|B\\\\1\r\n\\C#\\\\2\r\n\\|"), [("B", "1"), ("C", "2")])

    def test_y_adds_rows_and_a_second_d_replaces(self):
        self.assertEqual(self.rows("~D|A|B\\1\\1\\|", "~Y|A|C\\1\\2\\|"), [("B", "1"), ("C", "2")])
        self.assertEqual(self.rows("~Y|A|C\\1\\2\\|"), [("C", "2")])
        self.assertEqual(self.rows("~D|A|B\\1\\1\\|", "~D|A|C\\1\\2\\|"), [("C", "2")])

    def test_the_longer_form_names_percentages_per_row(self):
        budget = self.budget("~C|A|m|x|1|", "~D|A||B\\1\\2\\%A;%B;\\C\\1\\3\\\\|")
        self.assertEqual([row.percentages for row in budget.concepts["A"].components], [("%A", "%B"), ()])

    def test_a_row_without_a_code_is_left_out_and_said(self):
        budget = self.budget("~C|A|m|x|1|", "~D|A|\\1\\2\\C\\1\\3\\|")
        self.assertEqual([row.code for row in budget.concepts["A"].components], ["C"])
        self.assertSaid(budget, "has no code")


class TestMeasurements(FiebdcCase):
    def test_total_place_and_lines(self):
        measurement = self.budget(
            "~M|C1#\\A|1\\2\\|7.5|\\Wall#guid\\1\\2.5\\3\\\\\r\n1\\Sum\\\\\\\\\\|LABEL|"
        ).measurements[0]
        self.assertEqual((measurement.parent, measurement.code, measurement.position), ("C1", "A", ("1", "2")))
        self.assertEqual((str(measurement.total), measurement.label), ("7.5", "LABEL"))
        wall, total = measurement.lines
        self.assertEqual(
            (wall.comment, str(wall.count), str(wall.length), wall.height), ("Wall#guid", "1", "2.5", None)
        )
        self.assertEqual((total.kind, total.comment), ("1", "Sum"))

    def test_a_measurement_needs_no_parent(self):
        measurement = self.budget("~M|A||3|").measurements[0]
        self.assertEqual((measurement.parent, measurement.code), ("", "A"))

    def test_n_adds_lines_and_total(self):
        budget = self.budget("~M|C\\A|1\\|2|\\\\2\\\\\\\\|", "~N|C\\A|1\\|3|\\\\3\\\\\\\\|", "~N|C\\B|2\\|1||")
        self.assertEqual([str(measurement.total) for measurement in budget.measurements], ["5", "1"])
        self.assertEqual(len(budget.measurements[0].lines), 2)

    def test_a_second_m_of_the_place_replaces(self):
        budget = self.budget("~M|C\\A|1\\|2||", "~M|C\\A|1\\|4||", "~M|C\\A|2\\|8||")
        self.assertEqual([str(measurement.total) for measurement in budget.measurements], ["4", "8"])
        self.assertSaid(budget, "measured twice")

    def test_a_chapter_that_only_measures_gets_its_items(self):
        budget = self.budget("~C|C#||Chapter|", "~C|A|m|x|1|", "~M|C#\\A|1\\|4||")
        self.assertEqual([row.code for row in budget.concepts["C"].components], ["A"])


class TestCoefficients(FiebdcCase):
    def test_the_first_group_alone(self):
        found = self.budget("~K|2\\2\\3\\3\\4\\1\\0\\2\\EUR\\|1\\13\\6\\10\\21|").coefficients
        self.assertEqual((found.currency, found.decimals.component, found.decimals.price), ("EUR", 4, 1))
        self.assertEqual(found.decimals.amount, 0)
        self.assertEqual([str(found.discount), str(found.vat)], ["10", "21"])

    def test_the_third_group_wins_in_each_of_its_shapes(self):
        shapes = {
            "2\\\\\\3\\\\2\\4\\2\\-9\\2\\3\\EUR\\": (4, 2, 2),
            "\\1\\\\\\3\\\\5\\4\\2\\\\2\\3\\EUR\\": (4, 5, 1),
            "3\\1\\\\3\\3\\\\5\\4\\2\\2\\3\\3\\3\\2\\EUR\\": (4, 5, 1),
        }
        for text, expected in shapes.items():
            decimals = self.budget(f"~K|9\\9\\9\\9\\9\\9\\9\\9\\PTA\\||{text}|").coefficients.decimals
            self.assertEqual((decimals.component, decimals.price, decimals.amount), expected, text)
            self.assertEqual(decimals.currency, "EUR")

    def test_negative_decimals_round_nothing_and_absurd_ones_are_said(self):
        budget = self.budget("~K|2\\2\\3\\3\\-9\\99\\x\\2\\EUR\\||")
        self.assertIsNone(budget.coefficients.decimals.component)
        self.assertEqual(budget.coefficients.decimals.price, 2)
        self.assertSaid(budget, "the decimals DP = “99” make no sense")

    def test_many_scopes(self):
        scopes = self.budget("~K|2\\2\\2\\2\\2\\2\\2\\2\\EUR\\0\\0\\0\\0\\0\\0\\0\\0\\PTA\\||").coefficients.scopes
        self.assertEqual([(scope.currency, scope.price) for scope in scopes], [("EUR", 2), ("PTA", 0)])

    def test_no_record_is_two_decimals_and_no_percentages(self):
        found = self.budget("~C|A||x|").coefficients
        self.assertEqual((found.decimals.price, found.indirect, found.currency), (2, None, ""))
