"""Plain tests of working BC3 budgets out: prices, percentages, chapters, measurements, contradictions."""

from decimal import Decimal

from fiebdc_case import FiebdcCase

from core.estimate.fiebdc import MeasureLine, calculate
from core.estimate.fiebdc.expression import ExpressionError, evaluate
from core.estimate.fiebdc.measurements import work_out

WORKS = ("~C|R##||Works|", "~D|R##|A\\1\\10\\|", "~C|A|m|Item|")


class TestExpressions(FiebdcCase):
    def test_arithmetic_with_the_sizes_of_the_line(self):
        values = {"a": Decimal(2), "b": Decimal(3), "c": None, "d": Decimal("0.5")}
        cases = {
            "a*b": "6",
            "(a+b)/2": "2.5",
            "A*B-D": "5.5",
            "2^3^2": "512",
            "-a+5": "3",
            "c+1": "1",
            "1,5*2": "3.0",
            "- -a": "2",
            "a*-b": "-6",
            "p*a^2": "12.56637061435916",
            "10/4": "2.5",
        }
        for text, expected in cases.items():
            self.assertEqual(evaluate(text, values), Decimal(expected), text)

    def test_anything_else_is_refused(self):
        texts = (
            "",
            "a+",
            "(a",
            "a b",
            "2a",
            "x",
            "import os",
            "a.b",
            "a;b",
            "1/0",
            "0^-1",
            "(-1)^0.5",
            "9^99^9",
            "9^99*9^99",
            "(" * 500 + "1" + ")" * 500,
            "-" * 900 + "1",
            "1" * 2000,
            "a**b",
            "[1]",
            "'a'",
            "٣",
        )
        for text in texts:
            with self.assertRaises(ExpressionError, msg=text):
                evaluate(text, {"a": Decimal(1), "b": Decimal(2)})


class TestMeasurementLines(FiebdcCase):
    def line(self, kind, *sizes, comment=""):
        return MeasureLine(kind, comment, *(None if size is None else Decimal(size) for size in sizes))

    def test_empty_sizes_count_as_one_and_zero_as_zero(self):
        lines = [self.line("", 2, None, 3), self.line("", 1, 5, 0), self.line("")]
        self.assertEqual([int(value) for value in work_out(lines).values], [6, 0, 0])

    def test_zero_for_blank_where_the_file_writes_so(self):
        lines = [self.line("", 1, 5, 0, 0), self.line("", 0, 0, 0, 0)]
        self.assertEqual([int(value) for value in work_out(lines, True).values], [5, 0])

    def test_partial_and_running_subtotals_do_not_count(self):
        lines = [self.line("", 1), self.line("", 2), self.line("1"), self.line("", 4), self.line("1"), self.line("2")]
        worked = work_out(lines)
        self.assertEqual([int(value) for value in worked.values], [1, 2, 3, 4, 4, 7])
        self.assertEqual(worked.total, 7)

    def test_a_formula_counts_and_a_broken_one_is_said(self):
        worked = work_out([self.line("3", 2, 3, comment="a*b+1"), self.line("3", comment="two walls")])
        self.assertEqual((worked.total, len(worked.faults)), (7, 1))
        valuation = self.valuation(*WORKS, "~M|R\\A|1\\|0|3\\two walls\\1\\\\\\\\|")
        self.assertIn("“A”: ", valuation.report.notes[0].message)


