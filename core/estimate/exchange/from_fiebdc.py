"""A BC3 budget as a `Draft`."""

import re
from decimal import Decimal

from ..fiebdc import calculate, summarize
from ..fiebdc.figures import multiply, read_date, round_half_up
from ..fiebdc.graph import walk
from ..fiebdc.prices import is_percentage, mask_of
from .draft import ALL, Draft, Item, MarkupRow, Note, Recipe, Resource, Row, Zone
from .measured_rows import measured_rows, measured_total

HUNDRED = Decimal(100)

#: More chapters than any budget has: a file where chapters hold each other over and over.
MAX_ZONES = 5000

#: What the comment of `~V` of our own files says of amounts beyond quantity × price.
CORRECTIONS = "corrections:"

#: Natures a BC3 file knows; the type of what is none of them says nothing.
_NATURES = {"labour": "labour", "equipment": "equipment", "material": "material"}
_OTHER_KINDS = ("4", "5", "6")

_CORRECTION = re.compile(r"([^;=]+)#(\d{1,6})=(-?\d{1,15}(?:\.\d{1,6})?)(?:;|$)")


def from_fiebdc(budget, valuation=None, digits=2):
    """The `Draft` of a budget.

    :param digits: decimals of the currency; what amounts have beyond them becomes corrections

    >>> from ..fiebdc import read
    >>> concepts = b"~C|R##||Works|2|~C|A|m|Item|1|~C|B|h|Man|2||1|"
    >>> draft = from_fiebdc(read(b"~D|R##|A\\\\\\\\2\\\\|~D|A|B\\\\\\\\0.5\\\\|" + concepts))
    >>> draft.kind, [(item.code, str(item.quantity), str(item.price)) for item in draft.items]
    ('sheet', [('A', '2', '1')])
    >>> draft.resources["A"].recipe.rows[0].code, draft.resources["B"].nature
    ('B', 'labour')
    """
    valuation = valuation or calculate(budget)
    return _Maker(budget, valuation, digits).make()


