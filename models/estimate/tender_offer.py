"""Drafts as GAEB DA XML: the offer that answers a tender, or a file of our own."""

import base64

from odoo import fields
from odoo.exceptions import UserError

from ...core.estimate.exchange import DraftError
from ...core.estimate.gaeb.budget import write_budget
from ...core.estimate.gaeb.offer import Bidder, write_offer
from .tender_draft import get_parts


def write_gaeb(record, draft, total, sheet=None, has_texts=False):
    """Write an offer.

    :param record: the sheet or quote that is offered
    :param draft: its `Draft`
    :param total: what the offer must come to, tax excluded
    :param sheet: the `construction.evaluation` whose tender is answered; without one it is a file of its own
    :param has_texts: also repeat the texts of the tender
    :return: an `Offer`
    :raise UserError: when draft and tender do not fit together, item by item
    """
    env, currency = record.env, record.currency_id
    today = fields.Date.context_today(record)
    bidder = get_bidder(record.company_id)
    tender = sheet.with_context(bin_size=False).tender_file if sheet else False
    try:
        if tender:
            data = base64.b64decode(tender)
            offer = write_offer(data, draft, bidder, today, has_texts, get_parts(sheet, draft, data))
        else:
            offer = write_budget(draft, bidder, today)
    except DraftError as error:
        raise UserError(env._("The offer cannot be written:\n%(faults)s", faults=str(error))) from error
    if currency.compare_amounts(float(offer.total), total):
        raise UserError(
            env._(
                "The offer would come to %(offered)s, but %(record)s comes to %(total)s. Take off what the tender does "
                "not have, such as a line for rounding, and give the items unit prices of two or three decimals.",
                offered=currency.format(float(offer.total)),
                record=record.display_name,
                total=currency.format(total),
            )
        )
    return offer


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
