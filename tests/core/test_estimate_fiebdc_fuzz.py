"""Plain tests of BC3 files that are broken, hostile or very large: always an answer, always soon."""

import json
import random
import sys

from fiebdc_case import FiebdcCase, find_shared
from test_estimate_fiebdc_write import ALL

from core.estimate.fiebdc import FiebdcError, calculate, read, summarize, write

PIECES = (
    b"~",
    b"|",
    b"\\",
    b"#",
    b"##",
    b"%",
    b"&",
    b"\n",
    b"\r",
    b"\x1a",
    b"\0",
    b"\xff",
    b"\xc3",
    b"-",
    b"1e9",
    b"9" * 40,
    b"~C|A##|",
    b"~D|A|A\\1\\1\\|",
    b"~Y|R|",
    b"~M|R\\A|",
    b"~N|R\\A|1\\|9|",
    b"~K|2\\3\\|99\\1|",
    b"3\\(a+b)^99/0\\9\\",
    b"~V|x|FIEBDC-3/95|||437|",
    b"\\1\\0\\0\\",
    b"~T|A|",
)


def base():
    """A budget of every record, large enough to be cut about."""
    chapters = [f"~C|C{n}#||Ch {n}|{n}|~D|C{n}|A\\1\\{n}\\B\\\\3\\%S\\1\\0.1\\C{n + 1}\\1\\1\\|" for n in range(2, 40)]
    measures = [
        f"~M|C{n}\\B|1\\{n}\\2\\|{n}.5|\\x\\{n}\\2\\0\\0\\1\\s\\\\\\\\\\3\\a*b\\1\\2\\\\\\|" for n in range(2, 40)
    ]
    return "\r\n".join([*ALL, *chapters, *measures]).encode("cp1252")


def mutate(chance, data):
    """One of the ways in which files break."""
    data = bytearray(data)
    if chance.random() < 0.3:
        start = chance.randrange(len(data))
        data = data[start : start + chance.randrange(1, len(data))]
    for _ in range(chance.choice((1, 3, 20, 100))):
        at = chance.randrange(len(data) + 1)
        way = chance.randrange(4)
        if way == 0:
            data[at : at + 1] = bytes([chance.randrange(256)])
        elif way == 1:
            data[at:at] = chance.choice(PIECES)
        elif way == 2:
            del data[at : at + chance.randrange(1, 40)]
        else:
            start = chance.randrange(len(data) + 1)
            data[at:at] = data[start : start + chance.randrange(1, 200)]
    return bytes(data)


