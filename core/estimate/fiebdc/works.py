"""Working out the chapters the way the file was worked out, which its own chapter prices tell."""

from dataclasses import dataclass, field
from decimal import Decimal

from .figures import CONTEXT, capped, multiply, round_half_up
from .model import Measurement
from .prices import RunningSums, is_percentage

HUNDRED = Decimal(100)

#: A chapter is explained when it is so near its stated price.
NEAR = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Method:
    """One way programs do it: indirect costs put on the prices, quantities of the lines, amounts rounded."""

    indirect: Decimal = Decimal(0)
    exact: bool = False
    rounded: bool = True


@dataclass(slots=True)
class Item:
    """One item of a chapter as it counts.

    `correction` is in the amount and not in quantity × price: its share of what the printed quantities lost.
    """

    code: str
    quantity: Decimal
    price: Decimal
    amount: Decimal
    measurement: Measurement | None = None
    correction: Decimal = Decimal(0)


@dataclass(slots=True)
class Chapter:
    """A chapter worked out once, wherever it stands: items, chapters inside as (code, factor), total."""

    items: list = field(default_factory=list)
    inside: list = field(default_factory=list)
    total: Decimal = Decimal(0)


def choose_method(budget, structure, order, prices, report):
    """The `Method` that explains most of the stated chapter prices, and its chapters.

    The plainest comes first: quantities as stated, amounts rounded, indirect costs on each price; another has to
    explain more chapters. Where no chapter states a price that is the method, but for the indirect costs: they are
    put on only where items state a price; else the components are all there is.
    """
    percentage = budget.coefficients.indirect or Decimal(0)

    def work_out(method):
        return method, work_out_chapters(budget, structure, order, prices, method)

    plain = work_out(Method())
    tries = [work_out(Method(percentage)), plain] if percentage else [plain]
    stated = {code: budget.concepts[code].price for code in structure.rows if budget.concepts[code].price}
    if not stated:
        items = (item.code for chapter in plain[1].values() for item in chapter.items)
        takes = any(prices[code].stated for code in items if code in prices)
        best, why = tries[0] if takes else plain, "no chapter states a price to tell by"
    else:
        best = max(tries, key=lambda found: _score(stated, found[1]))
        best = _try_others(work_out, best, stated)
        why = "as the prices of its chapters show"
    if percentage:
        put = "put on each price" if best[0].indirect else "not put on the prices"
        report.add(0, "~K", f"the {percentage.normalize():f} % indirect costs are {put}: {why}")
    if best[0].exact:
        report.add(0, "~M", f"quantities are the sums of the measurement lines, not the shorter totals: {why}")
    if not best[0].rounded:
        report.add(0, "~C", f"amounts are added up unrounded: {why}")
    return best


def _score(stated, chapters):
    gaps = [abs(price - chapters[code].total) for code, price in stated.items()]
    return sum(gap <= NEAR for gap in gaps), -sum(gaps)


def _try_others(work_out, best, stated):
    explained = _score(stated, best[1])[0]
    indirect = best[0].indirect
    for exact, rounded in ((True, True), (False, False), (True, False)):
        if explained == len(stated):
            break
        found = work_out(Method(indirect, exact, rounded))
        score = _score(stated, found[1])[0]
        if score > explained:
            best, explained = found, score
    return best


def work_out_chapters(budget, structure, order, prices, method):
    """Every `Chapter` by its code."""
    chapters = {}
    for code in order.codes:
        chapters[code] = _work_out_chapter(budget, structure.rows[code], chapters, code, order.cut, prices, method)
    return chapters


