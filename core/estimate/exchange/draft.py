"""One shape for BC3, GAEB and XLSX: readers make a `Draft`, the importer makes records of it, writers take one.

Amounts are in the currency of the draft, tax excluded. `None` is "the file says nothing", which is not zero.
`where` tells the place in the file in words a person can follow ("line 12", "Items!C7").
"""

from dataclasses import dataclass, field
from datetime import date as Date
from decimal import Decimal

#: A percentage that is taken of all rows before it.
ALL = "all"


class DraftError(ValueError):
    """The bytes are no such file at all; the message is a sentence for the person who chose the file."""


@dataclass(frozen=True, slots=True)
class Note:
    """One thing of the file that was not taken as it stands. `is_error` keeps the file from being imported."""

    where: str
    message: str
    is_error: bool = False


@dataclass(slots=True)
class Row:
    """One row of a recipe: a component by its code, for the quantity the recipe makes.

    A percentage has a `percent` and a `base`: `ALL`, a nature, or the beginning of the codes it counts (`code:MO`).
    `is_opened` is false where the component is taken as it is bought, whatever its own recipe says.
    """

    code: str
    quantity: Decimal | None = None
    unit: str = ""
    waste: Decimal = Decimal(0)
    minimum: Decimal | None = None
    hours: Decimal | None = None
    formula: str = ""
    percent: Decimal | None = None
    base: str = ALL
    is_opened: bool = True
    where: str = ""


@dataclass(slots=True)
class Recipe:
    """How a resource is made. `stated_cost` is what the file says it costs, right or wrong."""

    rows: list[Row] = field(default_factory=list)
    output_quantity: Decimal = Decimal(1)
    stated_cost: Decimal | None = None
    parameters: dict[str, Decimal | None] = field(default_factory=dict)


@dataclass(slots=True)
class Resource:
    """A product: what is bought, worked or made.

    `cost` is of one unit, since `date`, and of the `vendor`; `nature` is a cost nature or empty. What has no code of
    its own (`has_code`) goes by its name: `code` is then just what rows call it by.
    """

    code: str
    name: str = ""
    description: str = ""
    unit: str = ""
    cost: Decimal | None = None
    sales_price: Decimal | None = None
    nature: str = ""
    date: Date | None = None
    recipe: Recipe | None = None
    where: str = ""
    vendor: str = ""
    has_code: bool = True


@dataclass(slots=True)
class Zone:
    """A chapter of the file: `parent` is the key of the zone above it, empty on top."""

    key: str
    code: str = ""
    name: str = ""
    parent: str = ""
    description: str = ""
    stated_total: Decimal | None = None
    where: str = ""


@dataclass(slots=True)
class Measured:
    """One measured row: count × length × width × height, or a formula; `kind` is measure, subtotal or cumulative."""

    name: str = ""
    count: Decimal | None = None
    length: Decimal | None = None
    width: Decimal | None = None
    height: Decimal | None = None
    is_deduction: bool = False
    formula: str = ""
    kind: str = "measure"
    zone: str = ""


@dataclass(slots=True)
class Item:
    """One item of the sheet. Without a `code` known to the catalogue it is a free line.

    `price` is of one unit; `correction` is in the amount and not in quantity × price. What `is_optional` is
    priced and not counted.
    """

    code: str = ""
    name: str = ""
    description: str = ""
    unit: str = ""
    quantity: Decimal | None = None
    price: Decimal | None = None
    correction: Decimal = Decimal(0)
    zone: str = ""
    measured: list[Measured] = field(default_factory=list)
    reference: str = ""
    where: str = ""
    is_optional: bool = False


@dataclass(slots=True)
class OfferRow:
    """One row of a quote. `kind` is title, line or note; `level` is 1 for a chapter, 2 for what stands in it.

    A title has a quantity and a price where it is so much of something; of what stands in it these are the sum.
    """

    kind: str
    level: int = 1
    number: str = ""
    code: str = ""
    name: str = ""
    unit: str = ""
    quantity: Decimal | None = None
    price: Decimal | None = None
    discount: Decimal | None = None
    where: str = ""


@dataclass(slots=True)
class MarkupRow:
    """One percentage of the price build-up; `base` is direct, works, running or nature.

    `role` is what exchange files know it as: indirect, general, profit, discount, or nothing of these.
    """

    name: str
    percent: Decimal
    base: str = "direct"
    nature: str = ""
    role: str = ""


@dataclass(slots=True)
class Draft:
    """All that was understood of a file. A sheet has `items`, a quote an `offer`; a library or price list has only `resources`.

    `counts` is what the file itself counts, where that is more than stands here.
    """

    kind: str = ""
    title: str = ""
    program: str = ""
    currency: str = ""
    client: str = ""
    zones: list[Zone] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    offer: list[OfferRow] = field(default_factory=list)
    resources: dict[str, Resource] = field(default_factory=dict)
    markups: list[MarkupRow] = field(default_factory=list)
    vat: Decimal | None = None
    stated_total: Decimal | None = None
    notes: list[Note] = field(default_factory=list)
    notes_left_out: int = 0
    counts: dict[str, int] = field(default_factory=dict)
