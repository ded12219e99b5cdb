"""Rows of a file on their way to becoming deals: known deals, clients and sites are found for all rows at once."""

from odoo.fields import Domain
from odoo.tools import SQL, float_repr

from ...core.pipeline import tax_number as tax_ids
from .deal_clients import ClientFinder
from .deal_import_follow_up import follow_up
from .ir_fields_converter import IMPORT_NAMES

SITE_COLUMNS = ("site_street", "site_zip", "site_city")
# An empty cell of these is as good as no cell: their default stands.
DEFAULTED = ("construction_type_id", "user_id", "type", "stage_id", "priority")

# What team, stage and the precomputed values of a deal without a client go by.
DECIDING = ("user_id", "type", "team_id", "stage_id", "company_id", "construction_type_id")

# What a deal without a client computes, for nothing, from the client.
NO_CLIENT = dict.fromkeys(
    (
        "contact_name",
        "partner_name",
        "function",
        "website",
        "lang_id",
        "street",
        "street2",
        "zip",
        "city",
        "state_id",
        "country_id",
        "site_id",
        "vat",
    ),
    False,
)


# What stock works out from a recurring revenue.
RECURRING = ["recurring_revenue_monthly", "recurring_revenue_monthly_prorated", "recurring_revenue_prorated"]
# How an empty field stands in the database, by its type.
EMPTY = {"monetary": 0, "boolean": False}