class TestFuzz(FiebdcCase):
    def answer(self, data):
        """Nothing but a budget that can be worked out, shown and written again, or the one error."""
        try:
            budget = read(data)
        except FiebdcError as error:
            self.assertTrue(str(error).startswith("This is not a BC3 file"))
            return
        json.dumps(summarize(budget, calculate(budget)))
        self.assertEqual(read(write(budget)), budget)

    def test_mutated_files_always_have_an_answer(self):
        chance = random.Random(20201122)
        data = base()
        for _ in range(150):
            self.answer(mutate(chance, data))

    def test_every_truncation_has_an_answer(self):
        data = base()
        for end in range(0, len(data), 131):
            self.answer(data[:end])

    def test_every_wrong_encoding_has_an_answer(self):
        text = base().decode("cp1252")
        for encoding in ("utf-8", "utf-16", "utf-16-be", "utf-32", "cp850", "cp037", "cp1252"):
            self.answer(text.encode(encoding, errors="replace"))

    def test_noise_has_an_answer(self):
        chance = random.Random(3)
        for size in (1, 10, 1000, 100_000):
            self.answer(chance.randbytes(size))
            self.answer(b"~C|A##|" + chance.randbytes(size))
            self.answer(b"".join(chance.choices(PIECES, k=size // 10)))

    def test_real_files_broken_have_an_answer(self):
        chance, folder = random.Random(7), find_shared()
        files = [path.read_bytes() for path in sorted(folder.iterdir())] if folder else [base()]
        for data in files:
            for _ in range(5):
                self.answer(mutate(chance, data[:20_000]))


def price_base(recipes, materials):
    """A price base: chapters of recipes with four rows each, measured, and what they are made of."""
    records = ["~V||FIEBDC-3/2020|||ANSI|", "~C|R##||Base|"]
    records += ["~D|R##|" + "".join(f"C{n}#\\1\\1\\" for n in range(20)) + "|"]
    for n in range(20):
        items = "".join(f"I{m}\\1\\2\\" for m in range(n, recipes, 20))
        records.append(f"~C|C{n}#||Chapter {n}|~D|C{n}#|{items}|")
    for n in range(recipes):
        records.append(f"~C|I{n}|m2|Item {n}|10|010120|0|~T|I{n}|Text of item {n}|")
        records.append(f"~D|I{n}|B{n % materials}\\1\\0.5\\B{n * 7 % materials}\\1\\0.25\\B0\\1\\0.3\\%1\\1\\0.03\\|")
        records.append(f"~M|C{n % 20}#\\I{n}|{n % 20 + 1}\\{n // 20 + 1}\\|2|\\\\1\\2\\\\\\|")
    records += [f"~C|B{n}|u|Material {n}|3.5|010120|3|" for n in range(materials)]
    return "\n".join([*records, "~C|%1|%|Aux|0||%|"]).encode("cp1252")


class TestSize(FiebdcCase):
    def steps(self, data):
        """Calls of functions, ours and built in, while a file is read, worked out and written."""
        count = 0

        def on_event(_frame, event, _argument):
            nonlocal count
            count += event in ("call", "c_call")

        sys.setprofile(on_event)
        try:
            budget = read(data)
            summarize(budget, calculate(budget))
            write(budget)
        finally:
            sys.setprofile(None)
        return count

    def grows(self, make, size):
        """Steps at twice the size, of those at the size."""
        return self.steps(make(2 * size)) / self.steps(make(size))

    def test_steps_grow_with_the_size_and_no_faster(self):
        self.assertLess(self.grows(lambda size: price_base(size, 3 * size), 300), 2.2)

    def test_hostile_files_take_steps_as_their_size(self):
        shapes = {
            "recipes in recipes": lambda n: "".join(f"~C|A{i}|u|x|0|~D|A{i}|A{i + 1}\\1\\2\\|" for i in range(n)),
            "chapters in chapters": lambda n: "".join(f"~C|A{i}#||x|~D|A{i}|A{i + 1}\\1\\2\\|" for i in range(n)),
            "cycles": lambda n: (
                "~C|A0##||x|" + "".join(f"~C|A{i}||x|~D|A{i}|A{i + 1}\\\\\\A0\\\\\\A{i // 2}\\\\\\|" for i in range(n))
            ),
            "percentages": lambda n: "~C|A||x|1|~D|A|" + "".join(f"B\\\\9\\B%{i}\\\\1\\" for i in range(n)) + "|",
            "additions": lambda n: "~C|A||x|1|" + "~Y|A|B\\\\1\\|" * n,
            "measured again": lambda n: "~C|A#||x|1|" + "~N|A\\B|1\\|1|\\\\1\\\\\\\\|" * n,
            "other codes": lambda n: "".join(f"~C|A\\B{i}|u|x|0|" for i in range(n)),
            "tildes": lambda n: "~C|A|" + "~ " * n,
        }
        for name, make in shapes.items():
            with self.subTest(name):
                self.assertLess(self.grows(lambda size, make=make: make(size).encode(), 500), 2.4)

    def test_46000_concepts_are_read_worked_out_and_written(self):
        budget = read(price_base(12_000, 34_000))
        counts = summarize(budget)["counts"]
        self.assertEqual((counts["concepts"], counts["recipes"], counts["components"]), (46_022, 12_000, 48_000))
        self.assertEqual(len(read(write(budget)).concepts), 46_022)