class _Maker:
    def __init__(self, budget, valuation, digits):
        self.budget = budget
        self.concepts = budget.concepts
        self.valuation = valuation
        self.digits = digits
        self.draft = Draft(
            title=budget.header.title,
            program=budget.header.program,
            currency=budget.coefficients.currency,
            vat=budget.coefficients.vat,
            stated_total=valuation.stated_total,
        )

    def make(self):
        draft = self.draft
        self._add_resources()
        self._add_zones()
        draft.kind = "sheet" if draft.items else "library"
        counts = summarize(self.budget, self.valuation)["counts"]
        draft.counts = {name: count for name, count in counts.items() if isinstance(count, int)}
        draft.markups = _markups(self.budget.coefficients)
        draft.notes += [*self._reader_notes(), *self._contradictions()]
        draft.notes_left_out = self.budget.report.left_out + self.valuation.report.left_out
        return draft

    # Resources

    def _add_resources(self):
        order = walk(self.valuation.prices, self._children)
        for code in self.valuation.prices:
            concept = self.concepts[code]
            price = self.valuation.prices[code]
            percentage = concept.is_percentage
            recipe = None if percentage else self._recipe(concept, order.cut)
            self.draft.resources[code] = Resource(
                code=code,
                name=concept.summary or code,
                description=concept.text.strip(),
                unit="" if percentage else concept.unit,
                cost=None if percentage else price.used,
                nature=self._nature(concept),
                date=next(filter(None, map(read_date, concept.dates)), None),
                recipe=recipe,
                where=_where(concept.line),
            )

    def _children(self, code):
        concept = self.concepts.get(code)
        if concept is None or concept.is_percentage:
            return []
        return [row.code for row in concept.components if row.code in self.valuation.prices]

    def _nature(self, concept):
        if concept.is_percentage or concept.kind in _OTHER_KINDS:
            return "other"
        return _NATURES.get(concept.nature, "")

    def _recipe(self, concept, cut):
        rows = []
        for place, component in enumerate(concept.components):
            row = self._row(concept, place, component, cut)
            if row:
                rows.append(row)
        used = self.valuation.prices[concept.code].used
        return Recipe(rows=rows, stated_cost=used or None) if rows else None

    def _row(self, concept, place, component, cut):
        code, where = component.code, _where(concept.line)
        quantity = component.quantity
        if code not in self.valuation.prices:
            self._note(where, f"recipe “{concept.code}”: “{code}” is a chapter, not a component; left out")
        elif (concept.code, code) in cut or code == concept.code:
            self._note(where, f"recipe “{concept.code}”: “{code}” contains it again; the row was left out")
        elif quantity <= 0:
            self._note(where, f"recipe “{concept.code}”: “{code}” has the quantity {quantity}; the row was left out")
        elif is_percentage(self.concepts, code):
            percent = round_half_up(quantity * HUNDRED, 6)
            if 0 < percent <= 1000:
                return Row(code, percent=percent, base=self._base(concept, place), where=where)
            self._note(where, f"recipe “{concept.code}”: “{code}” is {percent:f} %; the row was left out")
        else:
            return Row(code, quantity, self.concepts[code].unit, where=where)
        return None

    def _base(self, concept, place):
        """What a percentage row counts: the rows that name it (2012 and later), else those its mask matches."""
        code = concept.components[place].code
        rows = concept.components
        naming = {at for at, row in enumerate(rows) if code in row.percentages}
        mask = mask_of(code)
        if not naming:
            return f"code:{mask}" if mask else ALL
        before = set(range(place))
        if naming == before:
            return ALL
        prefix = _common_prefix([rows[at].code for at in naming])
        if prefix and naming == {at for at in before if rows[at].code.startswith(prefix)}:
            return f"code:{prefix}"
        natures = {self._nature(self.concepts[rows[at].code]) for at in naming if rows[at].code in self.concepts}
        nature = natures.pop() if len(natures) == 1 else ""
        alike = {at for at in before if self._is_of(rows[at].code, nature)}
        if nature and naming == alike:
            return nature
        names = ", ".join(rows[at].code for at in sorted(naming))[:200]
        message = f"recipe “{concept.code}”: “{code}” counts just {names}; it was taken of all rows before it"
        self._note(_where(concept.line), message)
        return ALL

    def _is_of(self, code, nature):
        return code in self.concepts and self._nature(self.concepts[code]) == nature

    # Chapters and items

    def _add_zones(self):
        places = self.valuation.places
        if len(places) > MAX_ZONES:
            message = f"its chapters fill {len(places)} places, more than the {MAX_ZONES} that can be imported"
            self.draft.notes.append(Note("", message, is_error=True))
            return
        roots = [index for index, place in enumerate(places) if place.parent is None]
        top = roots[0] if len(roots) == 1 else None
        stated = _stated_corrections(self.budget.header.comment)
        factors, exact, rounded = [], Decimal(0), Decimal(0)
        if top is not None:
            self.draft.title = self.draft.title or self.concepts[places[top].code].summary
        for index, place in enumerate(places):
            factors.append(place.factor * (factors[place.parent] if place.parent is not None else 1))
            key = "" if index == top else str(index)
            if index != top:
                self._add_zone(place, key, "" if place.parent in (None, top) else str(place.parent))
            amounts = [multiply(item.amount, factors[index]) for item in place.items]
            items = [self._item(item, key, factors[index]) for item in place.items]
            exact += sum(amounts, Decimal(0))
            target = round_half_up(exact, self.digits) - rounded
            if stated is None:
                _correct(items, amounts, target, self.digits)
            else:
                for number, item in enumerate(items):
                    item.correction = stated.get((place.code, number), Decimal(0))
            rounded += target
            self.draft.items += items

    def _add_zone(self, place, key, parent):
        concept = self.concepts[place.code]
        self.draft.zones.append(
            Zone(
                key=key,
                code=place.code,
                name=concept.summary or place.code,
                parent=parent,
                description=concept.text.strip(),
                stated_total=concept.price,
                where=_where(concept.line),
            )
        )

    def _item(self, item, zone, factor):
        concept = self.concepts.get(item.code)
        where = _where(concept.line if concept else 0)
        quantity, price, sign = item.quantity * factor, item.price, 1
        if quantity < 0:
            # A sheet has no quantities below zero: the price takes the sign, so the amount stays.
            quantity, price, sign = -quantity, -price, -1
            self._note(where, f"item “{item.code}” has a negative quantity; its price is negative instead")
        measurement = item.measurement
        rows, notes = [], []
        if measurement and measurement.lines and factor == 1:
            rows, notes = measured_rows(measurement.lines, self.valuation.zero_is_blank, quantity, sign)
        for message in notes:
            self._note(_where(measurement.line), f"item “{item.code}”: {message}")
        if rows:
            # A row of a sheet keeps fewer decimals than a file may have.
            quantity = measured_total(rows)
        return Item(
            code=item.code,
            name=(concept.summary if concept else "") or item.code,
            unit=concept.unit if concept else "",
            quantity=quantity,
            price=price,
            zone=zone,
            measured=rows,
            where=where,
        )

    # Notes

    def _note(self, where, message):
        self.draft.notes.append(Note(where, message))

    def _reader_notes(self):
        return [
            Note(_where(note.line), f"{note.record}: {note.message}" if note.record else note.message)
            for report in (self.budget.report, self.valuation.report)
            for note in report.notes
        ]

    def _contradictions(self):
        for found in self.valuation.contradictions:
            name = f"“{found.code}” {found.summary}".strip()
            stated, computed = f"{found.stated.normalize():f}", f"{found.computed.normalize():f}"
            reason = f" ({found.reason})" if found.reason else ""
            if found.kind == "price":
                text = f"{name} states the price {stated}, its components make {computed}{reason}; both are kept"
            elif found.kind == "chapter":
                text = f"chapter {name} states {stated}, its items make {computed}{reason}; the items count"
            else:
                text = f"{name} states the measurement {stated}, its lines make {computed}; what is stated counts"
            yield Note(_where(found.line), text)


