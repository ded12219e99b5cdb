"""Small filled-in drafts to start from, written by the writer like any other."""

from datetime import date
from decimal import Decimal

from ..exchange.draft import Draft, Item, Measured, OfferRow, Recipe, Resource, Row, Zone
from .guard import PLAIN
from .writer import write


def make_sample(kind, language="en", say=PLAIN, today=None, with_prices=True):
    """Write the sample workbook of a kind.

    :param kind: sheet, recipes, prices or quote
    :param say: translates the words in it
    :param with_prices: show the columns of prices, for who sees them
    :return: bytes
    """
    makers = {"sheet": _make_sheet, "recipes": _make_recipes, "prices": _make_prices, "quote": _make_offer}
    draft = makers[kind](say, today or date(2026, 1, 1), with_prices)
    return write(draft, kind, language)


def _make_sheet(say, _today, with_prices):
    bathroom = say._("Bathroom")
    tiling = Item(
        "TILE", say._("Wall tiling"), unit="m²", zone="bathroom", price=Decimal("48.5") if with_prices else None
    )
    tiling.measured = [
        Measured(say._("Long walls"), Decimal(2), length=Decimal("3.2"), height=Decimal("2.5")),
        Measured(say._("Short walls"), Decimal(2), length=Decimal("1.8"), height=Decimal("2.5")),
        Measured(say._("Door"), Decimal(1), length=Decimal("0.9"), height=Decimal("2.1"), is_deduction=True),
    ]
    tiling.quantity = Decimal("23.11")
    mirror = Item("", say._("Mirror with light"), unit=say._("Units"), quantity=Decimal(1), zone="bathroom")
    mirror.price = Decimal(180) if with_prices else None
    return Draft("sheet", zones=[Zone("bathroom", name=bathroom)], items=[tiling, mirror])


def _make_recipes(say, _today, with_prices):
    tiles = Resource("TILE-60", say._("Tiles 60 × 60"), unit="m²", cost=Decimal("21.4"), nature="material")
    tiler = Resource("TILER", say._("Tiler"), unit=say._("Hours"), cost=Decimal(32), nature="labour")
    glue = Resource("GLUE", say._("Tile adhesive"), unit="kg", cost=Decimal("0.62"), nature="material")
    means = Resource("MEANS", say._("Auxiliary means"), unit=say._("Units"), nature="other")
    work = Resource("TILE", say._("Wall tiling"), unit="m²")
    work.recipe = Recipe(parameters={"thickness": Decimal(4)})
    work.recipe.rows = [
        Row("TILE-60", Decimal(1), "m²", waste=Decimal(8)),
        Row("GLUE", unit="kg", formula="thickness * 1.4"),
        Row("TILER", unit=say._("Hours"), hours=Decimal("0.75")),
        Row("MEANS", percent=Decimal(3), base="labour"),
    ]
    resources = {resource.code: resource for resource in (work, tiles, glue, tiler, means)}
    if not with_prices:
        for resource in resources.values():
            resource.cost = None
    return Draft("recipes", resources=resources)


def _make_prices(say, today, with_prices):
    tiles = Resource("TILE-60", say._("Tiles 60 × 60"), unit="m²", sales_price=Decimal(39))
    glue = Resource("GLUE", say._("Tile adhesive"), unit="kg")
    for resource, cost in ((tiles, Decimal("22.1")), (glue, Decimal("0.66"))):
        resource.date = today
        resource.cost = cost if with_prices else None
    return Draft("prices", resources={"TILE-60": tiles, "GLUE": glue})


def _make_offer(say, _today, _with_prices):
    return Draft(
        "quote",
        offer=[
            OfferRow("title", 1, "1", name=say._("Bathroom"), unit="m²", quantity=Decimal(12)),
            OfferRow("line", 2, "1.1", "TILE", say._("Wall tiling"), "m²", Decimal("23.11"), Decimal("48.5")),
            OfferRow("line", 2, "1.2", "", say._("Mirror with light"), say._("Units"), Decimal(1), Decimal(180)),
            OfferRow("title", 1, "2", name=say._("Site works")),
            OfferRow("line", 2, "2.1", "", say._("Waste removal"), "m³", Decimal(4), Decimal(65)),
        ],
    )
