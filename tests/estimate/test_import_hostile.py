import base64
import io
import random
import socket
import time
import zipfile
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..core import gaeb_sample
from .common import EstimateCommon

CASES = 200
SECONDS = 30
# What an import makes; none of it may be left when it says no.
MODELS = (
    "construction.evaluation",
    "construction.evaluation.line",
    "construction.evaluation.zone",
    "construction.measurement",
    "construction.recipe",
    "construction.markup",
    "product.template",
    "uom.uom",
    "crm.lead",
)
BC3 = """~V|SOFT S.A.|FIEBDC-3/2016\\13072022|Tests|Obra\\|ANSI||
~K|\\2\\2\\3\\2\\2\\2\\2\\EUR\\|13\\6\\0\\6\\21|3\\2\\\\4\\\\\\2\\2\\2\\2\\2\\2\\EUR\\|
~C|OBRA##||Vivienda en Ávila|1062.50|010124|0|
~D|OBRA##|01#\\1\\1\\02#\\1\\1\\|
~C|01#||Demoliciones|462.50|010124|0|
~D|01#|DEM010\\1\\25\\DEM020\\1\\4\\|
~C|02#||Solados|600.00|010124|0|
~D|02#|SOL010\\1\\20\\|
~C|DEM010|m2|Demolición de tabique|12.50|010124|0|
~D|DEM010|MO01\\1\\0.5\\%CI\\1\\0.25\\|
~T|DEM010|Demolición de tabique de ladrillo, con medios manuales.|
~C|DEM020|ud|Levantado de puerta|37.50|010124|0|
~C|SOL010|m2|Solado de gres|30.00|010124|0|
~D|SOL010|MT01\\1\\1.05\\MO01\\1\\0.4\\|
~C|MO01|h|Peón|20.00|010124|1|
~C|MT01|m2|Baldosa de gres|18.00|010124|3|
~C|%CI|%|Medios auxiliares|10.00|010124|0|
~M|01#\\DEM010|1\\1\\|25|\\Planta baja\\2\\5\\\\2.5\\|
~M|02#\\SOL010|2\\1\\|20|\\Salón\\1\\5\\4\\\\|
""".encode("cp1252")
BILL = [
    ("01", "Größe", [("0010", "Wand", "12.5", "m2", {"table": True}), ("0020", "Tür", "3", "St", {"gap": True})]),
    ("02", "Maß", [("0010", "Decke", "7.250", "m3", {"provis": "WithoutTotal"}), ("0020", "Rest", None, "psch", {})]),
]
VALUES = (
    b"",
    b"NaN",
    b"-1",
    b"1e999",
    b"9" * 400,
    b"\\",
    b"|",
    b"~",
    b"<",
    b"&x;",
    b"\x00",
    b"\xff\xfe",
    b"=1+1",
    b"%",
)


