"""A `Draft` as a BC3 budget; reading it again gives the same draft."""

from collections import defaultdict
from decimal import Decimal

from ..fiebdc.figures import multiply, round_half_up
from ..fiebdc.model import (
    CHAPTER,
    PLAIN,
    ROOT,
    Budget,
    Coefficients,
    Component,
    Concept,
    Decimals,
    Header,
    Measurement,
    is_percentage_code,
)
from ..fiebdc.prices import mask_of
from .draft import ALL
from .from_fiebdc import CORRECTIONS
from .measured_rows import measure_lines
from .summary import summarize_draft

PROGRAM = "Construction CRM"
KINDS = {"labour": "1", "equipment": "2", "material": "3", "other": "4"}
HUNDRED = Decimal(100)

_BAD = str.maketrans(dict.fromkeys("|\\#~\n\r\t\x00\x1a", "_"))


def to_fiebdc(draft, digits=2):
    """The `Budget` of a draft.

    :param digits: decimals of the currency

    >>> from ..fiebdc import calculate
    >>> from .draft import Draft, Item, Zone
    >>> item = Item("A", "Wall", unit="m2", quantity=Decimal(2), price=Decimal("1.5"), zone="z")
    >>> budget = to_fiebdc(Draft(title="House", zones=[Zone("z", "01", "Walls")], items=[item]))
    >>> [(code, concept.level) for code, concept in budget.concepts.items()], str(calculate(budget).total)
    ([('HOUSE', '##'), ('01', '#'), ('A', '')], '3.00')
    """
    return _Maker(draft, digits).make()


