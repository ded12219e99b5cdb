"""GAEB DA XML bytes to a `Draft`."""

from decimal import Decimal

from ..exchange.draft import Draft, DraftError, Item, Note, Zone
from . import figures, texts
from .boq import ALTERNATIVE, OPTIONAL, VOID, open_bill
from .figures import cents
from .xmlfile import child, children, is_yes, local, parse, value

MAX_NOTES = 200
MAX_NAME = 200
MAX_QUANTITY = Decimal("99999999.999")
MAX_PRICE = Decimal("9999999999.999")


def read(data):
    """Read a GAEB DA XML file.

    :param data: the bytes of the file
    :rtype: Draft
    :raise DraftError: when the bytes are no such file, with a sentence for the person who chose it
    """
    root, is_guessed = parse(data)
    bill = open_bill(root)
    draft = Draft(kind=f"X{bill.phase}" if bill.phase else "GAEB")
    if is_guessed:
        draft.notes.append(Note("line 1", "The letters are not in the encoding the file names; check the umlauts."))
    try:
        _read_head(bill, draft)
        _Reader(bill, draft).run()
    except RecursionError:
        raise DraftError("The file is nested too deeply for a tender.") from None
    draft.notes += bill.notes
    draft.notes.sort(key=lambda note: not note.is_error)
    draft.notes_left_out = max(0, len(draft.notes) - MAX_NOTES)
    draft.notes = draft.notes[:MAX_NOTES]
    return draft


def _read_head(bill, draft):
    root, award, info = bill.root, bill.award, bill.info
    project = value(root, "PrjInfo", "LblPrj") or value(root, "PrjInfo", "NamePrj") or value(root, "PrjInfo", "Name")
    draft.title = (value(info, "LblBoQ") or project or value(info, "Name"))[:MAX_NAME]
    program = value(root, "GAEBInfo", "ProgSystem") or value(root, "GAEBInfo", "ProgName")
    draft.program = f"{program[:60]} (GAEB DA XML {value(root, 'GAEBInfo', 'Version')[:10]})".strip()
    owner = child(award, "OWN", "Address")
    draft.client = " ".join(filter(None, (value(owner, f"Name{line}")[:80] for line in range(1, 3))))
    currency = value(award, "AwardInfo", "Cur") or value(root, "PrjInfo", "Cur") or value(info, "Cur")
    draft.currency = currency.upper()[:3]
    totals = child(info, "Totals")
    draft.stated_total = figures.decimal(value(totals, "Total"))
    draft.vat = figures.decimal(value(totals, "VAT"))
    if draft.vat is not None and not 0 <= draft.vat <= 100:
        draft.vat = None
    for name in ("DiscountPcnt", "DiscountAmt"):
        if child(totals, name) is not None:
            draft.notes.append(Note("Total", "A discount on the whole is stated; it is not taken off the total."))


def _get_long_text(element):
    return texts.plain(child(element, "Description", "CompleteText", "DetailTxt"))


