"""Bytes of a BC3 file to a `Budget`."""

from .charset import decode
from .coefficients import read_coefficients
from .concepts import read_addition, read_concept, read_decomposition, read_text
from .measurements import read_added_measurement, read_measurement
from .model import PLAIN, Budget, Component, FiebdcError, Header
from .records import split_records, split_subfields, stripped

#: Larger files are refused; the largest price bases of Spain are a third of it.
MAX_BYTES = 128 * 1024 * 1024

#: Letters the format gives to what an estimate does not need, or that we do not read.
KNOWN = {
    "R": "residues",
    "L": "sections of the specifications",
    "Q": "specifications of a concept",
    "J": "paragraphs of the specifications",
    "X": "technical information",
    "W": "territories",
    "G": "drawings",
    "E": "companies",
    "O": "commercial relations",
    "B": "changes of codes",
    "F": "attached files",
    "A": "keywords",
    "I": "BIM files",
    "S": "services",
    "P": "parametric prices, which are not worked out",
}

_LINES_KEPT = 20


def read(data):
    """Read a BC3 file.

    Whatever the file holds, the answer is a `Budget` whose `report` says what was not understood, or one
    `FiebdcError` where it is no BC3 file at all.

    >>> budget = read(b"~V||FIEBDC-3/2020|\\n~C|R##||Works|100|\\n~Z|what|")
    >>> budget.concepts["R"].level, [note.message for note in budget.report.notes]
    ('##', ['records of unknown kind, left out: 1, in line 3'])
    >>> read(b"PK")
    Traceback (most recent call last):
        ...
    core.estimate.fiebdc.model.FiebdcError: This is not a BC3 file: it has no FIEBDC-3 records in it.
    """
    if len(data) > MAX_BYTES:
        raise FiebdcError(f"The file is larger than {MAX_BYTES >> 20} MB, which no BC3 file is; it was not read.")
    return Reader().make(data)


class Reader:
    """One reading: the budget being made, and what is only needed meanwhile."""

    def __init__(self):
        self.budget = Budget()
        self.report = self.budget.report
        self.handlers = {
            "V": self._read_header,
            "K": self._read_coefficients,
            "C": lambda record: read_concept(self.budget, record),
            "D": lambda record: read_decomposition(self.budget, record),
            "Y": lambda record: read_addition(self.budget, record),
            "T": lambda record: read_text(self.budget, record),
            "M": lambda record: read_measurement(self.budget, self.measured, record),
            "N": lambda record: read_added_measurement(self.budget, self.measured, record),
        }
        self.measured = {}

    def make(self, data):
        """The budget of the bytes."""
        text, self.budget.encoding = decode(data, self.report)
        text = text.replace("\0", "").replace("\x1a", "").replace("\r\n", "\n").replace("\r", "\n")
        letters, record = set(), None
        for record in split_records(text):
            letters.add(record.letter)
            if record.letter in self.handlers:
                self.handlers[record.letter](record)
            else:
                self.budget.ignored.setdefault(record.letter, []).append(record.line)
        if not letters & {"V", "C"}:
            raise FiebdcError("This is not a BC3 file: it has no FIEBDC-3 records in it.")
        if not record.closed:
            self.report.add(record.line, record.name, "the file ends in the middle of this record")
        if not self.budget.header.version.upper().startswith("FIEBDC-3"):
            self.report.add(1, "~V", "the file does not say that it is FIEBDC-3; it was read as though it did")
        self._finish()
        return self.budget

    def _read_header(self, record):
        version, _, version_date = record.field(2).partition("\\")
        title, *labels = split_subfields(record.field(4)) or [""]
        self.budget.header = Header(
            owner=record.field(1).strip(),
            version=version.strip(),
            version_date=version_date.strip("\\ \n"),
            program=record.field(3).strip(),
            title=title,
            labels=stripped(labels),
            charset=record.field(5).strip(),
            comment=record.field(6).strip(),
            information=record.field(7).strip(),
            certificate=record.field(8).strip(),
            certificate_date=record.field(9).strip(),
            url=record.field(10).strip(),
        )

    def _read_coefficients(self, record):
        self.budget.coefficients = read_coefficients(record, self.report)

    def _finish(self):
        self._drop_empty()
        self._follow_aliases()
        self._itemise_measured_chapters()
        self._report_ignored()
        self._report_missing()

    def _drop_empty(self):
        """Forget codes that a record names and nothing says anything of."""
        concepts = self.budget.concepts
        for concept in list(concepts.values()):
            if not (concept.declared or concept.components or concept.text):
                del concepts[concept.code]

    def _follow_aliases(self):
        """Let every reference name the first code of its concept."""
        concepts, names = self.budget.concepts, {}
        for concept in list(concepts.values()):
            for alias in concept.aliases:
                other = concepts.get(alias)
                if other is not None and other.declared:
                    continue
                names[alias] = concept.code
                if other is not None:
                    concept.components += other.components
                    concept.text = concept.text or other.text
                    del concepts[alias]
        if not names:
            return
        for concept in concepts.values():
            for component in concept.components:
                component.code = names.get(component.code, component.code)
        for measurement in self.budget.measurements:
            measurement.code = names.get(measurement.code, measurement.code)
            measurement.parent = names.get(measurement.parent, measurement.parent)
        places = {(m.parent, m.code, m.position): m for m in self.budget.measurements}
        self.budget.measurements = list(places.values())

    def _itemise_measured_chapters(self):
        """A chapter with measurements and no decomposition holds what is measured in it."""
        bare = {}
        for measurement in self.budget.measurements:
            parent = self.budget.concepts.get(measurement.parent)
            if parent is not None and not parent.components:
                bare.setdefault(parent.code, []).append(measurement)
        for code, measurements in bare.items():
            concept = self.budget.concepts[code]
            concept.components = [Component(m.code, None, m.total) for m in measurements]
            self.report.add(measurements[0].line, "~M", f"“{code}” has no decomposition; its items are those measured")

    def _report_ignored(self):
        for letter, lines in sorted(self.budget.ignored.items()):
            what = KNOWN.get(letter)
            what = f"not used ({what})" if what else "of unknown kind, left out"
            where = ", ".join(str(line) for line in lines[:_LINES_KEPT]) + (" …" if len(lines) > _LINES_KEPT else "")
            self.report.add(lines[0], f"~{letter}", f"records {what}: {len(lines)}, in line {where}")

    def _report_missing(self):
        """Name once each code that is used and described nowhere."""
        concepts, named = self.budget.concepts, set()
        for concept in concepts.values():
            if not concept.declared:
                self.report.add(concept.line, "~C", f"“{concept.code}” has records but no ~C describes it")
            for component in concept.components:
                code = component.code
                if code not in concepts and code not in named:
                    named.add(code)
                    self.report.add(concept.line, "~D", f"“{concept.code}” uses “{code}”, which nothing describes")
        if not any(concept.level != PLAIN for concept in concepts.values()):
            self.report.add(0, "~C", "the file has no chapters; it was read as a list of prices")
