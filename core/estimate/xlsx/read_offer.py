"""The tab of a quote to its rows: chapters by the depth of their numbers, or as rows without any figure."""

from ..exchange.draft import OfferRow
from . import words
from .rows import find_currency

#: Figures that make a row a priced line, or a chapter of so much of something.
_FIGURES = ("unit", "quantity", "price")


def read_offer(reader, draft, notes):
    """Fill the draft of a quote from a `Reader`."""
    say = reader.options.say
    for column in reader.tabs[0].columns:
        if column.heading and not column.field:
            where = f"{reader.tabs[0].title}!{column.letter}{reader.tabs[0].heading_row}"
            notes.warn(where, say._("The column “%(heading)s” was left aside.", heading=column.heading))
    draft.currency = find_currency(reader.tabs[0])
    rows = [offered for row in reader.rows("offer", notes) if (offered := _read_row(row, notes, say))]
    _classify(rows)
    _check_numbers(rows, notes, say)
    draft.offer = rows
    if not any(row.kind != "note" for row in rows) and not notes.errors:
        notes.error(reader.tabs[0].title, say._("There is no line beneath the headings."))


def _read_row(row, notes, say):
    name = "\n".join(filter(None, (row.text("name"), row.text("description"))))
    offered = OfferRow(
        "line",
        number=row.code("number").strip().rstrip("."),
        code=row.code(),
        name=name,
        unit=row.text("unit"),
        quantity=row.number_of("quantity", is_negative=True),
        price=row.number_of("price", is_negative=True),
        discount=row.number_of("discount", is_percent=True, is_negative=True),
        where=row.where("name" if "name" in row else "code"),
    )
    if any(figure in row for figure in _FIGURES):
        if not (name or offered.code or offered.number):
            notes.error(row.where("name"), say._("The line has neither a number, a code nor a name."))
            return None
        return offered
    if not (name or offered.code):
        return None
    if not offered.number and ("amount" in row or "offered" in row or words.is_total(name)):
        notes.warn(row.where("name"), say._("The row of totals was left aside; totals are worked out again."))
        return None
    offered.kind = "title"
    return offered


def _classify(rows):
    """Tell titles and notes from lines, and how deep each stands."""
    is_numbered = any(row.number for row in rows)
    above = {
        row.number[:place] for row in rows for place in range(len(row.number)) if row.number[place] == "."
    }
    depth = 0
    for row in rows:
        if row.number:
            row.level = row.number.count(".") + 1
            row.kind = "title" if row.number in above else row.kind
        elif row.kind == "title" and is_numbered:
            row.kind = "note"
        else:
            row.level = 1 if row.kind == "title" else depth + 1
        if row.kind == "title":
            depth = row.level


def _check_numbers(rows, notes, say):
    seen = {}
    for row in rows:
        if row.number and row.number in seen:
            notes.error(
                row.where,
                say._(
                    "The number %(number)s stands in %(where)s, too. Format the column as text and give each its own.",
                    number=row.number,
                    where=seen[row.number],
                ),
            )
        seen.setdefault(row.number, row.where)
