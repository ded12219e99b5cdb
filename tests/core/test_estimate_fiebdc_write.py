"""Plain tests of writing BC3 files and of the summary: what was read comes back, in each character set."""

import json

from fiebdc_case import FiebdcCase

from core.estimate.fiebdc import (
    Budget,
    Coefficients,
    Component,
    Concept,
    Decimals,
    Header,
    MeasureLine,
    Measurement,
    read,
    summarize,
    write,
)

ALL = (
    "~V|Owner|FIEBDC-3/2004\\01022004|Prog|Title\\Madrid|ANSI|Note|2|1|02022004|http://x|",
    "~K|-9\\2\\3\\3\\2\\2\\2\\2\\EUR\\|2\\13\\6\\\\21|3\\2\\\\3\\3\\\\2\\3\\2\\2\\3\\3\\3\\2\\EUR\\|1|",
    "~C|R##||Works|100\\||0|",
    "~D|R##|C1#\\1\\1\\|",
    "~C|C1#\\OLD||Chápter|||0|",
    "~D|C1|A\\\\2.5\\%S\\1\\0.02\\|",
    "~Y|C1|B\\1\\1\\|",
    "~C|A\\AA\\AB|m|Item|1.5\\2|010120\\020221|0|",
    "~T|A|A long text\r\nof two lines \\ and “quotes”|",
    "~D|A||L\\1\\0.5\\%S;\\%S\\1\\0.1\\\\|",
    "~C|L|h|Labour|10|010120|1|",
    "~C|%S|%|Safety|0||%|",
    "~M|C1#\\A|1\\1\\|2.5|\\Wall#guid\\1\\2.5\\\\\\3\\a*b\\1\\2\\\\\\1\\Sum\\\\\\\\\\|LABEL|",
    "~N|C1#\\A|1\\1\\|1|\\more\\1\\\\\\0\\|",
)


class TestWrite(FiebdcCase):
    def test_reading_what_was_written_gives_the_same_budget(self):
        budget = self.budget(*ALL, header="")
        for charset in ("UTF-8", "ANSI"):
            again = read(write(budget, charset=charset))
            self.assertEqual(again, budget)
            self.assertEqual(list(again.concepts), list(budget.concepts))
            self.assertEqual(write(again, charset=charset), write(budget, charset=charset))

    def test_the_file_says_its_version_and_set(self):
        budget = self.budget("~C|A||ñ|")
        self.assertTrue(write(budget).startswith(b"~V||FIEBDC-3/2020|tests||UTF-8|"))
        self.assertIn(b"|FIEBDC-3/2016|tests||ANSI|", write(budget, "ANSI", "FIEBDC-3/2016"))
        self.assertIn("ñ".encode("cp850"), write(budget, charset="850"))

    def test_ansi_that_would_be_taken_for_utf8_is_written_as_utf8(self):
        budget = self.budget("~C|A||x|")
        budget.concepts["A"].summary = "Ã±"
        self.assertEqual(read(write(budget, charset="ANSI")), budget)

    def test_a_budget_of_our_own_can_hold_any_text(self):
        nasty = "a|b~C|c\\d ~D \x1a\0 ~T"
        concept = Concept("A|\\B", summary=nasty, unit=nasty, text=nasty, components=[Component("C\\|")])
        line = MeasureLine(comment=nasty)
        budget = Budget(
            header=Header(owner=nasty, title=nasty, labels=(nasty,), comment=nasty),
            coefficients=Coefficients(scopes=[Decimals({"DI": 2}, {}, "EUR"), Decimals({}, {"DUO": 3}, "PTA")]),
            concepts={concept.code: concept},
            measurements=[Measurement("P", concept.code, ("1",), None, [line, line])],
        )
        again = read(write(budget))
        self.assertEqual(list(again.concepts), ["A¦/B"])
        self.assertEqual(again.concepts["A¦/B"].text, "a¦b~C¦c\\d ~D  ˜T")
        self.assertEqual(len(again.measurements[0].lines), 2)
        self.assertEqual(again.coefficients, budget.coefficients)
        self.assertEqual(read(write(again)), again)

    def test_letters_that_a_set_lacks_become_question_marks(self):
        budget = self.budget("~C|A||x|")
        budget.concepts["A"].summary = "漢 ñ"
        self.assertEqual(read(write(budget, charset="ANSI")).concepts["A"].summary, "? ñ")


class TestSummary(FiebdcCase):
    def test_the_preview_of_a_budget(self):
        summary = json.loads(json.dumps(summarize(self.budget(*ALL, header=""))))
        self.assertEqual(summary["counts"]["items"], 3)
        self.assertEqual((summary["counts"]["recipes"], summary["counts"]["components"]), (1, 2))
        self.assertEqual([chapter["code"] for chapter in summary["chapters"]], ["R", "C1"])
        self.assertEqual((summary["currency"], summary["stated_total"]), ("EUR", "100.00"))
        self.assertEqual(summary["chapters"][1]["name"], "Chápter")
        self.assertTrue(summary["report"])
        self.assertEqual(summary["contradictions"][0]["kind"], "chapter")

    def test_the_preview_of_a_list_of_prices(self):
        summary = summarize(self.budget("~C|A|m|Item|5|", "~D|A|B\\1\\1\\|", "~C|B|h|Labour|5||1|"))
        self.assertEqual((summary["chapters"], summary["total"]), ([], "0.00"))
        self.assertEqual(summary["counts"]["recipes"], 1)
