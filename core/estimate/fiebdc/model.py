"""What a BC3 file says, as dataclasses. `None` is "the file says nothing", which is not zero."""

from dataclasses import dataclass, field
from decimal import Decimal

ROOT, CHAPTER, PLAIN = "##", "#", ""

#: What each type of `~C` is to an estimator; other types are `other`.
NATURES = {
    "1": "labour",
    "H": "labour",
    "MO": "labour",
    "2": "equipment",
    "Q": "equipment",
    "MQ": "equipment",
    "3": "material",
    "M": "material",
    "MT": "material",
}


class FiebdcError(ValueError):
    """The bytes are no BC3 file at all; the message is a sentence for the person who chose the file."""


@dataclass(frozen=True, slots=True)
class Note:
    """One thing of the file that was not taken as it stands: where (0: the whole file), which record, what."""

    line: int
    record: str
    message: str


class Report:
    """The notes of one reading. A file of nothing but faults makes a short list and a count.

    >>> report = Report(limit=1)
    >>> report.add(7, "~D", "first"); report.add(8, "~D", "second")
    >>> len(report.notes), report.left_out
    (1, 1)
    """

    def __init__(self, limit=1000):
        self.notes = []
        self.left_out = 0
        self.limit = limit

    def add(self, line, record, message):
        """Keep a note, or count it when there are too many to read."""
        if len(self.notes) < self.limit:
            self.notes.append(Note(line, record, message if len(message) < 400 else message[:400] + "…"))
        else:
            self.left_out += 1


@dataclass(slots=True)
class Header:
    """`~V`. The version and the character set are the writer's, so two budgets may be equal and differ in them."""

    owner: str = ""
    version: str = field(default="", compare=False)
    version_date: str = field(default="", compare=False)
    program: str = ""
    title: str = ""
    labels: tuple = ()
    charset: str = field(default="", compare=False)
    comment: str = ""
    information: str = ""
    certificate: str = ""
    certificate_date: str = ""
    url: str = ""


@dataclass(slots=True)
class Decimals:
    """The decimals of one scope of `~K`, by the names of the specification; a negative number rounds nothing.

    `early` is the first group of the record (1995), `late` the third (2002 and later), which wins.

    >>> decimals = Decimals(early={"DI": 3, "DP": 2}, late={"DUO": -9})
    >>> decimals.component, decimals.price, decimals.amount
    (3, None, 2)
    """

    early: dict = field(default_factory=dict)
    late: dict = field(default_factory=dict)
    currency: str = ""

    def _first(self, late, early):
        digits = self.late.get(late, self.early.get(early, 2))
        return digits if digits >= 0 else None

    @property
    def component(self):
        """Of the amount of one component row."""
        return self._first("DI", "DI")

    @property
    def price(self):
        """Of the price of an item."""
        return self._first("DUO", "DP")

    @property
    def amount(self):
        """Of quantity × price under a chapter, and of the chapter."""
        return self._first("DC", "DC")


@dataclass(slots=True)
class Coefficients:
    """`~K`: percentages of the build-up and decimals."""

    indirect: Decimal | None = None
    general: Decimal | None = None
    profit: Decimal | None = None
    discount: Decimal | None = None
    vat: Decimal | None = None
    scopes: list[Decimals] = field(default_factory=list)
    option: str = ""

    @property
    def decimals(self):
        """The decimals of the first scope, which the prices we use belong to."""
        return self.scopes[0] if self.scopes else Decimals()

    @property
    def currency(self):
        """The currency of the first scope, empty where the file does not say."""
        return self.decimals.currency


@dataclass(slots=True)
class Component:
    """One row of a decomposition. `percentages` are the percentage concepts that count this row (2012 and later)."""

    code: str
    factor: Decimal | None = None
    rate: Decimal | None = None
    percentages: tuple = ()

    @property
    def quantity(self):
        """Factor × yield; what is missing is 1.

        >>> Component("A", None, Decimal("0.5")).quantity, Component("A").quantity
        (Decimal('0.5'), Decimal('1'))
        """
        factor = Decimal(1) if self.factor is None else self.factor
        return factor if self.rate is None else factor * self.rate


@dataclass(slots=True)
class Concept:
    """One code of the file with its `~C`, `~T`, `~D` and `~Y`; `declared` is false where no `~C` describes it."""

    code: str
    level: str = PLAIN
    aliases: tuple = ()
    unit: str = ""
    summary: str = ""
    prices: tuple = ()
    dates: tuple = ()
    kind: str = ""
    text: str = ""
    components: list[Component] = field(default_factory=list)
    declared: bool = True
    line: int = field(default=0, compare=False)

    @property
    def price(self):
        """The first price, `None` where the file gives none."""
        return self.prices[0] if self.prices else None

    @property
    def nature(self):
        """labour, equipment, material, percentage or other.

        >>> Concept("A", kind="1").nature, Concept("A%", kind="3").nature, Concept("A", kind="9").nature
        ('labour', 'percentage', 'other')
        """
        return "percentage" if self.is_percentage else NATURES.get(self.kind.upper(), "other")

    @property
    def is_percentage(self):
        """Whether its rows are a share of other rows."""
        return self.kind == "%" or is_percentage_code(self.code)


def is_percentage_code(code):
    """Whether a code names a percentage whatever its type says."""
    return "%" in code or "&" in code


@dataclass(slots=True)
class MeasureLine:
    """One line of a measurement: count × length × width × height, a subtotal or a formula, by `kind`."""

    kind: str = ""
    comment: str = ""
    count: Decimal | None = None
    length: Decimal | None = None
    width: Decimal | None = None
    height: Decimal | None = None


@dataclass(slots=True)
class Measurement:
    """`~M` with the `~N` added to it: how much of `code` there is under `parent`."""

    parent: str
    code: str
    position: tuple = ()
    total: Decimal | None = None
    lines: list[MeasureLine] = field(default_factory=list)
    label: str = ""
    line: int = field(default=0, compare=False)


@dataclass(slots=True)
class Budget:
    """All that was understood of a file. Two budgets are equal when that is; how they were written is not compared."""

    header: Header = field(default_factory=Header)
    coefficients: Coefficients = field(default_factory=Coefficients)
    concepts: dict[str, Concept] = field(default_factory=dict)
    measurements: list[Measurement] = field(default_factory=list)
    encoding: str = field(default="", compare=False)
    ignored: dict[str, list[int]] = field(default_factory=dict, compare=False)
    report: Report = field(default_factory=Report, compare=False)
