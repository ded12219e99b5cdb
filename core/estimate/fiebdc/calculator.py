"""From a `Budget` to its chapters, totals and contradictions."""

from dataclasses import dataclass, field
from decimal import Decimal

from .chapters import MAX_PLACES, build
from .explain import explain_prices
from .figures import LIMIT, capped, multiply, round_half_up
from .graph import walk
from .measurements import agrees, work_out, writes_zero_for_blank
from .model import Report
from .prices import MAX_DEPTH, price_all
from .works import choose_method, settle

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two figures of the file for one thing: `price`, `chapter` or `measurement` of a code, and why, if we can tell."""

    kind: str
    code: str
    summary: str
    stated: Decimal
    computed: Decimal
    line: int = 0
    reason: str = ""

    @property
    def difference(self):
        """By how much the stated figure is above the computed one."""
        return self.stated - self.computed


@dataclass(slots=True)
class Place:
    """A chapter in its place: `parent` is the index of the place above it, `None` on top."""

    code: str
    parent: int | None
    depth: int
    factor: Decimal
    total: Decimal
    items: list


@dataclass(frozen=True, slots=True)
class Step:
    """One step from the total of the works to the price with tax."""

    name: str
    percentage: Decimal
    amount: Decimal


@dataclass(slots=True)
class Valuation:
    """A budget worked out."""

    places: list[Place] = field(default_factory=list)
    total: Decimal = Decimal(0)
    stated_total: Decimal | None = None
    indirect: Decimal = Decimal(0)
    steps: list[Step] = field(default_factory=list)
    prices: dict = field(default_factory=dict)
    contradictions: list[Contradiction] = field(default_factory=list)
    zero_is_blank: bool = False
    report: Report = field(default_factory=Report)

    @property
    def final(self):
        """The price with all percentages of the file and tax."""
        return self.total + sum((step.amount for step in self.steps), Decimal(0))


def calculate(budget):
    """The `Valuation` of a budget.

    >>> from .reader import read
    >>> text = b"~K||3\\\\13\\\\6\\\\\\\\21|~C|R##||Works|2.06|~D|R##|A\\\\\\\\2\\\\|~C|A|m|Item|1|"
    >>> found = calculate(read(text))
    >>> found.total, found.final, [place.code for place in found.places]
    (Decimal('2.06'), Decimal('2.96'), ['R'])
    """
    valuation = Valuation(zero_is_blank=writes_zero_for_blank(budget.measurements))
    structure = build(budget, valuation.zero_is_blank)
    plain = [code for code in budget.concepts if code not in structure.rows]
    valuation.prices = price_all(budget.concepts, plain, budget.coefficients.decimals, valuation.report)
    order = _chapter_order(budget, structure, valuation.report)
    method, chapters = choose_method(budget, structure, order, valuation.prices, valuation.report)
    valuation.indirect = method.indirect
    settle(budget, order, chapters, valuation.report)
    _expand(structure, chapters, budget.coefficients.decimals.amount, valuation)
    total = capped(sum((chapters[code].total for code in structure.roots), Decimal(0)))
    valuation.total = round_half_up(total, budget.coefficients.decimals.amount)
    if abs(valuation.total) >= LIMIT:
        valuation.report.add(0, "~D", "the total is absurd; some price or quantity must be wrong")
    stated = [budget.concepts[code].price for code in structure.roots]
    valuation.stated_total = sum(stated, Decimal(0)) if stated and all(stated) else None
    valuation.steps = _steps(budget.coefficients, valuation.total)
    _find_contradictions(budget, chapters, valuation)
    _find_measurement_contradictions(budget, valuation)
    _report_outsiders(budget, structure, valuation)
    return valuation


def _chapter_order(budget, structure, report):
    children = {code: [row.component.code for row in rows if row.is_chapter] for code, rows in structure.rows.items()}
    order = walk([*structure.roots, *structure.rows], children.__getitem__)
    for cycle in order.cycles:
        report.add(0, "~D", f"these chapters are in each other: {cycle}; the last one was left out there")
    return order


def _expand(structure, chapters, digits, valuation):
    """List every chapter in its place, top down, without recursion."""
    waiting = [(code, None, 0, Decimal(1)) for code in reversed(structure.roots)]
    deepest = 0
    while waiting:
        if len(valuation.places) >= MAX_PLACES:
            valuation.report.add(0, "~D", f"the chapters fill more than {MAX_PLACES} places; the rest is not listed")
            return
        code, parent, depth, factor = waiting.pop()
        if depth > MAX_DEPTH >= deepest:
            valuation.report.add(0, "~D", f"chapters stand in each other more than {MAX_DEPTH} deep, “{code}” first")
        deepest = max(deepest, depth)
        chapter, index = chapters[code], len(valuation.places)
        valuation.places.append(Place(code, parent, depth, factor, round_half_up(chapter.total, digits), chapter.items))
        room = MAX_PLACES - len(waiting)
        waiting += [(child, index, depth + 1, times) for child, times in reversed(chapter.inside[:room])]


def _steps(coefficients, total):
    digits = coefficients.decimals.amount
    steps, base = [], total

    def step(name, percentage, of):
        if percentage:
            steps.append(Step(name, percentage, round_half_up(multiply(of, percentage / HUNDRED), digits)))
            return steps[-1].amount
        return Decimal(0)

    base += step("general", coefficients.general, total) + step("profit", coefficients.profit, total)
    if coefficients.discount:
        base += step("discount", -coefficients.discount, base)
    step("vat", coefficients.vat, base)
    return steps


def _find_contradictions(budget, chapters, valuation):
    found = valuation.contradictions
    reasons = explain_prices(budget.concepts, valuation.prices)
    digits = budget.coefficients.decimals.amount
    for code, concept in budget.concepts.items():
        stated = concept.price
        if code in chapters:
            total = round_half_up(chapters[code].total, digits)
            if stated and round_half_up(stated, digits) != total:
                found.append(Contradiction("chapter", code, concept.summary, stated, total, concept.line))
        elif code in valuation.prices and valuation.prices[code].contradicts:
            computed = valuation.prices[code].computed
            reason = reasons.get(code, "")
            found.append(Contradiction("price", code, concept.summary, stated, computed, concept.line, reason))


def _find_measurement_contradictions(budget, valuation):
    for measurement in budget.measurements:
        worked = work_out(measurement.lines, valuation.zero_is_blank)
        for fault in worked.faults:
            valuation.report.add(measurement.line, "~M", f"“{measurement.code}”: {fault}")
        if not measurement.lines or measurement.total is None or agrees(worked, measurement.total):
            continue
        code, concept = measurement.code, budget.concepts.get(measurement.code)
        summary = concept.summary if concept else ""
        valuation.contradictions.append(
            Contradiction("measurement", code, summary, measurement.total, worked.total, measurement.line)
        )


def _report_outsiders(budget, structure, valuation):
    for measurement in structure.left_over:
        message = f"“{measurement.code}” is measured in “{measurement.parent}”, which does not hold it; left out"
        valuation.report.add(measurement.line, "~M", message)
    listed = {place.code for place in valuation.places}
    for code in structure.rows:
        if code not in listed:
            valuation.report.add(budget.concepts[code].line, "~D", f"chapter “{code}” stands nowhere in the budget")