class _Maker:
    def __init__(self, draft, digits):
        self.draft = draft
        self.digits = digits
        self.budget = Budget()
        self.concepts = self.budget.concepts
        self.codes = _Codes()
        self.corrections = []
        # Code of the draft → code of the file, for resources; code and price → code, for items.
        self.resource_codes = {}
        self.item_codes = {}
        self.percentages = {}
        # Codes of resources that stand in the file as a percentage.
        self.as_percentage = set()
        self.counted = {
            row.code
            for resource in draft.resources.values()
            if resource.recipe
            for row in resource.recipe.rows
            if row.percent is not None
        }
        self.indirect = self._shared_indirect()

    def make(self):
        draft = self.draft
        for code in draft.resources:
            self.resource_codes[code] = self.codes.take(code or "X")
        if draft.items:
            self._add_works()
        for code in draft.resources:
            self._add_resource(code)
        comment = f"{CORRECTIONS} {';'.join(self.corrections)}" if draft.items else ""
        self.budget.header = Header(program=PROGRAM, title=draft.title, comment=comment)
        self.budget.coefficients = self._coefficients()
        return self.budget

    # The price build-up

    def _coefficients(self):
        roles = {row.role: row.percent for row in self.draft.markups if row.role}
        decimals = Decimals(currency=self.draft.currency)
        if self.digits != 2:
            decimals.late = {"DC": self.digits}
        return Coefficients(
            indirect=self.indirect or None,
            general=roles.get("general"),
            profit=roles.get("profit"),
            discount=-roles["discount"] if "discount" in roles else None,
            vat=self.draft.vat,
            scopes=[decimals] if self.draft.currency or self.digits != 2 else [],
        )

    def _shared_indirect(self):
        """The indirect costs to state: those of the draft."""
        return next((row.percent for row in self.draft.markups if row.role == "indirect"), Decimal(0))

    def _is_raised(self):
        """Whether the prices of the items contain the indirect costs, as those with a known cost show."""
        raised = plain = 0
        for item in self.draft.items:
            cost = self._cost(item.code)
            if cost and item.price:
                raised += self._raise(cost) == abs(item.price)
                plain += cost == abs(item.price)
        return raised >= plain

    def _raise(self, cost):
        return round_half_up(multiply(cost, 1 + self.indirect / HUNDRED), 2)

    def _lower(self, price):
        """A price that the indirect costs raise to this one."""
        lowered = price / (1 + self.indirect / HUNDRED)
        for places in (2, 3, 4, 6):
            found = round_half_up(lowered, places)
            if self._raise(found) == price:
                return found
        return None

    def _cost(self, code):
        resource = self.draft.resources.get(code)
        if resource is None:
            return None
        return (resource.recipe.stated_cost if resource.recipe else None) or resource.cost

    # Chapters and items

    def _add_works(self):
        draft = self.draft
        if self.indirect and not self._prices_fit():
            self.indirect = Decimal(0)
        self.raised = bool(self.indirect) and self._is_raised()
        found = summarize_draft(draft, self.digits)
        self.totals = {zone.key: row["total"] for zone, row in zip(draft.zones, found["chapters"])}
        known = set(self.totals)
        inside, items = defaultdict(list), defaultdict(list)
        for zone in draft.zones:
            inside[zone.parent if zone.parent in known else ""].append(zone)
        for item in draft.items:
            items[item.zone if item.zone in known else ""].append(item)
        root = self.codes.take((draft.title or "BUDGET").upper()[:20].strip() or "BUDGET")
        concept = Concept(root, ROOT, summary=draft.title or root, prices=(found["total"],))
        self.concepts[root] = concept
        waiting = [(concept, "", ())]
        while waiting:
            concept, key, path = waiting.pop()
            chapters = []
            for item in items[key]:
                self._add_item(concept, item, path)
            for zone in inside[key]:
                chapter = self._add_chapter(zone)
                concept.components.append(Component(chapter.code, rate=Decimal(1)))
                chapters.append((chapter, zone.key, (*path, str(len(concept.components)))))
            waiting += reversed(chapters)

    def _prices_fit(self):
        """Whether each price can be written so that the indirect costs make it; else they are left out."""
        if not self._is_raised():
            return True
        return all(self._lower(abs(item.price)) is not None for item in self.draft.items if item.price)

    def _add_chapter(self, zone):
        code = self.codes.take(zone.code or "CH")
        concept = Concept(
            code, CHAPTER, summary=zone.name, text=zone.description, prices=(self.totals[zone.key],), unit=""
        )
        self.concepts[code] = concept
        return concept

    def _add_item(self, chapter, item, path):
        quantity, price = item.quantity or Decimal(0), item.price or Decimal(0)
        rows, cost = item.measured, self._cost(item.code)
        if price < 0 and cost and -price in (cost, self._raise(cost)):
            # A negative quantity was turned round when it was read.
            quantity, price = -quantity, -price
            rows = [_turned(row) for row in rows]
        code = self._item_code(item, price)
        number = len(chapter.components)
        chapter.components.append(Component(code, rate=quantity))
        self.budget.measurements.append(
            Measurement(chapter.code, code, (*path, str(number + 1)), quantity, measure_lines(rows))
        )
        if item.correction:
            self.corrections.append(f"{chapter.code}#{number}={item.correction.normalize():f}")

    def _item_code(self, item, price):
        """The code of an item; the same thing at another price is another concept."""
        stated = self._stated_price(item, price)
        key = (item.code, item.name if not item.code else "", stated)
        if key not in self.item_codes:
            resource = self.draft.resources.get(item.code)
            code = self.resource_codes.get(item.code) if resource else None
            taken = any(other[0] == item.code for other in self.item_codes)
            if code is None or taken or is_percentage_code(code):
                code = self.codes.take((item.code or "P").replace("%", "_").replace("&", "_"))
            self._add_concept(code, item.code, item, stated)
            self.item_codes[key] = code
        return self.item_codes[key]

    def _stated_price(self, item, price):
        cost = self._cost(item.code)
        if not self.raised:
            return price
        if cost and self._raise(cost) == price:
            return cost
        return self._lower(price) if price else price

    # Resources

    def _add_resource(self, code):
        """Write a resource that nothing written so far has in it."""
        target = self.resource_codes[code]
        if target in self.concepts or code in self.as_percentage:
            return
        if is_percentage_code(target) or code in self.counted:
            self._write(target, code, None, None, True)
        else:
            self._add_concept(target, code, None, self._cost(code))

    def _add_concept(self, target, code, item, price):
        """Write a resource, and all that is in it, without recursion."""
        self._write(target, code, item, price)
        waiting = [(target, code)]
        while waiting:
            concept_code, source = waiting.pop()
            resource = self.draft.resources.get(source)
            concept = self.concepts[concept_code]
            for row in resource.recipe.rows if resource and resource.recipe else ():
                child = self._row_code(resource, row)
                if child not in self.concepts:
                    self._write(child, row.code, None, self._cost(row.code), row.percent is not None)
                    if row.percent is None:
                        waiting.append((child, row.code))
                    else:
                        self.as_percentage.add(row.code)
                concept.components.append(self._component(resource, row, child))
            self._name_counted(concept, resource)

    def _write(self, target, code, item, price, is_percentage=False):
        resource = self.draft.resources.get(code)
        name = (item.name if item else "") or (resource.name if resource else "") or target
        summary, _line, rest = name.partition("\n")
        date = resource.date.strftime("%d%m%Y") if resource and resource.date else ""
        self.concepts[target] = Concept(
            target,
            PLAIN,
            unit=item.unit if item else resource.unit if resource else "",
            summary=summary,
            prices=(price,) if price is not None and not is_percentage else (),
            dates=(date,) if date else (),
            kind="%" if is_percentage else KINDS.get(resource.nature if resource else "", "0"),
            text=(resource.description if resource else "") or rest.strip(),
        )

    def _row_code(self, resource, row):
        """The code of a component; that of a percentage says by its beginning what it counts."""
        if row.code not in self.resource_codes:
            self.resource_codes[row.code] = self.codes.take(row.code or "X")
        code = self.resource_codes[row.code]
        if row.percent is None:
            return code.replace("%", "_").replace("&", "_") if is_percentage_code(code) else code
        mask = row.base[len("code:") :] if row.base.startswith("code:") else ""
        if mask_of(code) == mask and (mask or row.base == ALL or not is_percentage_code(code)):
            return code
        key = (row.code, mask)
        if key not in self.percentages:
            plain = code.replace("%", "").replace("&", "")
            self.percentages[key] = self.codes.take(f"{mask}%{plain.removeprefix(mask)}")
        return self.percentages[key]

    def _component(self, resource, row, code):
        if row.percent is not None:
            return Component(code, rate=row.percent / HUNDRED)
        quantity = row.quantity if row.quantity is not None else Decimal(1)
        output = resource.recipe.output_quantity or Decimal(1)
        if row.waste or output != 1:
            quantity = round_half_up(multiply(quantity, 1 + row.waste / HUNDRED) / output, 12)
        return Component(code, rate=quantity)

    def _name_counted(self, concept, resource):
        """Where a percentage is of one nature, each row of it names the percentage (2012 and later)."""
        rows = resource.recipe.rows if resource and resource.recipe else ()
        for place, row in enumerate(rows):
            if row.percent is None or row.base == ALL or row.base.startswith("code:"):
                continue
            name = concept.components[place].code
            for other, component in zip(rows[:place], concept.components):
                inner = self.draft.resources.get(other.code)
                if inner and inner.nature == row.base:
                    component.percentages = (*component.percentages, name)


def _turned(row):
    row.is_deduction = not row.is_deduction
    return row


class _Codes:
    """Codes of a file: without its signs, at most 20 letters as the format has it, each once."""

    def __init__(self):
        self.taken = set()

    def take(self, wanted):
        """Give a free code as near to the wanted one as can be."""
        base = wanted.translate(_BAD).strip() or "X"
        code, number = base, 1
        while code in self.taken:
            number += 1
            code = f"{base}.{number}"
        self.taken.add(code)
        return code
