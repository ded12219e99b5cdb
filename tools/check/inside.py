"""The import of a file inside Odoo, and the facts about what it made."""

import base64
import time
from decimal import Decimal

from odoo.exceptions import UserError

from odoo.addons.construction_crm.core.estimate.exchange.summary import summarize_draft
from odoo.addons.construction_crm.models.estimate.draft_importer import DraftImporter
from odoo.addons.construction_crm.models.estimate.draft_preview import Preview


def check(env, data, filename):
    """See `tools.check.main`."""
    started = time.monotonic()
    wizard = env["construction.import"].new(
        {"file": base64.b64encode(data), "filename": filename, "currency_mode": "as_is"}
    )
    try:
        draft = wizard._read_draft()
        wizard._check_choices(draft)
        facts = _import(env, wizard, draft)
    except UserError as error:
        return {"file": filename, "error": error.args[0]}
    finally:
        env.cr.rollback()
    return facts | {"seconds": round(time.monotonic() - started, 2)}


def _import(env, wizard, draft):
    importer = DraftImporter(env, draft, wizard._prepare_options(draft))
    summary = summarize_draft(draft, env.company.currency_id.decimal_places)
    facts = {
        "file": wizard.filename,
        "format": wizard.format or wizard._guess_format(wizard._get_data()),
        "kind": draft.kind,
        "title": draft.title,
        "program": draft.program,
        "currency": draft.currency,
        "chapters": [],
        "total": None,
    }
    if draft.items:
        sheet = wizard._make_sheet(draft)
        importer.import_sheet(sheet)
        env.flush_all()
        env.invalidate_all()
        facts |= _sheet_facts(sheet, draft, summary)
    else:
        importer.import_catalogue()
        env.flush_all()
    return facts | {
        "stated_total": _text(draft.stated_total),
        "steps": [
            {"name": name, "amount": _text(amount)} for name, amount in Preview(env, draft).totals() if draft.items
        ],
        "vat": _text(draft.vat, 0),
        "counts": summary["counts"],
        "made": importer.counts,
        "report": [{"where": note.where, "message": note.message} for note in importer.notes],
        "report_left_out": draft.notes_left_out,
    }


def _sheet_facts(sheet, draft, summary):
    """The chapters and the total as they stand in the database."""
    zones = sheet.zone_ids.sorted(lambda zone: (zone.sequence, zone.id))
    stated = [chapter["stated_total"] for chapter in summary["chapters"]]
    return {
        "total": _text(sheet.amount_total),
        "chapters": [
            {
                "code": zone.code or "",
                "name": zone.name,
                "depth": zone.complete_name.count(" / ") if zone.parent_id else 0,
                "parent": zone.parent_id.code or None,
                "items": len(zone.line_ids),
                "total": _text(zone.amount_total),
                "stated_total": _text(told),
            }
            for zone, told in zip(zones, stated)
        ],
    }


def _text(number, digits=2):
    """An amount as text, so that no cent is lost on the way."""
    if number is None:
        return None
    number = number if isinstance(number, Decimal) else Decimal(repr(number))
    text = f"{number.normalize():f}"
    whole, _point, decimals = text.partition(".")
    return f"{whole}.{decimals.ljust(digits, '0')}" if digits or decimals else whole
