"""A tender (X83) answered: its own structure, numbers and identifiers with our prices, as an offer (X84)."""

from dataclasses import dataclass, field
from decimal import Decimal

from ..exchange.draft import DraftError, Note
from . import markup
from .boq import VOID, open_bill
from .figures import cents, decimal, digits, fixed
from .twin import Twin, put
from .xmlfile import child, children, is_yes, parse, value

MAX_DIGITS = 3
MAX_FAULTS = 20


class OfferError(DraftError):
    """The offer cannot be written; the message lists what to change."""


@dataclass(frozen=True, slots=True)
class Bidder:
    """Who offers: a tender asks for the address."""

    name: str
    street: str = ""
    zip: str = ""
    city: str = ""
    country: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""
    vat: str = ""


@dataclass(slots=True)
class Offer:
    """What was written: the file, its total without tax, and what to know about it."""

    content: bytes
    total: Decimal
    notes: list[Note] = field(default_factory=list)


def write_offer(data, draft, bidder, today, has_texts=False, parts=None, is_own=False):
    """Answer a tender with the prices of a draft.

    :param data: the bytes of the tender as it came
    :param draft: its items tell by `reference` which position they price
    :param bidder: a `Bidder`
    :param today: the date of the offer
    :param has_texts: also repeat the texts of the tender; the standard leaves them out of an X84
    :param parts: for positions whose unit price is to be split: `{reference: [part, …]}`, in the order of the tender
    :param is_own: the tender was written from the draft, whose amounts stay whatever quantity × price comes to
    :rtype: Offer
    :raise OfferError: when the draft and the tender do not fit together
    """
    root, _is_guessed = parse(data)
    bill = open_bill(root)
    return _Writer(bill, draft, parts or {}, is_own).answer(bidder, today, has_texts)


def get_part_kinds(data):
    """Tell which parts of unit prices a tender asks for, and of which positions.

    :return: the kinds in the order of the parts (Wages, Materials, Plant, Miscellaneous, Unknown or empty), and the
        numbers of the positions
    """
    root, _is_guessed = parse(data)
    bill = open_bill(root)
    count = value(bill.info, "NoUPComps")
    kinds = []
    for number in range(1, int(count) + 1 if count in set("123456") else 1):
        label = child(bill.info, f"LblUPComp{number}")
        kind = "" if label is None else label.get("Type", "")
        kinds.append(kind if kind and kind not in kinds else f"{kind} {number}")
    asked = {position.number for position in bill.positions if is_yes(position.element, "UPBkdn")}
    return kinds, asked