class DealImport:
    """One call of the importer: `fields` and `data` as Odoo's importer takes them, `errors` by row."""

    def __init__(self, leads, fields, data):
        self.leads = leads
        self.env = leads.env
        self.fields = list(fields)
        limit = self.env.context.get("_import_limit")
        self.rows = [dict(zip(fields, row)) for row in data[:limit]]
        self.rest = data[limit:] if limit is not None else []
        self.errors = []
        self.created_ids = []
        self.names = {}
        self.defaults = {}
        self.remembered = {}

    def get_context(self):
        """Context for loading: nothing is tracked or notified row by row, that is done for all at the end."""
        return {
            IMPORT_NAMES: self.names,
            "tracking_disable": True,
            "mail_create_nolog": True,
            "mail_create_nosubscribe": True,
        }

    @property
    def data(self):
        """The rows as lists again; those after the limit only hold their places."""
        rows = [[row.get(name, "") for name in self.fields] for row in self.rows]
        return rows + [[""] * len(self.fields) for _row in self.rest]

    def prepare(self):
        """Find the deals, clients and sites of all rows."""
        has_ids = bool({"id", ".id"} & set(self.fields))
        deals = self._find_deals() if "import_reference" in self.fields else {}
        self._check_types(deals)
        if not has_ids:
            self._fill_names(deals)
        self._check_tax_ids()
        finder = ClientFinder(self)
        if not any(name.split("/")[0] == "partner_id" for name in self.fields):
            finder.find_clients(deals)
        if not any(name.split("/")[0] == "site_id" for name in self.fields):
            finder.find_sites(deals)
        self.fields = [name for name in self.fields if name not in SITE_COLUMNS]

    def finish(self):
        """What saving deals one by one would have done: followers and a note in the history of each new one."""
        follow_up(self.leads.browse(self.created_ids))

    def complete_values(self, values):
        """Values of a new deal: computed and default values stand where the file says nothing."""
        lead_fields = self.leads._fields
        values = {
            name: value
            for name, value in values.items()
            if value or not (lead_fields[name].compute or name in DEFAULTED)
        }
        # Team and stage cost four searches a deal; they depend on these only, and so does what is precomputed.
        key = tuple(values.get(name, "") for name in DECIDING)
        if key not in self.defaults:
            self.defaults[key] = self._read_defaults({name: values[name] for name in DECIDING if name in values})
        usual, of_nobody = self.defaults[key]
        return usual | values if values.get("partner_id") else usual | of_nobody | values

    def keep_values(self, values):
        """Values of a known deal: an empty cell takes neither its responsible nor its stage away."""
        return {name: value for name, value in values.items() if value or name not in DEFAULTED}

    def _read_defaults(self, given):
        """What a deal with these values gets: (each, the one without a client); read from one, not from each."""
        leads = self.leads
        wanted = [name for name in ("user_id", "type", "construction_type_id") if name not in given]
        lead = leads.new(leads.default_get(wanted) | given)
        precomputed = [field for name, field in leads._fields.items() if field.precompute and name != "lead_properties"]
        if not lead.lead_properties:
            precomputed.append(leads._fields["lead_properties"])
        of_nobody = {field.name: field.convert_to_write(lead[field.name], lead) for field in precomputed}
        of_nobody["company_id"] = lead.company_id.id
        return {"team_id": lead.team_id.id, "stage_id": lead.stage_id.id}, of_nobody | NO_CLIENT

    def remember(self, key, find, *args):
        """What `find` returns, asked only once for each key."""
        if key not in self.remembered:
            self.remembered[key] = find(*args)
        return self.remembered[key]

    def spare_sums(self, leads):
        """Sums of deals that were just made: nothing hangs on them yet, so none is worked out deal by deal."""
        empty = leads._get_sums_from_documents()
        if not any(leads.mapped("recurring_revenue")):
            empty += RECURRING
        amounts = [self._read_prorated_revenue(lead) for lead in leads]
        names = [*empty, "prorated_revenue"]
        for name in names:
            self.env.remove_to_compute(leads._fields[name], leads)
        # SQL: a value of the currency's accuracy for each deal and sum costs as much as the rest of the deal.
        self.env.execute_query(
            SQL(
                "UPDATE crm_lead SET %s, prorated_revenue = deal.amount "
                "FROM unnest(%s::int[], %s::numeric[]) AS deal (id, amount) WHERE crm_lead.id = deal.id RETURNING 1",
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), EMPTY.get(leads._fields[name].type)) for name in empty
                ),
                leads.ids,
                amounts,
            )
        )
        leads.invalidate_recordset(names, flush=False)

    @staticmethod
    def _read_prorated_revenue(lead):
        """The revenue by its probability as stock computes it, written with the decimals of the currency."""
        amount, currency = round(lead.expected_revenue * lead.probability / 100, 2), lead.company_currency
        return float_repr(currency.round(amount), currency.decimal_places)

    # === HELP FOR EACH STEP === #

    @staticmethod
    def text(row, name):
        """What a cell says, as text."""
        value = row.get(name)
        return str(value).strip() if value not in (None, False) else ""

    def add_error(self, index, name, message):
        """Refuse a row; the importer shows it at its column."""
        self.errors.append(
            {
                "type": "error",
                "message": message,
                "record": index,
                "rows": {"from": index, "to": index},
                "field": name,
                "field_name": self.leads._fields[name]._description_string(self.env),
                "value": self.text(self.rows[index], name),
            }
        )

    def add_column(self, name, values):
        """A column of database ids; values: row → id or empty."""
        self.fields.append(name)
        field = name.partition("/")[0]
        for row, value in zip(self.rows, values):
            row[name] = str(value or "")
            if value and name.endswith("/.id"):
                self.names[self.leads._fields[field].comodel_name, field, ".id", row[name]] = value, []

    # === STEPS === #

    def _find_deals(self):
        """Rows whose reference a deal has already are changes of that deal: {index of the row: deal}."""
        if {"id", ".id"} & set(self.fields):
            return {}
        places = self._find_references()
        domain = Domain("import_reference", "in", list(places)) & Domain(
            "company_id", "in", [False, self.env.company.id]
        )
        # sudo: a deal of a colleague must not be made a second time; whether it may be written is checked right below.
        found = self.leads.sudo().with_context(active_test=False).search(domain).sudo(False) if places else self.leads
        writable = found._filtered_access("write")
        deals = {}
        for deal_sudo in found.sudo():
            index = places[deal_sudo.import_reference]
            if deal_sudo.sudo(False) not in writable:
                message = self.env._(
                    "The reference “%(reference)s” is of a deal that you may not change.",
                    reference=deal_sudo.import_reference,
                )
                self.add_error(index, "import_reference", message)
            elif index in deals:
                message = self.env._(
                    "Several deals have the reference “%(reference)s”. Give each its own first.",
                    reference=deal_sudo.import_reference,
                )
                self.add_error(index, "import_reference", message)
            else:
                deals[index] = deal_sudo.sudo(False)
        if deals:
            self.add_column(".id", [deals[index].id if index in deals else "" for index in range(len(self.rows))])
        return deals

    def _find_references(self):
        """Where each reference stands: {reference: index of the row}; one that stands twice is an error."""
        places = {}
        for index, row in enumerate(self.rows):
            reference = self.text(row, "import_reference")
            if reference in places:
                message = self.env._(
                    "The reference “%(reference)s” stands twice in the file. Each deal needs one row.",
                    reference=reference,
                )
                self.add_error(index, "import_reference", message)
            elif reference:
                places[reference] = index
        return places

    def _check_types(self, deals):
        """Every deal of our screens has a construction type; one that is not given cannot be guessed among several."""
        column = next((name for name in self.fields if name.split("/")[0] == "construction_type_id"), None)
        for index, row in enumerate(self.rows):
            if column and self.text(row, column):
                continue
            deal = deals.get(index)
            if deal and deal.construction_type_id:
                if column:
                    row[column] = self._say_type(column, deal.construction_type_id)
            elif not self.remember("construction_type_id", self.leads.default_get, ["construction_type_id"]):
                message = self.env._("Every deal needs a construction type. Fill in this column.")
                self.add_error(index, "construction_type_id", message)

    @staticmethod
    def _say_type(column, kind):
        if column.endswith("/.id"):
            return str(kind.id)
        return kind.get_external_id()[kind.id] if column.endswith("/id") else kind.display_name

    def _fill_names(self, deals):
        """A deal without a name is called like who wants it, and a known one as it was."""
        if "name" not in self.fields:
            if len(deals) == len(self.rows):
                return
            self.fields.append("name")
        for index, row in enumerate(self.rows):
            if self.text(row, "name"):
                continue
            called = deals[index].name if index in deals else self.text(row, "partner_name")
            row["name"] = called or self.text(row, "contact_name")
            if not row["name"]:
                message = self.env._("Say what this deal is called, or at least who the client is.")
                self.add_error(index, "name", message)
                # Said once: the importer would say it again in its own words.
                row["name"] = "?"

    def _check_tax_ids(self):
        """Numbers of which the country is known must be true; those of the union are written in the same way."""
        if "vat" not in self.fields:
            return
        codes = self._read_country_codes()
        for index, row in enumerate(self.rows):
            text = self.text(row, "vat")
            if not text:
                continue
            try:
                found = tax_ids.read(text, [codes.get(self.text(row, "country_id"))])
                row["vat"] = str(found) if found.country in tax_ids.EU_COUNTRIES else text
            except tax_ids.WrongTaxId as error:
                # With neither a prefix nor a country nobody knows whose digits to check.
                if error.country:
                    country = self.env["res.country"].search([("code", "=", error.country)], limit=1)
                    message = self.env._(
                        "“%(number)s” is no tax id of %(country)s.", number=text, country=country.name or error.country
                    )
                    self.add_error(index, "vat", message)
                else:
                    row["vat"] = tax_ids.compact(text)

    def _read_country_codes(self):
        """The codes of the countries the rows name, in the language of the user: {name: code}."""
        names = {self.text(row, "country_id") for row in self.rows} - {""}
        if not names:
            return {}
        return {country.name: country.code for country in self.env["res.country"].search([("name", "in", list(names))])}
