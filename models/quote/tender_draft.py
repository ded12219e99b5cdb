"""A quote as the draft of an offer."""

from decimal import Decimal

from ..estimate.draft_exporter import DraftExporter
from ..estimate.tender_draft import get_draft, get_lines, shorten, split_texts


def get_order_draft(order):
    """Give the draft of a quote: with the positions of the tender its sheet was made from, if there is one."""
    sheet = order.evaluation_id
    if not sheet.tender_filename:
        draft = split_texts(DraftExporter(order.env, order.company_id, with_analysis=False).from_order(order))
        for item in draft.items:
            item.reference = ""
        return draft
    draft = get_draft(sheet)
    chapters = {
        line.evaluation_line_id: line
        for line in order.order_line
        if line.display_type == "line_section" and line.evaluation_line_id
    }
    rows = order.order_line.filtered(lambda line: not line.display_type).grouped("evaluation_line_id")
    for line, item in zip(get_lines(sheet), draft.items, strict=True):
        if not line.is_optional:
            item.price, item.correction = _get_price(line, chapters.get(line), rows.get(line, order.order_line[:0]))
    return draft


def _get_price(line, chapter, rows):
    """Give the unit price an item has on the quote; none where it was taken off."""
    quantity = Decimal(repr(line.quantity))
    if len(rows) == 1 and line.evaluation_id.price_source == "given":
        # The quote may round the quantity; what is offered is the unit price.
        price = Decimal(repr(rows.price_unit)) * (1 - Decimal(repr(rows.discount)) / 100)
        return round(price, 6), Decimal(repr(line.amount_correction))
    subtotal = chapter.chapter_subtotal if chapter else sum(rows.mapped("price_subtotal"))
    amount = Decimal(repr(float(subtotal)))
    if not quantity or not amount:
        return None, Decimal(0)
    return shorten(amount / quantity, quantity, amount)