@tagged("post_install", "-at_install")
class TestImportHostile(EstimateCommon):
    """Broken and hostile files through the import: made whole, or refused in words, and soon."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.currency_id = cls.env.ref("base.EUR")
        refuse = patch.object(socket.socket, "connect", side_effect=AssertionError("The network was touched."))
        cls.startClassPatcher(refuse)

    def count(self):
        return [self.env[name].sudo().with_context(active_test=False).search_count([]) for name in MODELS]

    def attempt(self, data, filename):
        """Import in a savepoint that is always taken back.

        :return: whether the file was imported
        """
        start, before = time.process_time(), self.count()
        savepoint = self.env.cr.savepoint(flush=True)
        try:
            wizard = (
                self.env["construction.import"]
                .with_user(self.estimator)
                .create(
                    {
                        "file": base64.b64encode(data),
                        "filename": filename,
                        "lead_id": self.lead.id,
                        "currency_mode": "as_is",
                    }
                )
            )
            self.assertTrue(wizard.preview or not data)
            after = self.count()
            self.assertEqual(after, before, "Looking at a file makes nothing.")
            wizard.action_import()
            self.env.flush_all()
            made = True
        except (UserError, ValidationError) as error:
            self.assertTrue(error.args[0].strip())
            self.assertNotIn("Traceback", error.args[0])
            made = False
        finally:
            savepoint.rollback()
            savepoint.close(rollback=False)
            self.env.invalidate_all()
        self.assertEqual(self.count(), before)
        self.assertLess(time.process_time() - start, SECONDS)
        return made

    def attempt_all(self, data, filename, seed, damage=None):
        self.assertTrue(self.attempt(data, filename), "The whole file is imported.")
        chance = random.Random(seed)
        made = 0
        for number in range(CASES):
            changed = (damage or _damage)(data, chance)
            with self.subTest(number=number, filename=filename), mute_logger("odoo.sql_db"):
                made += self.attempt(changed, filename)
        # Some damage is harmless, some is not: the cases are neither all refused nor all taken.
        self.assertTrue(0 < made < CASES, made)

    def test_damaged_bc3(self):
        self.attempt_all(BC3, "budget.bc3", 3)

    def test_damaged_gaeb(self):
        self.attempt_all(gaeb_sample.make_tender(bill=BILL), "tender.x83", 83)

    def test_damaged_xlsx(self):
        sheet = self.make_sheet()
        sheet.line_ids[0].zone = "Bath / Wall"
        wizard = self.env["construction.workbook"].create({"kind": "sheet", "evaluation_id": sheet.id})
        wizard.action_export()
        self.attempt_all(base64.b64decode(wizard.export_file), "book.xlsx", 7, _damage_inside)

    def test_each_kind_of_file_under_each_name(self):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/workbook.xml", "<" * 1000)
            archive.writestr("bomb", b"\0" * 50_000_000)
        files = (BC3, gaeb_sample.make_tender(bill=BILL), packed.getvalue(), b"%PDF-1.7\n", b"\x89PNG", b"\0" * 9999)
        for data in files:
            for suffix in ("bc3", "x83", "xlsx", "d83", "pdf", "", "x83.bc3"):
                with self.subTest(suffix=suffix, head=data[:8]):
                    self.attempt(data, f"file.{suffix}")

    def test_names_of_files_are_only_names(self):
        data = gaeb_sample.make_tender(bill=BILL)
        names = ("../../etc/passwd.x83", "C:\\x\\y.x83", "a\x01b\n.x83", "x" * 5000 + ".x83", "<b>.x83", ".x83", "")
        for name in names:
            with self.subTest(name=name[:20]):
                self.attempt(data, name)

    def test_texts_of_a_file_are_shown_as_text(self):
        for data, name in (
            (gaeb_sample.make_tender(bill=[("01", "<script>alert(1)</script>", BILL[0][2])]), "tender.x83"),
            (BC3.replace(b"Demoliciones", b"<script>alert(1)</script>"), "budget.bc3"),
        ):
            wizard = self.env["construction.import"].create(
                {"file": base64.b64encode(data), "filename": name, "lead_id": self.lead.id}
            )
            self.assertIn("&lt;script&gt;", wizard.preview)
            self.assertNotIn("<script>", wizard.preview)


def _damage(data, chance):
    """Give the bytes of a file with something wrong in them."""
    data = bytearray(data)
    kind = chance.randrange(6)
    if kind == 0:
        del data[chance.randrange(len(data)) :]
    elif kind == 1:
        for _change in range(chance.choice((1, 5, 50))):
            data[chance.randrange(len(data))] = chance.randrange(256)
    elif kind == 2:
        start, size = chance.randrange(len(data)), chance.choice((3, 40, 400))
        block = bytes(data[start : start + size])
        if chance.random() < 0.5:
            del data[start : start + size]
        place = chance.randrange(len(data) + 1)
        data[place:place] = block * chance.choice((1, 2, 30))
    elif kind == 3:
        figures = [index for index, byte in enumerate(data) if 48 <= byte <= 57]
        for _change in range(chance.choice((1, 4))):
            place = chance.choice(figures)
            if place < len(data):
                data[place : place + 1] = chance.choice(VALUES)
    elif kind == 4:
        lines = bytes(data).split(b"\n")
        chance.shuffle(lines)
        data = bytearray(b"\n".join(lines[: chance.randrange(1, len(lines) + 1)]))
    else:
        text = bytes(data).decode("latin-1")
        data = bytearray(text.encode(chance.choice(("utf-16", "utf-8", "utf-8-sig", "utf-32")), "replace"))
    return bytes(data)


def _damage_inside(data, chance):
    """Give a workbook with something wrong in it: in the archive, or in one of the files in it."""
    if chance.random() < 0.25:
        return _damage(data, chance)
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(packed, "w") as other:
        names = archive.namelist()
        inner = [name for name in names if "worksheets/sheet" in name or "sharedStrings" in name]
        wrong = chance.choice(inner if chance.random() < 0.7 else names)
        for name in names:
            content = archive.read(name)
            other.writestr(name, _damage(content, chance) if name == wrong and content else content)
    return packed.getvalue()
