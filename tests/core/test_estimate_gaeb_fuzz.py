"""Plain tests of GAEB files that are broken or meant to harm: a sentence or notes, never a traceback, never long."""

import io
import random
import socket
import tempfile
import time
import unittest
import zipfile
from datetime import date
from pathlib import Path
from unittest.mock import patch

import gaeb_sample

from core.estimate.exchange.draft import DraftError
from core.estimate.gaeb.offer import Bidder, write_offer
from core.estimate.gaeb.reader import MAX_NOTES, read
from core.estimate.gaeb.xmlfile import MAX_BYTES, MAX_TAGS

SECONDS = 10
CANARY = "canary-7f3a"


class TestHostile(unittest.TestCase):
    def setUp(self):
        refuse = patch.object(socket.socket, "connect", side_effect=AssertionError("The network was touched."))
        refuse.start()
        self.addCleanup(refuse.stop)
        self.tender = gaeb_sample.make_tender()

    def attempt(self, data):
        """Read; whatever happens is a sentence or a draft, soon, and the same when written back."""
        start = time.process_time()
        try:
            draft = read(data)
        except DraftError as error:
            self.assertTrue(str(error).endswith("."), str(error))
            draft = None
        self.assertLess(time.process_time() - start, SECONDS)
        if draft is not None:
            self.assertLessEqual(len(draft.notes), MAX_NOTES)
            for item in draft.items:
                self.assertTrue(item.quantity is None or item.quantity.is_finite())
                self.assertTrue(item.price is None or item.price.is_finite())
            try:
                write_offer(data, draft, Bidder("B"), date(2026, 1, 1))
            except DraftError as error:
                self.assertTrue(str(error))
        return draft

    def refuse(self, data, part=""):
        with self.assertRaises(DraftError) as caught:
            read(data)
        self.assertIn(part, str(caught.exception))

    def with_doctype(self, doctype, inside=""):
        text = self.tender.decode().replace("<GAEB ", f"{doctype}<GAEB ", 1)
        return text.replace("Rohbau und Ausbau", inside or "Rohbau", 1).encode()

    def test_entities_that_grow_are_never_expanded(self):
        laughs = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 12))
        self.refuse(self.with_doctype(f'<!DOCTYPE GAEB [<!ENTITY l0 "ha">{laughs}]>', "&l11;"), "entities")
        self.refuse(self.with_doctype(f'<!DOCTYPE GAEB [<!ENTITY a "{"a" * 100_000}">]>', "&a;" * 5000), "entities")

    def test_no_file_and_no_address_is_read(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "secret.txt"
            path.write_text(CANARY)
            for system in (path.as_uri(), str(path), "http://127.0.0.1:9/x", "//127.0.0.1/x"):
                for doctype in (
                    f'<!DOCTYPE GAEB [<!ENTITY x SYSTEM "{system}">]>',
                    f'<!DOCTYPE GAEB SYSTEM "{system}">',
                    f'<!DOCTYPE GAEB [<!ENTITY % x SYSTEM "{system}">%x;]>',
                ):
                    self.refuse(self.with_doctype(doctype, "&x;" if " x " in doctype else ""), "entities")
                    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"):
                        text = self.with_doctype(doctype).decode().replace('encoding="utf-8"', 'encoding="utf-16"')
                        self.refuse(text.encode(encoding))
                include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{system}" parse="text"/>'
                data = self.tender.decode().replace("<LblBoQ>", f"<LblBoQ>{include}", 1).encode()
                self.assertNotIn(CANARY, self.attempt(data).title)
                style = (
                    f'<?xml-stylesheet href="{system}"?><GAEB xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
                )
                style += f'xsi:schemaLocation="http://x {system}" '
                self.assertTrue(self.attempt(self.tender.decode().replace("<GAEB ", style, 1).encode()))

    def test_an_encoding_that_hides_a_doctype_is_no_way_in(self):
        text = self.with_doctype('<!DOCTYPE GAEB [<!ENTITY x "y">]>', "&x;").decode()
        for encoding in ("utf-7", "utf-32", "cp037", "utf-16-be"):
            for declared in (encoding, "utf-8"):
                data = text.replace('encoding="utf-8"', f'encoding="{declared}"').encode(encoding)
                with self.assertRaises(DraftError):
                    read(data)

    def test_deep_nesting_is_refused(self):
        for depth in (101, 260, 100_000):
            for tag in ("BoQBody", "BoQCtgy", "p", "a"):
                inner = f"<{tag}>" * depth + f"</{tag}>" * depth
                self.refuse(self.tender.decode().replace("</BoQ>", f"{inner}</BoQ>").encode())

    def test_many_and_giant_attributes_are_refused(self):
        many = " ".join(f'a{number}="{number}"' for number in range(200_000))
        self.refuse(self.tender.decode().replace('<BoQ ID="boq-1"', f"<BoQ {many}").encode(), "attributes")
        giant = "A" * 11_000_000
        self.refuse(self.tender.decode().replace('RNoPart="01"', f'RNoPart="{giant}"', 1).encode())
        spaces = " ".join(f'xmlns:n{number}="u{number}"' for number in range(50_000))
        self.refuse(self.tender.decode().replace("<BoQ ", f"<BoQ {spaces} ", 1).encode(), "attributes")

    def test_giant_files_are_refused(self):
        self.refuse(b" " * (MAX_BYTES + 1), "larger")
        self.refuse(self.tender.replace(b"</BoQ>", b"<a/>" * (MAX_TAGS + 1) + b"</BoQ>"), "too many")

    def test_long_texts_are_cut(self):
        data = self.tender.decode().replace("Bauzaun, h = 2,00 m", "x" * 3_000_000).encode()
        item = self.attempt(data).items[2]
        self.assertLess(len(item.name), 1000)
        self.assertLess(len(item.description), 100_000)

    def test_many_notes_are_counted_not_kept(self):
        one = '<Item RNoPart="10"><Qty>-1</Qty></Item>'
        data = self.tender.decode().replace("<Itemlist>", "<Itemlist>" + one * 2000, 1).encode()
        draft = self.attempt(data)
        self.assertEqual(len(draft.notes), MAX_NOTES)
        self.assertTrue(draft.notes[0].is_error)
        self.assertGreater(draft.notes_left_out, 1000)

    def test_a_large_tender_is_read_in_time(self):
        row = ("{:04d}", "Wand", "1.000", "m2", {})
        rows = [(row[0].format(number), *row[1:]) for number in range(5000)]
        bill = [(f"{part:02d}", "Teil", rows) for part in range(4)]
        self.assertEqual(len(self.attempt(gaeb_sample.make_tender(bill=bill)).items), 20_000)

    def test_other_files_under_the_name(self):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("tender.x83", self.tender)
        for data in (packed.getvalue(), b"%PDF-1.4\n%\xe2\xe3", b"\x00" * 5000, b"\xff" * 5000, b"<", b"<GAEB", b"{}"):
            self.refuse(data)

    def test_truncated_anywhere(self):
        chance = random.Random(83)
        for _try in range(120):
            self.refuse(self.tender[: chance.randrange(len(self.tender) - 10)])

    def test_bytes_changed_anywhere(self):
        chance = random.Random(84)
        for _try in range(250):
            data = bytearray(self.tender)
            for _change in range(chance.choice((1, 3, 20, 200))):
                data[chance.randrange(len(data))] = chance.randrange(256)
            self.attempt(bytes(data))

    def test_elements_moved_doubled_and_dropped(self):
        chance = random.Random(85)
        pieces = self.tender.decode().split("<")
        for _try in range(120):
            mixed = list(pieces)
            for _change in range(chance.choice((1, 2, 5))):
                start = chance.randrange(5, len(mixed))
                block = mixed[start : start + chance.choice((1, 2, 8, 40))]
                if chance.random() < 0.5:
                    del mixed[start : start + len(block)]
                mixed[chance.randrange(5, len(mixed)) : 0] = block
            self.attempt("<".join(mixed).encode())

    def test_values_of_every_kind_anywhere(self):
        values = ("", "NaN", "-1", "1e999", "9" * 400, "0x10", "１２", "Yes", "<![CDATA[5]]>", "&#x202e;", "../../etc")
        chance = random.Random(86)
        pieces = self.tender.decode().split(">")
        for _try in range(200):
            mixed = list(pieces)
            for _change in range(chance.choice((1, 5, 30))):
                place = chance.randrange(4, len(mixed) - 3)
                text, _sign, tag = mixed[place].rpartition("<")
                if text.strip():
                    mixed[place] = f"{chance.choice(values)}<{tag}"
            self.attempt(">".join(mixed).encode())
