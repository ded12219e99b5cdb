"""What new deals of a file get in one batch: their responsible as follower, a note, and a word on duplicates."""

from markupsafe import Markup, escape

from odoo import fields
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.mail import generate_tracking_message_id

# A number or address that so many have says nothing.
MOST_ALIKE = 20
# Notes name so many deals.
MOST_NAMED = 5


def follow_up(leads):
    """Followers, history and duplicates of deals that were just made from a file."""
    env = leads.env
    env.flush_all()
    _add_followers(leads)
    alike = find_alike(leads)
    _add_notes(leads, alike)
    if alike:
        env.user._bus_send(
            "simple_notification",
            {
                "type": "warning",
                "sticky": True,
                "title": env._("Possible Duplicates"),
                "message": env._(
                    "%(count)s of %(total)s rows look like deals that exist already: %(names)s. "
                    "Their history says which; “Similar Leads” on the form shows them.",
                    count=len(alike),
                    total=len(leads),
                    names=", ".join(leads.browse(list(alike)[:MOST_NAMED]).mapped("name")),
                ),
            },
        )


def _add_followers(leads):
    """Whoever is responsible for a new deal follows it, with the subtypes stock proposes."""
    followers = [
        (lead.id, lead.user_id.partner_id.id) for lead in leads if lead.user_id.active and lead.user_id.partner_id
    ]
    if not followers:
        return
    env = leads.env
    subtypes, _internal, _external = env["mail.message.subtype"].default_subtypes(leads._name)
    # SQL: the deals are new, so nothing is to be checked; a thousand records through the ORM cost as much as they do.
    made = env.execute_query(
        SQL(
            "INSERT INTO mail_followers (res_model, res_id, partner_id) "
            "SELECT %s, * FROM unnest(%s::int[], %s::int[]) RETURNING id",
            leads._name,
            [lead_id for lead_id, _partner_id in followers],
            [partner_id for _lead_id, partner_id in followers],
        )
    )
    env.execute_query(
        SQL(
            "INSERT INTO mail_followers_mail_message_subtype_rel (mail_followers_id, mail_message_subtype_id) "
            "SELECT * FROM unnest(%s::int[]) a, unnest(%s::int[]) b RETURNING 1",
            [row[0] for row in made],
            subtypes.ids,
        )
    )
    env["mail.followers"].invalidate_model(flush=False)
    leads.invalidate_recordset(["message_follower_ids", "message_partner_ids"], flush=False)


def _add_notes(leads, alike):
    """A note in the history of each new deal; those who know a duplicate, with its name."""
    env = leads.env
    note = env._("Imported from a file.")
    author_id, email_from = leads._message_compute_author()
    # SQL: for the same reason. Nobody is notified, nothing is attached, and each text is ours and escaped.
    env.execute_query(
        SQL(
            "INSERT INTO mail_message (create_uid, write_uid, create_date, write_date, date, message_type, "
            "is_internal, email_add_signature, subtype_id, author_id, email_from, reply_to, message_id, model, res_id, "
            "body) "
            "SELECT %s, %s, %s, %s, %s, 'notification', true, false, %s, %s, %s, %s, %s, %s, * "
            "FROM unnest(%s::int[], %s::text[]) RETURNING 1",
            env.uid,
            env.uid,
            env.cr.now(),
            env.cr.now(),
            fields.Datetime.now(),
            env["ir.model.data"]._xmlid_to_res_id("mail.mt_note"),
            author_id,
            email_from,
            env["mail.thread"]._notify_get_reply_to(default=email_from, author_id=author_id)[False],
            generate_tracking_message_id("message-notify"),
            leads._name,
            leads.ids,
            [str(_get_note(lead, alike.get(lead.id), escape(note))) for lead in leads],
        )
    )
    leads.invalidate_recordset(["message_ids"], flush=False)


def _get_note(lead, others, note):
    """The note of one deal, with those it looks like."""
    if not others:
        return note
    shown = others._filtered_access("read")[:MOST_NAMED]
    if not shown:
        return Markup("%s<br/>%s") % (note, lead.env._("A colleague may have the same deal already."))
    links = Markup(", ").join(
        Markup('<a href="#" data-oe-model="crm.lead" data-oe-id="%s">%s</a>') % (other.id, other.name)
        for other in shown
    )
    return Markup("%s<br/>%s %s") % (note, lead.env._("It may be the same as:"), links)


def find_alike(leads):
    """Deals with the same tax id, e-mail address, phone number or client: {id: deals}, a query for each.

    The same criteria as stock's `duplicate_lead_ids`, but for many deals at once.
    """
    alike = {}
    # sudo: as in stock, a duplicate counts whoever works on it; only those the user may read are named.
    all_leads_sudo = leads.sudo().with_context(active_test=False)
    companies = [False, *leads.env.companies.ids]
    for name in ("vat", "email_normalized", "phone_sanitized", "partner_id"):
        keys = {_get_key(lead[name]) for lead in leads} - {False, ""}
        if not keys:
            continue
        domain = Domain(name, "in", list(keys)) & Domain("company_id", "in", companies)
        if name == "email_normalized":
            domain &= Domain("email_domain_criterion", "in", _get_criteria(keys))
        groups = all_leads_sudo._read_group(domain, [name], ["id:array_agg"])
        same = {_get_key(value): ids for value, ids in groups if 1 < len(ids) <= MOST_ALIKE}
        for lead in leads:
            others = [lead_id for lead_id in same.get(_get_key(lead[name]), ()) if lead_id != lead.id]
            if others:
                alike[lead.id] = alike.get(lead.id, leads.browse()) | leads.browse(others)
    return alike


def _get_criteria(addresses):
    """What stock may have stored as criterion for these: its index is quick, that of addresses is for parts of them."""
    return list(addresses | {f"@{address.rpartition('@')[2]}" for address in addresses})


def _get_key(value):
    """A value to compare by: the id of a record."""
    return value if isinstance(value, str | bool) else value.id
