import re

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# What people write between the parts of a phone number or of a tax id.
NOT_DIGITS = re.compile(r"\D")
SEPARATORS = re.compile(r"[\s./\\\-]")
# Fewer digits find half of all deals.
SHORTEST_PHONE = 3
# With fewer the code of the country is part of what was typed; the longest code has four.
SHORTEST_NATIONAL = 6
LONGEST_CODE = 4
# What can only be a phone number, or a tax id, is looked for without being asked which it is.
LIKE_A_PHONE = re.compile(r"[\d\s()+./\-]{6,}")
LIKE_A_TAX_ID = re.compile(r"(?:[A-Za-z]{2})?[\s.\-]*\d[\d\s./\-]{3,}")


class CrmLead(models.Model):
    """Finding a deal: those nobody will do anything about, and one by what the caller says of himself."""

    _inherit = "crm.lead"

    has_no_next_task = fields.Boolean(
        string="No Next Task",
        compute="_compute_has_no_next_task",
        search="_search_has_no_next_task",
        help="Nothing is planned on this open deal, or all that is planned is overdue.",
    )
    # What to look for is typed here, nothing is shown.
    phone_search = fields.Char(
        string="Phone in Any Format",
        store=False,
        search="_search_phone_search",
        export_string_translation=False,
    )
    tax_id_search = fields.Char(
        string="Tax ID of the Client",
        store=False,
        search="_search_tax_id_search",
        export_string_translation=False,
    )
    document_search = fields.Char(
        string="Quote, Contract or Project Number",
        store=False,
        search="_search_document_search",
        export_string_translation=False,
    )

    caller_search = fields.Char(
        string="Whatever a Caller Says",
        store=False,
        search="_search_caller_search",
        export_string_translation=False,
    )

    # === COMPUTE === #

    @api.depends("activity_ids.date_deadline", "won_status", "active", "type", "construction_type_id")
    def _compute_has_no_next_task(self):
        today = fields.Date.context_today(self)
        deals = self.filtered(lambda lead: lead.construction_type_id and lead.type == "opportunity" and lead.active)
        deals = deals.filtered(lambda lead: lead.won_status == "pending")
        days = deals._get_activity_days()
        idle = deals.filtered(lambda lead: not any(day >= today for day in days.get(lead.id, ())))
        idle.has_no_next_task = True
        (self - idle).has_no_next_task = False

    def _get_activity_days(self):
        """The deadlines of what is planned on these leads: dict of id → list of days. One pass, not one a lead."""
        days = {lead.id: lead.activity_ids.mapped("date_deadline") for lead in self if not lead.id}
        saved = self.filtered("id")
        own = saved._filtered_access("write")
        activities = own.activity_ids
        if others := saved - own:
            # sudo: on a deal one may only read, Odoo hides what colleagues plan; the filter counts it, so must the mark
            domain = [("res_model", "=", self._name), ("res_id", "in", others.ids)]
            activities += activities.sudo().search_fetch(domain, ["res_id", "date_deadline"])
        for activity in activities:
            days.setdefault(activity.res_id, []).append(activity.date_deadline)
        return {lead_id: [day for day in found if day] for lead_id, found in days.items()}

    @api.model
    def _search_has_no_next_task(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain(
            [
                ("construction_type_id", "!=", False),
                ("type", "=", "opportunity"),
                ("active", "=", True),
                ("won_status", "=", "pending"),
                ("id", "not in", self._select_with_next_task()),
            ]
        )

    def _read_group_groupby(self, alias, groupby_spec, query):
        """Count by it, too, though it is not stored: it changes with the day."""
        if groupby_spec != "has_no_next_task":
            return super()._read_group_groupby(alias, groupby_spec, query)
        return SQL(
            "(%(deal)s.construction_type_id IS NOT NULL AND %(deal)s.type = 'opportunity' AND %(deal)s.active"
            " AND %(deal)s.won_status = 'pending' AND %(deal)s.id NOT IN %(planned)s)",
            deal=SQL.identifier(alias),
            planned=self._select_with_next_task(),
        )

    @api.model
    def _select_with_next_task(self):
        """The ids of leads on which something is planned that is not overdue."""
        self.env["mail.activity"].flush_model(["active", "date_deadline", "res_id", "res_model"])
        # SQL: through the activities' own search, the database would read each activity for each deal.
        return SQL(
            "(SELECT res_id FROM mail_activity"
            " WHERE res_model = %s AND active AND date_deadline >= %s AND res_id IS NOT NULL)",
            self._name,
            fields.Date.context_today(self),
        )

    @api.model
    def _search_phone_search(self, operator, value):
        """Find a number however it is written: 0722 123 456, (0722) 123-456, +40722123456, 0040 722…"""
        return self._search_typed(operator, value, self._get_phone_domain)

    @api.model
    def _search_tax_id_search(self, operator, value):
        """Find the client by his tax id, with or without the letters of the country and what stands between."""
        return self._search_typed(operator, value, self._get_tax_id_domain)

    @api.model
    def _search_document_search(self, operator, value):
        """Find a deal by the number of one of its documents."""
        return self._search_typed(operator, value, self._get_document_domain)

    @api.model
    def _search_caller_search(self, operator, value):
        """Find a deal by what was typed without saying what it is: a phone, a tax id or the number of a document."""
        return self._search_typed(operator, value, self._get_caller_domain)

    @api.model
    def _search_display_name(self, operator, value):
        """Choosing a deal for a document, too, it is found by the phone of its client."""
        domain = super()._search_display_name(operator, value)
        if operator == "ilike" and isinstance(value, str) and LIKE_A_PHONE.fullmatch(value):
            deals = Domain("construction_type_id", "!=", False)
            domain = Domain(domain) | (deals & self._get_phone_domain(value))
        return domain

    # === BUSINESS === #

    @api.model
    def _search_typed(self, operator, value, get_domain):
        values = [value] if isinstance(value, str) else list(value or [])
        typed = [text for text in values if isinstance(text, str) and text.strip()]
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        return Domain.OR(get_domain(text.strip()) for text in typed)

    @api.model
    def _get_phone_domain(self, text):
        """Which deals have this number, whichever of the two has the code of the country."""
        number = self._phone_format(number=text) or text
        # The trunk zero and the double zero of calls abroad are not part of the number.
        national = NOT_DIGITS.sub("", number).lstrip("0")
        if len(national) < SHORTEST_PHONE:
            return Domain.FALSE
        wanted = {self._strip_country_code(number, national)}
        code = str(self.env.company.country_id.phone_code or "")
        if code and national in wanted and national.startswith(code):
            # Typed with the code of our country, written down without it.
            wanted.add(national.removeprefix(code).lstrip("0"))
        wanted = {found for found in wanted if len(found) >= SHORTEST_PHONE}
        # Stock looks for `phone_mobile_search` in the database as it stands.
        self.flush_model(["phone"])
        return Domain.OR(
            Domain("phone_sanitized", "ilike", found)
            | Domain("phone_mobile_search", "ilike", found)
            | Domain("partner_id.phone_sanitized", "ilike", found)
            for found in wanted
        )

    @api.model
    def _strip_country_code(self, number, digits):
        """The part of a number for calls abroad which any way of writing it down has; other numbers as they are."""
        compact = SEPARATORS.sub("", number)
        if not compact.startswith(("+", "00", "(+", "(00")):
            return digits
        codes = [int(digits[:length]) for length in range(1, LONGEST_CODE + 1)]
        countries = self.env["res.country"].search([("phone_code", "in", codes)])
        code = min((str(country.phone_code) for country in countries), key=len, default="")
        rest = digits.removeprefix(code).lstrip("0")
        return rest if len(rest) >= SHORTEST_NATIONAL else digits

    @api.model
    def _get_tax_id_domain(self, text):
        """Which deals are of a client with this tax id."""
        wanted = {SEPARATORS.sub("", text)}
        # RO123 and 123 are the same client's.
        wanted |= {number for number in {re.sub(r"^[A-Za-z]{2}", "", text) for text in wanted} if len(number) > 1}
        wanted.discard("")
        return Domain.OR(
            Domain("vat", "ilike", number)
            | Domain("partner_id.vat", "ilike", number)
            | Domain("partner_id.commercial_partner_id.vat", "ilike", number)
            for number in wanted
        )

    @api.model
    def _get_caller_domain(self, text):
        """Which deals are meant by a number typed alone; words are looked for in names only."""
        if not any(character.isdigit() for character in text):
            return Domain.FALSE
        domain = self._get_document_domain(text)
        if LIKE_A_PHONE.fullmatch(text):
            domain |= self._get_phone_domain(text)
        if LIKE_A_TAX_ID.fullmatch(text):
            domain |= self._get_tax_id_domain(text)
        return domain

    # === HOOKS === #

    @api.model
    def _get_document_domain(self, text):
        """Which deals have a document with this number; the rooms of quotes, contracts and projects add theirs."""
        return Domain.FALSE