class TestPrices(FiebdcCase):
    def price(self, rows, *records, k="", stated=""):
        records = (
            k,
            f"~C|A|m|Item|{stated}|",
            f"~D|A|{rows}|",
            "~C|L|h|Labour|10.05||1|",
            "~C|MA|u|Stone|3||3|",
            "~C|MB|u|Sand|5||3|",
            "~C|%P|%|Aux|0||%|",
            "~C|M%X|%|Aux|0|",
            *records,
        )
        return self.valuation(*records).prices["A"]

    def test_each_row_is_rounded_and_so_is_the_sum(self):
        price = self.price("L\\1\\0.333\\MA\\2\\0.5\\")
        self.assertEqual([str(amount) for amount in price.amounts], ["3.35", "3.00"])
        self.assertFigure(price.computed, "6.35")

    def test_rows_are_rounded_to_the_decimals_of_the_file(self):
        price = self.price("L\\1\\0.3333\\", k="~K||0|3\\2\\\\3\\3\\\\1\\3\\2\\2\\3\\3\\3\\2\\EUR\\|")
        self.assertEqual((str(price.amounts[0]), str(price.computed)), ("3.350", "3.4"))

    def test_half_a_cent_goes_up(self):
        self.assertFigure(self.price("L\\1\\0.5\\").computed, "5.03")

    def test_a_percentage_counts_the_rows_before_it_only(self):
        price = self.price("MA\\1\\1\\%P\\1\\0.1\\MB\\1\\1\\")
        self.assertEqual([str(amount) for amount in price.amounts], ["3.00", "0.30", "5.00"])

    def test_a_percentage_counts_the_percentages_before_it(self):
        price = self.price("MB\\1\\2\\%P\\1\\0.1\\%Q\\1\\0.1\\")
        self.assertEqual([str(amount) for amount in price.amounts], ["10.00", "1.00", "1.10"])

    def test_the_mask_of_a_percentage_chooses_rows(self):
        price = self.price("L\\1\\1\\MA\\1\\1\\MB\\1\\1\\M%X\\1\\0.5\\L&Y\\\\1\\")
        self.assertEqual([str(amount) for amount in price.amounts[3:]], ["4.00", "10.05"])

    def test_a_type_makes_a_percentage_whatever_the_code(self):
        price = self.price("MA\\1\\1\\AUX\\1\\0.1\\", "~C|AUX|%|Aux|0||%|")
        self.assertFigure(price.computed, "3.30")

    def test_rows_that_name_their_percentage_are_what_it_counts(self):
        price = self.price("|MA\\1\\1\\\\MB\\1\\1\\%P\\%P\\1\\0.1\\\\")
        self.assertFigure(price.amounts[2], "0.50")

    def test_recipes_in_recipes_count_by_their_stated_price(self):
        price = self.price("S\\1\\2\\", "~C|S|u|Sub|7|", "~D|S|MA\\1\\1\\|")
        self.assertFigure(price.computed, "14.00")
        price = self.price("S\\1\\2\\", "~C|S|u|Sub|0|", "~D|S|MA\\1\\1\\|")
        self.assertFigure(price.computed, "6.00")

    def test_both_prices_are_kept_and_the_stated_one_is_used(self):
        price = self.price("MA\\1\\1\\", stated="4")
        self.assertEqual((price.stated, price.computed, price.used, price.contradicts), (4, 3, 4, True))

    def test_a_cycle_is_shown_and_ends_at_the_stated_price(self):
        valuation = self.valuation(
            "~C|A|u|a||", "~D|A|B\\1\\1\\|", "~C|B|u|b||", "~D|B|C\\1\\1\\|", "~C|C|u|c||", "~D|C|A\\1\\1\\|"
        )
        self.assertIn("A → B → C → A", valuation.report.notes[0].message)

    def test_a_tower_of_recipes_is_worked_out_and_said(self):
        records = [f"~C|A{n}|u|x||~D|A{n}|A{n + 1}\\1\\1\\|" for n in range(5000)]
        valuation = self.valuation(*records, "~C|A5000|u|x|3|")
        self.assertEqual(valuation.prices["A0"].used, 3)
        self.assertIn("more than 30 levels", valuation.report.notes[0].message)


class TestReasons(FiebdcCase):
    def reason(self, *records):
        return [found.reason for found in self.valuation(*records).contradictions]

    def test_percentages_at_their_own_price(self):
        found = self.reason("~C|A|u|x|10.49|", "~D|A|B\\1\\1\\%7\\1\\0.07\\|", "~C|B|u|b|10|", "~C|%7||Ind|7|")
        self.assertEqual(found, ["its percentage rows count at their own price"])

    def test_rows_added_up_unrounded(self):
        found = self.reason("~C|A|u|x|1.01|", "~D|A|B\\1\\0.3366\\B\\1\\0.3366\\B\\1\\0.3366\\|", "~C|B|u|b|1|")
        self.assertEqual(found, ["its rows are added up unrounded"])

    def test_a_common_markup(self):
        records = [
            f"~C|A{n}|u|x|{price}|~D|A{n}|B\\1\\{cost}\\|"
            for n, (price, cost) in enumerate(
                ((91, "86.60"), (105, "99.56"), (124, "117.64"), (182, "172.96"), (500, "600"))
            )
        ]
        self.assertEqual(self.reason(*records, "~C|B|u|b|1|"), ["its components and 5 % more"] * 4 + [""])


