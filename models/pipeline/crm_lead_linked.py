import contextlib

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from .construction_site_mixin import SITE_FIELDS

# What the form of a deal takes from its client and its company; `parent_path` is what the rules of contacts go by.
CLIENT_FIELDS = (
    "active",
    "city",
    "commercial_partner_id",
    "company_id",
    "country_id",
    "email",
    "email_normalized",
    "is_company",
    "lang",
    "name",
    "parent_id",
    "partner_latitude",
    "partner_longitude",
    "phone",
    "state_id",
    "street",
    "street2",
    "type",
    "vat",
    "zip",
    *SITE_FIELDS,
)
ROWS = SQL("COUNT(*)")
COMPANY_FIELDS = ("active", "currency_id", "parent_path")


class CrmLead(models.Model):
    """What hangs on a deal is counted in one query: most deals have little of it, and their form asks no further."""

    _inherit = "crm.lead"

    # By sudo: it only says whether there is something to look for, with the rights of whoever looks.
    linked_counts = fields.Json(compute="_compute_linked_counts", compute_sudo=True, export_string_translation=False)

    # === COMPUTE === #

    @api.depends("party_ids", "member_ids", "competitor_ids")
    def _compute_linked_counts(self):
        counters = self._get_linked_counters()
        found = {}
        if deals := self._origin:
            rows = self.env.execute_query(
                SQL(
                    "SELECT lead.id, %s FROM unnest(%s) lead(id)",
                    SQL(", ").join(self._count_linked(*counter) for counter in counters.values()),
                    deals.ids,
                )
            )
            found = {lead_id: dict(zip(counters, counts, strict=True)) for lead_id, *counts in rows}
        for lead in self:
            lead.linked_counts = found.get(lead._origin.id) or dict.fromkeys(counters, 0)

    def _count_linked(self, model, counted=ROWS):
        records = self.env[model]
        link = SQL.identifier("linked", "lead_id", to_flush=records._fields["lead_id"])
        return SQL("(SELECT %s FROM %s linked WHERE %s = lead.id)", counted, SQL.identifier(records._table), link)

    # === READ === #

    def web_read(self, specification):
        """Read the rows of a list only where there are any: a form has many lists, and most of them are empty."""
        lists = self._get_form_lists().keys() & specification.keys() if len(self) == 1 else ()
        found = super().web_read({**specification, **dict.fromkeys(lists, {})})
        if lists and found and (filled := {name: specification[name] for name in lists if found[0][name]}):
            found[0] |= super().web_read(filled)[0]
        return found

    def _fetch_query(self, query, fields):
        """For the form of a deal, look into those lists only that have something in them."""
        lists = self._get_form_lists()
        asked = [field for field in fields if field.name in lists]
        # one list by itself may be what its flag is worked out from
        if len(asked) < len(lists):
            return super()._fetch_query(query, fields)
        fetched = super()._fetch_query(query, [field for field in fields if field not in asked])
        for field in asked:
            flag = lists[field.name]
            filled = fetched.filtered(flag or (lambda lead, name=field.name: lead.linked_counts[name]))
            empty = fetched - filled
            field._insert_cache(empty, [()] * len(empty))
            if filled:
                field.read(filled)
        deal = fetched.filtered("construction_type_id")
        if len(deal) == 1:
            deal._fetch_for_form()
        return fetched

    def _fetch_for_form(self):
        """Take of the client, the company and the orders what the form needs: by itself Odoo reads whole rows."""
        for name, names in self._get_fields_for_form().items():
            # whom it is refused, stock tells so where it matters
            with contextlib.suppress(AccessError):
                self[name].fetch(names)
        # stock formats the number of a deal as that of the user
        self.env.user.partner_id.fetch(["phone"])

    # === HOOKS === #

    @api.model
    def _get_linked_counters(self):
        """What to count: a name → (model with a `lead_id`, SQL of what is counted; its rows unless said)."""
        return {
            "party_ids": ("construction.party",),
            "member_ids": ("construction.member",),
            "competitor_ids": ("construction.competitor",),
        }

    @api.model
    def _get_form_lists(self):
        """The lists on the form → the stored field that says whether there is anything; None where it is counted."""
        return {"party_ids": None, "member_ids": None, "competitor_ids": None, "shown_step_ids": "has_steps"}

    @api.model
    def _get_fields_for_form(self):
        """What computed fields of the form read of other records: name of the field → names of theirs."""
        return {"company_id": COMPANY_FIELDS, "partner_id": CLIENT_FIELDS}