class _Reader:
    """Turns the categories and positions of a bill into zones and items."""

    def __init__(self, bill, draft):
        self.bill = bill
        self.draft = draft
        self.numbers = {position.element.get("ID"): position.number for position in bill.positions}
        self.has_prices = any(child(position.element, "UP") is not None for position in bill.positions)

    def run(self):
        void = {category.key for category in self.bill.categories if category.excluded == VOID}
        remarks = self.get_remarks()
        for category in self.bill.categories:
            where = f"{category.number} (line {category.element.sourceline})"
            if category.key in void:
                self.note(where, "This category is dropped by the client (NotApplBoQ); it is left out.")
                continue
            if category.excluded:
                self.note(where, "This category is an alternative: its positions are not part of the total.")
            self.draft.zones.append(
                Zone(
                    key=category.key,
                    code=category.number,
                    name=texts.one_line(child(category.element, "LblTx"))[:MAX_NAME] or category.number,
                    parent=category.parent,
                    description="\n".join(remarks.get(category.key, [])),
                    stated_total=figures.decimal(value(category.element, "Totals", "Total")),
                    where=where,
                )
            )
        for position in self.bill.positions:
            self.read_position(position)
        if not any(item.name != item.reference for item in self.draft.items):
            self.note("BoQ", "The file has numbers and prices only: its texts are in the tender (X83) it answers.")

    def get_remarks(self):
        """Gather the notes and general descriptions of each category."""
        remarks = {}
        for key, element in self.bill.remarks:
            text = _get_long_text(element) or texts.plain(child(element, "Description"))
            text = "\n".join(filter(None, [value(element, "PerfLbl"), text]))
            if text:
                remarks.setdefault(key, []).append(text)
                if not key:
                    self.note(f"line {element.sourceline}", f"A note for all: {text[:300]}")
        return remarks

    def read_position(self, position):
        element = position.element
        if position.excluded == VOID:
            if not is_yes(element, "NotAppl"):
                return
            self.note(position.where, "The client has dropped this position (NotAppl); it is left out.")
            return
        outline = texts.one_line(child(element, "Description", "CompleteText", "OutlineText"))
        outline = outline or texts.one_line(child(element, "Description", "OutlineText"))
        detail = self.get_detail(element)
        first = detail.partition("\n")[0]
        item = Item(
            code=value(element, "Description", "WICNo")[:64] or position.number,
            name=(outline or first)[:MAX_NAME] or position.number,
            description=detail if detail != (outline or first) else "",
            unit=figures.unit(value(element, "QU"))[:20],
            zone=position.category,
            reference=position.number,
            where=position.where,
            is_optional=bool(position.excluded),
        )
        if position.is_markup:
            self.read_markup(position, item)
        else:
            self.read_quantity(position, item)
            self.read_price(position, item)
        self.tell_kind(position, item)
        self.draft.items.append(item)

    def get_detail(self, element):
        """Give the long text, sub-descriptions and what it refers to included."""
        lines = [_get_long_text(element)]
        for part in children(element, "SubDescr"):
            text = texts.plain(child(part, "Description"))
            count = " ".join(filter(None, [value(part, "Qty"), figures.unit(value(part, "QU"))]))
            lines.append(": ".join(filter(None, [value(part, "SubDNo"), text])) + (f" ({count})" if count else ""))
        reference = child(element, "RefRNo")
        if reference is not None and self.numbers.get(reference.get("IDRef")):
            lines.append(f"→ {self.numbers[reference.get('IDRef')]}")
        return "\n".join(filter(None, lines))[: texts.MAX_TEXT]

    def read_quantity(self, position, item):
        element = position.element
        text = value(element, "Qty")
        item.quantity = figures.decimal(text)
        if is_yes(element, "LumpSumItem"):
            item.unit = item.unit or "psch"
            if not text:
                item.quantity = Decimal(1)
        if text and item.quantity is None:
            self.note(position.where, f"The quantity “{text[:40]}” is no number.", is_error=True)
        elif is_yes(element, "QtyTBD"):
            self.note(position.where, "The quantity is for you to give (free quantity).")
        elif item.quantity is None and not value(element, "UP"):
            self.note(position.where, "It has no quantity.")
        if item.quantity is not None and item.quantity < 0:
            self.note(position.where, f"The quantity {text[:40]} is below zero, which no sheet takes.", is_error=True)
        if item.quantity is not None and item.quantity > MAX_QUANTITY:
            self.note(position.where, f"The quantity {text[:40]} is too large to be true.", is_error=True)

    def read_price(self, position, item):
        text = value(position.element, "UP")
        if not text:
            return
        item.price = figures.decimal(text)
        if item.price is None or abs(item.price) > MAX_PRICE:
            item.price = None
            self.note(position.where, f"The unit price “{text[:40]}” is no usable number.", is_error=True)
            return
        stated = figures.decimal(value(position.element, "IT"))
        if stated is None and self.bill.phase == "84":
            # An offer repeats no marks: a unit price without a total is what does not count.
            item.is_optional = True
        if item.quantity is None and stated == item.price:
            item.quantity = Decimal(1)
        if stated is None or item.quantity is None or item.is_optional:
            return
        amount = cents(item.price * item.quantity)
        item.correction = cents(stated) - amount
        if abs(stated) > MAX_PRICE:
            item.correction = Decimal(0)
            self.note(position.where, "Its total is too large to be true.", is_error=True)
        elif item.correction and child(position.element, "DiscountPcnt") is None:
            self.note(position.where, f"Its total is {stated}, its quantity at its price {amount}; {stated} is taken.")

    def read_markup(self, position, item):
        """Take a position that is a percentage of others as one amount."""
        item.unit, item.quantity = "psch", Decimal(1)
        item.price = figures.decimal(value(position.element, "IT"))
        if item.price is not None and abs(item.price) > MAX_PRICE:
            self.note(position.where, "Its total is too large to be true.", is_error=True)
        self.note(position.where, "A percentage on other positions: give it as one amount.")

    def tell_kind(self, position, item):
        """Note what is particular about a position, so that whoever prices it knows."""
        element = position.element
        if position.excluded == OPTIONAL:
            self.note(position.where, "Optional (Bedarfsposition): to be priced, not part of the total.")
        elif position.excluded == ALTERNATIVE:
            group = value(element, "ALNGroupNo")
            self.note(position.where, f"Alternative of group {group[:10]}: to be priced, not part of the total.")
        elif value(element, "Provis") == "WithTotal":
            self.note(position.where, "Optional (Bedarfsposition), part of the total.")
        elif child(element, "ALNGroupNo") is not None:
            self.note(position.where, f"Base of the alternatives of group {value(element, 'ALNGroupNo')[:10]}.")
        if is_yes(element, "UPBkdn"):
            self.note(position.where, "The client asks for the parts of the unit price.")
        if not self.has_prices and any(
            texts.is_for_bidder(found) for found in element.iter() if local(found) == "TextComplement"
        ):
            self.note(position.where, f"The client asks you to fill in the text where it shows {texts.GAP}")
        if any(is_yes(part, "UPSpec") for part in children(element, "SubDescr")):
            self.note(position.where, "Prices of its sub-descriptions are asked for, which is not supported.")

    def note(self, where, message, is_error=False):
        self.draft.notes.append(Note(where, message, is_error))
