"""The figures of chapters: what stands under a section, added up in one pass over the lines."""

from dataclasses import dataclass, field
from typing import Any

SECTION = "line_section"
SUBSECTION = "line_subsection"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a quote in its order; `kind` is its display type, empty for a priced line."""

    key: Any
    kind: str
    subtotal: float = 0.0
    total: float = 0.0
    tax_ids: tuple[int, ...] = ()


@dataclass(slots=True)
class Figures:
    """The sums of a section: tax excluded, tax included, and the taxes met, each once."""

    subtotal: float = 0.0
    total: float = 0.0
    tax_ids: dict[int, None] = field(default_factory=dict)

    def add(self, row):
        self.subtotal += row.subtotal
        self.total += row.total
        self.tax_ids.update(dict.fromkeys(row.tax_ids))


def add_up(rows):
    """Give the `Figures` of every section and subsection, by key.

    A section counts what stands in its subsections; a subsection ends at the next one.

    >>> rows = [Row(1, SECTION), Row(2, "", 10.0, 12.0, (7,)), Row(3, SUBSECTION),
    ...         Row(4, "", 5.0, 6.0, (7,)), Row(5, SECTION), Row(6, "", 1.0, 1.0)]
    >>> {key: (figures.subtotal, figures.total) for key, figures in add_up(rows).items()}
    {1: (15.0, 18.0), 3: (5.0, 6.0), 5: (1.0, 1.0)}
    """
    figures = {}
    section = subsection = None
    for row in rows:
        if row.kind == SECTION:
            section, subsection = figures.setdefault(row.key, Figures()), None
        elif row.kind == SUBSECTION:
            subsection = figures.setdefault(row.key, Figures())
        elif not row.kind:
            for opened in (section, subsection):
                if opened is not None:
                    opened.add(row)
    return figures


def unit_price(total, quantity):
    """Give what one unit of a chapter costs; a chapter without a quantity has no unit price.

    >>> unit_price(1052.5, 12.5), unit_price(10.0, 0.0)
    (84.2, 0.0)
    """
    return total / quantity if quantity else 0.0
