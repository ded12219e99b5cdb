"""The tab Price List to resources with costs and prices."""

from ..exchange.draft import Resource
from .rows import find_currency


def read_prices(reader, draft, notes):
    """Fill the draft of a price list from a `Reader`. A price list without one price is an error."""
    say = reader.options.say
    draft.currency = find_currency(reader.tabs[0])
    seen = {}
    for row in reader.rows("prices", notes):
        code, name = row.code(), row.text("name")
        if not code and not name:
            if {"cost", "sales_price"} & set(row.cells) and not row.is_sum():
                notes.error(row.where("name"), say._("The price has neither a code nor a name."))
            continue
        key = code or name
        resource = Resource(
            code=key,
            name=name,
            unit=row.text("unit"),
            cost=row.number_of("cost"),
            sales_price=row.number_of("sales_price"),
            date=row.date("date"),
            vendor=row.text("vendor"),
            has_code=bool(code),
            where=row.where("cost" if "cost" in row else "code"),
        )
        known = seen.get(key)
        if known is None:
            seen[key] = draft.resources[key] = resource
        elif (known.cost, known.sales_price, known.unit) != (resource.cost, resource.sales_price, resource.unit):
            notes.error(
                row.where("code" if code else "name"),
                say._("“%(text)s” has another price in %(where)s. Keep one of them.", text=key, where=known.where),
            )
    if not draft.resources and not notes.errors:
        notes.error(reader.tabs[0].title, say._("There is no price beneath the headings."))
