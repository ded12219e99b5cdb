"""An evaluation sheet or quote as GAEB DA XML: the offer that answers its tender, or a file of its own."""

import base64

from odoo import fields
from odoo.exceptions import UserError

from ...core.estimate.exchange.draft import DraftError
from ...core.estimate.gaeb.budget import write_budget, write_tender
from ...core.estimate.gaeb.offer import Bidder, write_offer
from .tender_draft import get_parts


def write_gaeb(sheet, draft, total, has_texts=False):
    """Write the offer for a sheet.

    :param sheet: the `construction.evaluation` whose tender is answered; one without a tender gets a file of its own
    :param draft: the `Draft` of the sheet, or of its quote
    :param total: what the offer must come to, tax excluded
    :return: an `Offer`
    :raise UserError: when sheet and tender do not fit together, item by item
    """
    today = fields.Date.context_today(sheet)
    bidder = get_bidder(sheet.company_id)
    tender = sheet.with_context(bin_size=False).tender_file
    try:
        if tender:
            data = base64.b64decode(tender)
            parts = get_parts(sheet, draft, data)
            offer = write_offer(data, draft, bidder, today, has_texts, parts)
        else:
            offer = write_budget(draft, bidder, today)
    except DraftError as error:
        raise UserError(sheet.env._("The offer cannot be written:\n%(faults)s", faults=str(error))) from error
    currency = sheet.currency_id
    if currency.compare_amounts(float(offer.total), total):
        raise UserError(
            sheet.env._(
                "The offer would come to %(offered)s and %(sheet)s comes to %(total)s. Give the items unit prices of "
                "at most three decimals.",
                offered=currency.format(float(offer.total)),
                sheet=sheet.display_name,
                total=currency.format(total),
            )
        )
    return offer


def write_inquiry(sheet, draft):
    """Write the items of a sheet as a tender without prices, to ask others for theirs.

    :return: the bytes
    """
    return write_tender(draft, fields.Date.context_today(sheet))


def get_bidder(company):
    """Give the company as the bidder of an offer."""
    partner = company.partner_id
    return Bidder(
        name=company.name or "",
        street=partner.street or "",
        zip=partner.zip or "",
        city=partner.city or "",
        country=partner.country_id.name or "",
        phone=partner.phone or "",
        email=partner.email or "",
        vat=partner.vat or "",
    )