class TestChapters(FiebdcCase):
    def test_the_tree_with_its_totals(self):
        valuation = self.valuation(
            "~C|R##||Works|",
            "~D|R##|C1\\1\\1\\C2#\\\\2\\|",
            "~C|C1#||One|",
            "~D|C1#|A\\1\\2\\C3\\1\\1\\|",
            "~C|C2#||Two|",
            "~D|C2|A\\1\\1\\|",
            "~C|C3#||Three|",
            "~D|C3|A\\2\\3\\|",
            "~C|A|m|Item|1.10|",
        )
        places = [(place.code, place.parent, place.depth, str(place.total)) for place in valuation.places]
        self.assertEqual(
            places, [("R", None, 0, "11.00"), ("C1", 0, 1, "8.80"), ("C3", 1, 2, "6.60"), ("C2", 0, 1, "1.10")]
        )
        self.assertEqual(valuation.places[3].factor, 2)

    def test_the_measured_total_beats_the_row(self):
        valuation = self.valuation(*WORKS, "~C|A|m||3|", "~M|R\\A|1\\|4|\\\\4\\\\\\\\|")
        self.assertFigure(valuation.total, "12.00")

    def test_lines_make_the_quantity_where_no_total_is_stated(self):
        valuation = self.valuation(*WORKS, "~C|A|m||3|", "~M|R\\A|1\\||\\\\4\\2\\\\\\|")
        self.assertFigure(valuation.total, "24.00")

    def test_an_item_twice_in_a_chapter_finds_its_measurement_by_place(self):
        records = ("~C|R##||Works|", "~D|R##|A\\1\\0\\B\\1\\0\\A\\1\\0\\|", "~C|A|m|Item|1|", "~C|B|m|Item|10|")
        places = "~M|R\\A|03\\|7||", "~M|R\\B|2\\|1||", "~M|R\\A|1\\|5||"
        quantities = [item.quantity for item in self.valuation(*records, *places).places[0].items]
        self.assertEqual(quantities, [5, 1, 7])
        quantities = [
            item.quantity for item in self.valuation(*records, "~M|R\\A||7||", "~N|R\\A||1||").places[0].items
        ]
        self.assertEqual(quantities, [8, 0, 0])

    def test_a_measurement_without_a_chapter_serves_the_only_place(self):
        self.assertFigure(self.valuation(*WORKS, "~C|A|m||3|", "~M|A||4||").total, "12.00")

    def test_a_measurement_of_what_the_chapter_lacks_is_said(self):
        valuation = self.valuation(*WORKS, "~C|A|m||3|", "~M|R\\B|1\\|4||", "~M|X\\A|1\\|4||")
        self.assertFigure(valuation.total, "30.00")
        self.assertEqual(sum("which does not hold it" in note.message for note in valuation.report.notes), 2)

    def test_a_code_without_sharp_is_a_chapter_where_something_is_measured_in_it(self):
        valuation = self.valuation(
            "~C|R##||Works|",
            "~D|R##|1\\1\\1\\|",
            "~C|1||One|",
            "~D|1|1_1\\1\\1\\|",
            "~C|1_1||Sub|",
            "~Y|1_1|A\\1\\2\\|",
            "~C|A|m|Item|3|",
            "~M|1_1\\A|1\\1\\1\\|5||",
        )
        self.assertEqual([place.code for place in valuation.places], ["R", "1", "1_1"])
        self.assertFigure(valuation.total, "15.00")

    def test_a_code_without_sharp_and_unit_that_holds_recipes_is_a_chapter(self):
        recipes = "~C|A|m|Item|3|", "~D|A|B\\1\\1\\|", "~C|B|h|Labour|3||1|"
        valuation = self.valuation("~C|R##||Works|", "~D|R##|1\\1\\1\\|", "~C|1||One|", "~D|1|A\\1\\2\\|", *recipes)
        self.assertEqual([place.code for place in valuation.places], ["R", "1"])
        valuation = self.valuation("~C|R##||Works|", "~D|R##|1\\1\\1\\|", "~C|1|u|One|", "~D|1|A\\1\\2\\|", *recipes)
        self.assertEqual([place.code for place in valuation.places], ["R"])

    def test_chapters_without_a_root_stand_on_top(self):
        valuation = self.valuation("~C|A#||a|", "~D|A|X\\1\\1\\|", "~C|B#||b|", "~D|B|X\\1\\2\\|", "~C|X|m|x|1|")
        self.assertEqual(([place.code for place in valuation.places], str(valuation.total)), (["A", "B"], "3.00"))

    def test_chapters_in_each_other_are_shown_and_left_out_once(self):
        valuation = self.valuation(
            "~C|A##||a|", "~D|A|B\\1\\1\\|", "~C|B#||b|", "~D|B|A\\1\\1\\X\\1\\2\\|", "~C|X|m|x|1|"
        )
        self.assertIn("A → B → A", valuation.report.notes[0].message)
        self.assertFigure(valuation.total, "2.00")

    def test_chapters_held_over_and_over_are_cut(self):
        records = [f"~C|A{n}#||x|~D|A{n}|A{n + 1}\\1\\1\\A{n + 1}\\1\\1\\|" for n in range(50)]
        valuation = self.valuation("~C|A0##||x|", *records, "~C|A50#||x|", "~D|A50|X\\1\\1\\|", "~C|X|m|x|1|")
        self.assertEqual(valuation.total, Decimal(10) ** 15)
        self.assertLessEqual(len(valuation.places), 100_000)
        self.assertTrue(any("is not listed" in note.message for note in valuation.report.notes))

    def test_a_percentage_in_a_chapter_counts_its_items(self):
        valuation = self.valuation(
            "~C|R##||Works|", "~D|R##|A\\1\\10\\%S\\1\\0.02\\|", "~C|A|m|Item|5|", "~C|%S|%|Safety|0||%|"
        )
        self.assertFigure(valuation.total, "51.00")

    def test_a_chapter_that_stands_nowhere_is_said(self):
        valuation = self.valuation(*WORKS, "~C|Z#||Lost|")
        self.assertIn("chapter “Z” stands nowhere", valuation.report.notes[-1].message)

    def test_absurd_quantities_make_a_figure_and_a_note(self):
        valuation = self.valuation(
            "~C|R##||x|", "~D|R|" + "A\\999999999999\\999999999999\\" * 9 + "|", "~C|A|m|x|9e14|"
        )
        self.assertEqual(valuation.total, Decimal(10) ** 15)
        self.assertTrue(any("absurd" in note.message for note in valuation.report.notes))


