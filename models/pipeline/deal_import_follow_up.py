"""What new deals of a file get in one batch: their responsible as follower, a note, and a word on duplicates."""

from markupsafe import Markup

# A number or address that so many have says nothing.
MOST_ALIKE = 20
# Notes name so many deals.
MOST_NAMED = 5


def follow_up(leads):
    """Followers, history and duplicates of deals that were just made from a file."""
    for user, own in leads.grouped("user_id").items():
        if user.active and user.partner_id:
            own.message_subscribe(partner_ids=user.partner_id.ids)
    alike = find_alike(leads)
    env = leads.env
    note = env._("Imported from a file.")
    leads._message_log_batch(
        bodies={lead.id: _get_note(lead, alike.get(lead.id), note) for lead in leads},
    )
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
        groups = all_leads_sudo._read_group(
            [(name, "in", list(keys)), ("company_id", "in", companies)], [name], ["id:array_agg"]
        )
        same = {_get_key(value): ids for value, ids in groups if 1 < len(ids) <= MOST_ALIKE}
        for lead in leads:
            others = [lead_id for lead_id in same.get(_get_key(lead[name]), ()) if lead_id != lead.id]
            if others:
                alike[lead.id] = alike.get(lead.id, leads.browse()) | leads.browse(others)
    return alike


def _get_key(value):
    """A value to compare by: the id of a record."""
    return value if isinstance(value, str | bool) else value.id
