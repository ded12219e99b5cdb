import random
import time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .exchange_common import BUDGET, ExchangeCommon

SECONDS = 20


@tagged("post_install", "-at_install")
class TestExchangeFuzz(ExchangeCommon):
    """Damaged and hostile files: a sentence or a report, never a traceback and never half an import."""

    def attempt(self, data, **values):
        """Import what there is; the message of the refusal, empty when it was imported. Nothing stays."""
        before = self.count()
        started = time.process_time()
        message = ""
        try:
            with self.env.cr.savepoint() as savepoint:
                wizard = self.wizard(data, lead_id=self.lead.id, **values)
                self.assertTrue(wizard.preview)
                wizard.currency_mode = "as_is"
                wizard.action_import()
                self.env.flush_all()
                savepoint.rollback()
        except UserError as error:
            message = str(error)
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        self.assertLess(time.process_time() - started, SECONDS)
        self.assertEqual(self.count(), before)
        return message

    def count(self):
        names = ("product.product", "construction.recipe", "construction.evaluation", "construction.evaluation.line")
        return [self.env[name].search_count([]) for name in names]

    def test_files_that_are_none_are_refused_in_a_sentence(self):
        for data in (b"\x00" * 1000, b"PK\x03\x04nothing", b"<html></html>", b"hello", bytes(range(256)) * 50):
            with self.subTest(data=data[:10]):
                self.assertTrue(self.attempt(data, filename="x.bc3"))

    def test_a_file_cut_anywhere_is_read_as_far_as_it_goes_or_refused(self):
        data = BUDGET.encode("cp1252")
        for end in range(10, len(data), 97):
            with self.subTest(end=end):
                self.attempt(data[:end])

    def test_changed_bytes_do_no_harm(self):
        chance = random.Random(3)
        for round_ in range(25):
            data = bytearray(BUDGET.encode("cp1252"))
            for _change in range(12):
                data[chance.randrange(len(data))] = chance.choice(b"|\\~#%\x00\xff0-9.,eE ")
            with self.subTest(round=round_, data=bytes(data)):
                self.attempt(bytes(data))

    def test_wrong_encodings(self):
        for encoding in ("utf-16", "utf-8-sig", "utf-32", "cp037"):
            with self.subTest(encoding=encoding):
                self.attempt(BUDGET.replace("Brick", "Brícḱ").encode(encoding, errors="replace"))

    def test_circles_and_depths(self):
        circle = "~C|A|u|A|1||0|\n~C|B|u|B|1||0|\n~D|A|B\\1\\1\\|\n~D|B|A\\1\\1\\|\n"
        self.assertEqual(self.attempt("~V||FIEBDC-3/2016|\n" + circle), "")
        deep = "".join(f"~C|L{n}|u|L{n}|1||0|\n~D|L{n}|L{n + 1}\\1\\1\\|\n" for n in range(60))
        self.assertEqual(self.attempt("~V||FIEBDC-3/2016|\n" + deep), "")
        chapters = "".join(f"~C|K{n}#|u|K{n}|1||0|\n~D|K{n}#|K{n + 1}#\\1\\1\\|\n" for n in range(60))
        items = "~C|W|m2|W|1||0|\n~D|K60#|W\\1\\1\\|\n~C|K60#||K60|1||0|\n"
        self.attempt("~V||FIEBDC-3/2016|\n~C|R##||R|1||\n~D|R##|K0#\\1\\1\\|\n" + chapters + items)

    def test_huge_and_absurd_numbers(self):
        for number in ("1e300", "9" * 30, "-1", "0", "1" * 14, "nan", "inf", "1.5.5", "999999999999"):
            for place in ("12.345", "61.10", "\\1\\50\\", "4.115", "~K|\\2", "2\\13\\6"):
                changed = BUDGET.replace(place, place.replace(place.strip("\\~K|").split("\\")[-1], number))
                with self.subTest(number=number, place=place):
                    self.attempt(changed)

    def test_hostile_names_reach_no_file_and_stay_text(self):
        text = BUDGET.replace("Brick wall", "<script>alert(1)</script>${7*7}{{7*7}}../../etc/passwd")
        wizard = self.wizard(text, lead_id=self.lead.id, filename="../../../etc/passwd\x07.bc3")
        self.assertNotIn("<script>", wizard.preview)
        sheet = self.env["construction.evaluation"].browse(wizard.action_import()["res_id"])
        self.assertNotIn("<script>", " ".join(sheet.message_ids.mapped("body")))
        self.assertNotIn("/", sheet.import_filename)
        self.assertNotIn("\x07", sheet.import_filename)
        text = (
            BUDGET.replace("~C|W1|", "~C|../../W1|").replace("\\W1\\", "\\../../W1\\").replace("~D|W1|", "~D|../../W1|")
        )
        data = self.dump(evaluation_id=self.load(text, is_again=True).id)
        self.assertIn(b"../../W1", data)

    def test_the_name_of_an_export_is_no_path(self):
        self.lead.name = "../../etc/cron.d/x\n\x07"
        sheet = self.load()
        wizard = self.env["construction.export"].with_user(self.estimator).create({"evaluation_id": sheet.id})
        wizard.action_export()
        self.assertNotIn("/", wizard.filename)
        self.assertNotIn("\n", wizard.filename)

    def test_a_file_without_an_end_of_chapters_is_bounded(self):
        doubling = "".join(f"~C|K{n}#||K|1||\n~D|K{n}#|K{n + 1}#\\1\\1\\K{n + 1}#\\1\\1\\|\n" for n in range(40))
        text = "~V||FIEBDC-3/2016|\n~C|R##||R|1||\n~D|R##|K0#\\1\\1\\|\n" + doubling
        self.assertIn("more than the 5000", self.attempt(text))
