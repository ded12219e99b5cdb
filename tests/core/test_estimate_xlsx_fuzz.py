"""Plain tests of workbooks that are broken, hostile or very large: always an answer, always soon."""

import contextlib
import io
import random
import time
import zipfile
from decimal import Decimal

from test_estimate_xlsx_write import make_sheet
from xlsx_case import XlsxCase, edit_part, make_book

from core.estimate.exchange.draft import Draft, DraftError, Item, Measured
from core.estimate.xlsx import Options, make_sample, read, write

PART = "xl/worksheets/sheet1.xml"


def pack(parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return stream.getvalue()


def unpack(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


class TestFuzz(XlsxCase):
    def answer(self, data):
        """Nothing but a draft that can be written again, or the one error, and soon."""
        start = time.process_time()
        try:
            draft = read(data)
        except DraftError as error:
            self.assertRegex(str(error), r"^[A-Z].*\.$")
            draft = None
        if draft:
            write(draft)
        self.assertLess(time.process_time() - start, 10)
        return draft

    def test_every_truncation_has_an_answer(self):
        for data in (write(make_sheet()), make_sample("recipes")):
            for end in range(0, len(data), 97):
                self.answer(data[:end])

    def test_flipped_bits_have_an_answer(self):
        chance = random.Random(20261122)
        data = write(make_sheet())
        for _ in range(150):
            broken = bytearray(data)
            for _flip in range(chance.choice((1, 2, 8, 40))):
                broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
            self.answer(bytes(broken))

    def test_parts_flipped_inside_a_sound_archive_have_an_answer(self):
        chance = random.Random(5)
        parts = unpack(make_sample("recipes"))
        for _ in range(200):
            name = chance.choice(sorted(parts))
            text = bytearray(parts[name])
            for _flip in range(chance.choice((1, 3, 10))):
                at = chance.randrange(len(text))
                if chance.random() < 0.5:
                    text[at] = chance.choice(b'<>"&;=/ 019AZaz\x00\xff')
                else:
                    del text[at : at + chance.randrange(1, 30)]
            self.answer(pack({**parts, name: bytes(text)}))

    def test_missing_parts_have_an_answer(self):
        parts = unpack(write(make_sheet()))
        for name in parts:
            self.answer(pack({other: text for other, text in parts.items() if other != name}))

    def test_noise_has_an_answer(self):
        chance = random.Random(3)
        for size in (1, 10, 1000, 100_000):
            for head in (b"", b"PK\x03\x04", b"a,b;c\n"):
                self.answer(head + chance.randbytes(size))


class TestHostile(XlsxCase):
    def refused(self, data):
        start = time.process_time()
        with self.assertRaises(DraftError) as caught:
            read(data)
        self.assertLess(time.process_time() - start, 15)
        return str(caught.exception)

    def test_a_zip_bomb_is_not_unpacked(self):
        parts = unpack(write(make_sheet()))
        bomb = parts[PART].replace(b"</sheetData>", b" " * 60_000_000 + b"</sheetData>")
        self.assertIn("unpacks to more", self.refused(pack({**parts, PART: bomb})))
        many = {**parts, **{f"xl/media/{n}.xml": b"<a/>" for n in range(3000)}}
        self.assertIn("unpacks to more", self.refused(pack(many)))

    def test_a_size_that_lies_is_no_way_around(self):
        data = bytearray(pack({**unpack(write(make_sheet())), "xl/big.xml": b" " * 30_000_000}))
        real, lie = (30_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little")
        lied = bytes(data).replace(real, lie)
        self.assertNotEqual(lied, bytes(data))
        self.refused(lied)

    def test_too_many_cells_are_not_read(self):
        parts = unpack(write(make_sheet()))
        row = b"<row>" + b"<c><v>1</v></c>" * 100 + b"</row>"
        chance = random.Random(1)
        noise = b"".join(b"<!--%d-->" % chance.getrandbits(60) for _ in range(40_000))
        many = parts[PART].replace(b"</sheetData>", row * 20_000 + noise + b"</sheetData>")
        self.assertIn("unpacks to more", self.refused(pack({**parts, PART: many})))

    def test_entities_are_refused_in_every_encoding(self):
        parts = unpack(write(make_sheet()))
        laughs = b"".join(b'<!ENTITY l%d "%s">' % (n + 1, b"&l%d;" % n * 10) for n in range(9))
        for doctype in (
            b'<!DOCTYPE lolz [<!ENTITY l0 "lol">' + laughs + b"]>",
            b'<!DOCTYPE x [<!ENTITY xxe SYSTEM "file:///etc/passwd">]>',
            b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
        ):
            for encoding in ("utf-8", "utf-16", "utf-16-be"):
                text = (doctype + parts[PART].split(b"?>", 1)[-1].strip()).decode()
                for name in (PART, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"):
                    with self.subTest((doctype[:20], encoding, name)):
                        self.refused(pack({**parts, name: text.encode(encoding)}))
        odd = b'<?xml version="1.0" encoding="cp037"?>' + parts[PART]
        self.refused(pack({**parts, PART: odd}))

    def test_cells_at_the_end_of_the_world_take_no_time(self):
        data = make_book({"Items": [self.ITEMS, ["A", "Wall", "m2", 1, 2]]})
        for row, cell in ((b"1048576", b"XFD1048576"), (b"99999999999", b"A99999999999")):
            far = b'<row r="%s"><c r="%s"><v>1</v></c></row></sheetData>' % (row, cell)
            wide = edit_part(data, PART, lambda xml, far=far: xml.replace(b"</sheetData>", far))
            wide = edit_part(wide, PART, lambda xml: xml.replace(b'ref="A1:E2"', b'ref="A1:XFD1048576"'))
            start = time.process_time()
            with contextlib.suppress(DraftError):
                self.assertEqual(len(read(wide, Options(kind="sheet")).items), 1)
            self.assertLess(time.process_time() - start, 8)

    def test_merged_cells_over_everything_take_no_time(self):
        data = make_book({"Items": [self.ITEMS, ["A", "Wall", "m2", 1, 2]]})
        merges = b"<mergeCells>" + b'<mergeCell ref="A2:A1048576"/>' * 5000 + b"</mergeCells>"
        data = edit_part(data, PART, lambda xml: xml.replace(b"</sheetData>", b"</sheetData>" + merges))
        self.assertEqual(len(read(data).items), 1)

    def test_outside_links_are_never_opened(self):
        parts = unpack(make_book({"Items": [self.ITEMS, ["A", "Wall", "m2", 1, 2]]}))
        link = (
            b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            b'<Relationship Id="rId1" '
            b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath" '
            b'Target="http://127.0.0.1:9/secret.xlsx" TargetMode="External"/></Relationships>'
        )
        parts["xl/externalLinks/_rels/externalLink1.xml.rels"] = link
        parts["xl/vbaProject.bin"] = b"macro"
        self.assertEqual(len(read(pack(parts)).items), 1)


class TestSize(XlsxCase):
    def test_5000_items_with_measured_rows_are_written_and_read(self):
        rows = [Measured("x", Decimal(2), Decimal("1.25")) for _ in range(3)]
        items = [
            Item(f"C{n}", f"Item {n}", "", "m2", Decimal("7.5"), Decimal(n), zone="", measured=rows)
            for n in range(5000)
        ]
        start = time.process_time()
        draft = read(write(Draft("sheet", items=items)))
        self.assertLess(time.process_time() - start, 30)
        self.assertEqual((len(draft.items), sum(len(item.measured) for item in draft.items)), (5000, 15_000))
        self.assertEqual(draft.notes, [])