class _Writer:
    def __init__(self, bill, draft, parts, is_own):
        self.bill = bill
        self.draft = draft
        self.parts = parts
        self.is_own = is_own
        self.faults = []
        self.notes = []
        self.amounts = {}
        limit = value(bill.root, "PrjInfo", "UPFracDig")
        self.digits = int(limit) if limit in {"2", "3"} else MAX_DIGITS

    def answer(self, bidder, today, has_texts):
        prices = self.match()
        if self.faults:
            left_out = len(self.faults) - MAX_FAULTS
            lines = self.faults[:MAX_FAULTS] + ([f"… and {left_out} more."] if left_out > 0 else [])
            raise OfferError("\n".join(lines))
        self.check_currency()
        twin = Twin(self.bill, has_texts)
        self.fill_positions(twin, prices)
        self.fill_markups(twin, prices)
        total = self.fill_totals(twin)
        twin.fill_head(bidder, today, self.draft.currency)
        return Offer(twin.to_bytes(), total, self.notes)

    # === WHAT IS PRICED === #

    def match(self):
        """Find the item of each position; complain of what has no counterpart, or another quantity."""
        positions = self.bill.positions_by_number()
        places, found = {}, {}
        for item in self.draft.items:
            place = places.get(item.reference, 0)
            places[item.reference] = place + 1
            position = positions.get((item.reference, place)) if item.reference else None
            if position is None or position.excluded == VOID:
                self.faults.append(
                    f"{item.reference or item.name}: the tender has no such position. Take the item off the sheet, "
                    "or offer it in a letter of its own."
                )
                continue
            self.check(position, item)
            found[item.reference, place] = item
        return found

    def check(self, position, item):
        if self.is_own:
            return
        asked = None if position.is_markup else decimal(value(position.element, "Qty"))
        if asked is not None and item.quantity != asked and not is_yes(position.element, "QtyTBD"):
            self.faults.append(
                f"{position.number}: the tender asks for {asked:f}, the sheet has {item.quantity or 0:f}. "
                "A tender is priced with its own quantities."
            )
        if item.price is None:
            return
        if digits(item.price) > self.digits and not position.is_markup:
            self.faults.append(
                f"{position.number}: its unit price {item.price.normalize():f} has more than the {self.digits} "
                "decimals an offer takes. Round it."
            )
        elif item.correction:
            self.faults.append(
                f"{position.number}: its amount is not its quantity times its unit price, as an offer needs it. "
                "Give it a unit price of its own."
            )

    def check_currency(self):
        asked = value(self.bill.award, "AwardInfo", "Cur") or value(self.bill.root, "PrjInfo", "Cur")
        ours = self.draft.currency
        if asked and ours and asked != ours:
            self.notes.append(Note("Cur", f"The tender is in {asked}, the offer in {ours}. Ask whether that is taken."))

    # === FILLING === #

    def fill_positions(self, twin, prices):
        for position in self.bill.positions:
            element = twin.of(position)
            if position.excluded == VOID:
                twin.drop(position)
            if position.excluded == VOID or position.is_markup:
                continue
            item = prices.get((position.number, position.place))
            if item is None or item.price is None:
                if twin.has_not_offered:
                    put(element, "NotOffered", "Yes")
                self.notes.append(Note(position.number, "It has no price: it goes back as not offered."))
                continue
            quantity = item.quantity if item.quantity is not None else Decimal(1)
            if child(element, "Qty") is None and not is_yes(position.element, "LumpSumItem"):
                put(element, "Qty", fixed(quantity, 3))
            put(element, "UP", fixed(item.price, self.digits))
            self.fill_parts(element, position, item)
            amount = cents(quantity * item.price) + cents(item.correction)
            if not position.excluded:
                put(element, "IT", fixed(amount, 2))
            self.amounts[position.number, position.place] = amount

    def fill_parts(self, element, position, item):
        """Split a unit price where the client asks for it; what rounding leaves is in the last part."""
        count = value(self.bill.info, "NoUPComps")
        if not is_yes(position.element, "UPBkdn") or count not in set("123456"):
            return
        parts = self.parts.get(position.number)
        if not parts:
            self.notes.append(Note(position.number, "The client asks for the parts of its unit price; none are known."))
            return
        count, rest = int(count), item.price
        for number in range(1, count + 1):
            part = parts[number - 1] if number <= len(parts) else Decimal(0)
            part = rest if number == count else Decimal(fixed(part, self.digits))
            rest -= part
            put(element, f"UPComp{number}", fixed(part, self.digits))

    def fill_markups(self, twin, prices):
        """Write percentages on other positions: what they are taken of, the percentage, and what it comes to."""
        for position in self.bill.positions:
            item = prices.get((position.number, position.place))
            if not position.is_markup or position.excluded == VOID:
                continue
            if item is None or item.price is None:
                self.notes.append(Note(position.number, "It has no price: it goes back without one."))
                continue
            element = twin.of(position)
            amount, base = cents(item.price), markup.get_base(self.bill, position, self.amounts, prices)
            put(element, "ITMarkup", fixed(base, 2))
            percent = amount / base * 100 if base else Decimal(0)
            if base and abs(percent) < 1000:
                put(element, "Markup", fixed(percent, 6))
            if not position.excluded:
                put(element, "IT", fixed(amount, 2))
            self.amounts[position.number, position.place] = amount

    def fill_totals(self, twin):
        """Write the sums of categories and of all; give that of all."""
        parents = {category.key: category.parent for category in self.bill.categories}
        sums = dict.fromkeys(["", *parents], Decimal(0))
        for position in self.bill.positions:
            key = position.category
            amount = Decimal(0) if position.excluded else self.amounts.get((position.number, position.place), 0)
            while amount:
                sums[key] += amount
                if not key:
                    break
                key = parents[key]
        by_id = {}
        for category in self.bill.categories:
            totals = put(twin.of(category), "Totals")
            put(totals, "Total", fixed(sums[category.key], 2))
            by_id[category.element.get("ID")] = sums[category.key]
        for group, element in zip(children(self.bill.boq, "LotGrp"), twin.lot_groups, strict=False):
            lots = [by_id.get(lot.get("IDRef"), Decimal(0)) for lot in children(group, "RefLotNo")]
            put(put(element, "Totals"), "Total", fixed(sum(lots, Decimal(0)), 2))
        write_totals(put(twin.info, "Totals"), sums[""], self.draft.vat)
        return sums[""]


def write_totals(element, total, vat):
    """Write a total, with the tax on it where it is known."""
    put(element, "Total", fixed(total, 2))
    if vat is None:
        return
    tax = cents(total * vat / 100)
    put(element, "VAT", fixed(vat, 2))
    put(element, "TotalNet", fixed(total, 2))
    put(element, "VATAmount", fixed(tax, 2))
    put(element, "TotalGross", fixed(total + tax, 2))