class TestBuildUp(FiebdcCase):
    K = "~K|2\\2\\2\\3\\2\\2\\2\\2\\EUR\\|2\\13\\6\\\\21|"
    ITEMS = ("~D|R##|A\\1\\3\\B\\1\\3\\|", "~C|A|m|Item|10.03|", "~C|B|m|Item|5|")

    def test_indirect_costs_go_on_each_price_where_the_chapters_say_so(self):
        valuation = self.valuation(self.K, "~C|R##||Works|45.99|", *self.ITEMS)
        self.assertEqual((str(valuation.total), str(valuation.indirect)), ("45.99", "2"))
        self.assertEqual([str(item.price) for item in valuation.places[0].items], ["10.23", "5.10"])

    def test_and_do_not_where_the_chapters_say_they_are_in_the_prices(self):
        valuation = self.valuation(self.K, "~C|R##||Works|45.09|", *self.ITEMS)
        self.assertEqual((str(valuation.total), str(valuation.indirect)), ("45.09", "0"))

    def test_they_go_on_where_no_chapter_tells(self):
        self.assertFigure(self.valuation(self.K, "~C|R##||Works|", *self.ITEMS).total, "45.99")

    def test_and_do_not_where_components_are_all_there_is(self):
        valuation = self.valuation(
            self.K, "~C|R##||Works|", "~D|R##|A\\1\\2\\|", "~C|A|m|Item|0|", "~D|A|L\\1\\1\\|", "~C|L|h|Labour|10||1|"
        )
        self.assertFigure(valuation.total, "20.00")

    def test_general_costs_profit_discount_and_tax_follow(self):
        valuation = self.valuation("~K||0\\13\\6\\10\\21|", "~C|R##||x|", "~D|R|A\\1\\1\\|", "~C|A|m|Item|1000|")
        steps = [(step.name, str(step.amount)) for step in valuation.steps]
        self.assertEqual(
            steps, [("general", "130.00"), ("profit", "60.00"), ("discount", "-119.00"), ("vat", "224.91")]
        )
        self.assertFigure(valuation.final, "1295.91")