def _work_out_chapter(budget, rows, chapters, code, cut, prices, method):
    decimals = budget.coefficients.decimals
    digits = decimals.amount if method.rounded else None
    chapter, result = Chapter(), Decimal(0)
    kinds = [(row.component.code, is_percentage(budget.concepts, row.component.code), ()) for row in rows]
    sums = RunningSums(kinds)
    for row, (child, percentage, _names) in zip(rows, kinds):
        quantity = row.exact if method.exact else row.quantity
        if row.is_chapter:
            if (code, child) in cut:
                continue
            amount = round_half_up(multiply(quantity, chapters[child].total), digits)
            chapter.inside.append((child, quantity))
        else:
            price = sums.base(child) if percentage else _raised(prices.get(child), method.indirect, decimals.price)
            amount = round_half_up(multiply(quantity, price), digits)
            chapter.items.append(Item(child, quantity, price, amount, row.measurement))
        sums.add(child, amount)
        result = capped(CONTEXT.add(result, amount))
    chapter.total = result
    return chapter


def _raised(price, indirect, digits):
    used = price.used if price else None
    if not used:
        return Decimal(0)
    return round_half_up(multiply(used, 1 + indirect / HUNDRED), digits) if indirect else used


def settle(budget, order, chapters, report):
    """Give back what figures printed with six digits lost, where a chapter's price tells how much that was.

    Each item whose quantity may be meant longer than it is printed gets its share, so that the chapter is what the
    file says; the report names the items. A gap that short quantities cannot explain stays a contradiction.
    """
    if not prints_six_digits(budget.measurements):
        return
    changed = set()
    for code in order.codes:
        chapter, stated = chapters[code], budget.concepts[code].price
        if any(child in changed for child, _factor in chapter.inside):
            changed.add(code)
            inside = (multiply(factor, chapters[child].total) for child, factor in chapter.inside)
            chapter.total = sum((item.amount for item in chapter.items), Decimal(0)) + sum(inside, Decimal(0))
        gap = stated - chapter.total if stated else Decimal(0)
        if abs(gap) > NEAR and _share(chapter, gap):
            changed.add(code)
            chapter.total = stated
            _report_shares(budget, code, gap, chapter, report)


def _share(chapter, gap):
    bounds = [_doubt(item) for item in chapter.items]
    whole = sum(bounds, Decimal(0))
    if abs(gap) > whole:
        return False
    for item, bound in zip(chapter.items, bounds):
        item.correction = CONTEXT.divide(CONTEXT.multiply(gap, bound), whole)
        item.amount += item.correction
    return True


def _doubt(item):
    """How far the amount may be off: a price times half a step of the sixth digit of each long figure."""
    measurement, doubt = item.measurement, Decimal(0)
    for line in measurement.lines if measurement else ():
        sizes = [size for size in (line.count, line.length, line.width, line.height) if size]
        for at, size in enumerate(sizes):
            if _digits(size) >= 5:
                doubt += abs(multiply(_half_step(size), *sizes[:at], *sizes[at + 1 :]))
    if not (measurement and measurement.lines) and _digits(item.quantity) >= 5:
        doubt = _half_step(item.quantity)
    return abs(multiply(doubt, item.price))


def _digits(number):
    return len(number.normalize().as_tuple().digits)


def _half_step(number):
    return Decimal(5).scaleb(number.adjusted() - 6)


def prints_six_digits(measurements):
    """Whether a file cuts all its measured figures to six digits, as some programs of the nineties do.

    >>> one = Measurement("R", "A", (), Decimal("61646.5"))
    >>> prints_six_digits([one]), prints_six_digits([Measurement("R", "A", (), Decimal("61646.512"))])
    (True, False)
    """
    longest = 0
    for measurement in measurements:
        figures = [measurement.total]
        for line in measurement.lines:
            figures += [line.count, line.length, line.width, line.height]
        longest = max([longest, *(_digits(figure) for figure in figures if figure)])
    return longest == 6


def _report_shares(budget, code, gap, chapter, report):
    shares = [item for item in chapter.items if item.correction]
    shown = ", ".join(f"{item.code} {round_half_up(item.correction, 3)}" for item in shares[:10])
    shown += " …" if len(shares) > 10 else ""
    message = (
        f"chapter “{code}” states {round_half_up(gap, 3)} more than its items: their figures are printed with six"
        f" digits; it is shared among {shown}"
    )
    report.add(budget.concepts[code].line, "~C", message)