def _markups(coefficients):
    rows = []
    if coefficients.indirect:
        rows.append(MarkupRow("Indirect costs", coefficients.indirect, "direct", role="indirect"))
    if coefficients.general:
        rows.append(MarkupRow("General costs", coefficients.general, "works", role="general"))
    if coefficients.profit:
        rows.append(MarkupRow("Industrial profit", coefficients.profit, "works", role="profit"))
    if coefficients.discount:
        rows.append(MarkupRow("Discount", -coefficients.discount, "running", role="discount"))
    return [row for row in rows if -100 < row.percent <= 1000]


def _correct(items, amounts, target, digits):
    """Say what each amount has beyond quantity × price, so that the items make the target to the cent."""
    rest, largest = target, None
    for item, amount in zip(items, amounts):
        plain = round_half_up(multiply(item.quantity, item.price), digits)
        gap = amount - multiply(item.quantity, item.price)
        # A part of a cent is rounding; the rest of the whole chapter is given to its largest item.
        item.correction = round_half_up(amount, digits) - plain if abs(gap) > Decimal("0.005") else Decimal(0)
        rest -= plain + item.correction
        if largest is None or abs(amount) > largest[0]:
            largest = abs(amount), item
    if rest and largest:
        largest[1].correction += rest


def _stated_corrections(comment):
    """What our own files say of corrections, by chapter and place in it; `None` in files of others.

    >>> _stated_corrections("corrections: R#3=0.05;R.1#0=-0.01")
    {('R', 3): Decimal('0.05'), ('R.1', 0): Decimal('-0.01')}
    """
    if not comment.startswith(CORRECTIONS):
        return None
    text = comment[len(CORRECTIONS) :].strip()
    return {(code.strip(), int(number)): Decimal(amount) for code, number, amount in _CORRECTION.findall(text)}


def _common_prefix(codes):
    first, last = min(codes), max(codes)
    for at, letter in enumerate(first):
        if at >= len(last) or last[at] != letter:
            return first[:at]
    return first


def _where(line):
    return f"line {line}" if line else ""