class TestMethods(FiebdcCase):
    """Files of the nineties: totals printed with six digits, zero for blank, amounts unrounded."""

    def test_quantities_of_the_lines_and_unrounded_amounts_where_the_chapters_say_so(self):
        valuation = self.valuation(
            "~C|R##||x|2468.0247|",
            "~D|R|A\\1\\12340.1\\|",
            "~C|A|m|Item|0.2|",
            "~M|R\\A|1\\|12340.1|\\\\1\\12340.1235\\0\\0\\|",
        )
        self.assertFigure(valuation.total, "2468.02")
        self.assertTrue(valuation.zero_is_blank)
        self.assertEqual(len(valuation.contradictions), 0)

    def test_what_six_digits_lost_is_given_back_and_said_per_item(self):
        valuation = self.valuation(
            "~C|R##||x|132120.42|",
            "~D|R|A\\1\\13211.2\\B\\1\\5\\|",
            "~C|A|m|Item|10|",
            "~C|B|m|Item|1|",
            "~M|R\\A|1\\|13211.2|\\\\1\\13211.2\\\\\\|",
            "~M|R\\B|2\\|5|\\\\5\\\\\\\\|",
            "~C|B|m|Item|1.6|",
        )
        self.assertFigure(valuation.total, "132120.42")
        self.assertFigure(valuation.places[0].items[0].correction, "0.42")
        self.assertIn("is shared among A 0.42", valuation.report.notes[-1].message)

    def test_a_gap_that_digits_cannot_explain_stays_a_contradiction(self):
        valuation = self.valuation(
            "~C|R##||x|132200|", "~D|R|A\\1\\13211.2\\|", "~C|A|m|Item|10|", "~M|R\\A|1\\|13211.2||"
        )
        self.assertFigure(valuation.total, "132112.00")
        self.assertEqual([found.kind for found in valuation.contradictions], ["chapter"])


class TestContradictions(FiebdcCase):
    def test_each_kind_is_found_with_its_figures(self):
        valuation = self.valuation(
            "~C|R##||Works|100|",
            "~D|R|A\\1\\2\\|",
            "~C|A|m|Item|5|",
            "~D|A|B\\1\\1\\|",
            "~C|B|h|Labour|4||1|",
            "~M|R\\A|1\\|2|\\\\3\\\\\\\\|",
        )
        found = [(c.kind, c.code, int(c.stated), int(c.computed), int(c.difference)) for c in valuation.contradictions]
        self.assertEqual(
            found, [("chapter", "R", 100, 10, 90), ("price", "A", 5, 4, 1), ("measurement", "A", 2, 3, -1)]
        )

    def test_a_root_price_that_nothing_explains(self):
        valuation = self.valuation("~C|R##||Works|390352.04|", "~C|A|m|Item|5|")
        self.assertEqual((str(valuation.stated_total), str(valuation.total)), ("390352.04", "0.00"))
        self.assertEqual([found.code for found in valuation.contradictions], ["R"])

    def test_nothing_at_all_is_worked_out_too(self):
        self.assertEqual(calculate(self.budget()).total, 0)
