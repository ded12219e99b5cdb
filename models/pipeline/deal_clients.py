"""Finds clients and sites of imported deals among the contacts, and makes the missing ones, for all rows at once."""

from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import email_normalize

from ...core.pipeline import tax_number as tax_ids

SITE_PARTS = {"site_street": "street", "site_zip": "zip", "site_city": "city"}
# Contacts that were given all they take over, or that have nobody to take over from, need no such work one by one.
ALONE = {"_partners_skip_fields_sync": True}
# An address has neither followers nor a history of its own.
NO_HISTORY = {"tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True}
CLIENT_PARTS = {"street": "street", "street2": "street2", "zip": "zip", "city": "city", "phone": "phone"}


def give_clients(name, values):
    """Set a field of many clients at once: written one by one, the deals of each would be looked for.

    :param str name: a field that is just a text, `phone` or `email`
    :param dict values: client → text
    """
    clients = next(iter(values), None)
    if clients is None:
        return
    clients = clients.concat(*list(values)[1:])
    clients.check_access("write")
    # reason of sudo: whose user it is decides; stock then asks for rights on the user
    users = clients.filtered(lambda client: client.sudo().user_ids)
    for client in users:
        client[name] = values[client]
    field = clients._fields[name]
    others = clients - users
    for client in others:
        field._update_cache(client, values[client], dirty=True)
    others.modified([name])
    # now, for the history of the contacts to name this user
    others.flush_recordset()


class ClientFinder:
    """A client is found by its tax id, else by its e-mail address, else by the name of the company.

    One that is not found is made where the row gives its tax id or a site of its own; anybody else stays a name on the
    deal, as stock leads do, until somebody talks to them.
    """

    def __init__(self, deal_import):
        self.rows = deal_import.rows
        self.text = deal_import.text
        self.add_column = deal_import.add_column
        self.add_error = deal_import.add_error
        self.errors = deal_import.errors
        self.env = deal_import.env
        self.partners = deal_import.env["res.partner"]
        self.clients = {}

    # === CLIENTS === #

    def find_clients(self, deals):
        """The client of each row; deals: {index: known deal}, which keeps the client it has."""
        finders = (self._find_by_vat, self._find_by_email, self._find_by_name)
        self.clients = {index: deal.partner_id for index, deal in deals.items() if deal.partner_id}
        for find in finders:
            find({index: row for index, row in enumerate(self.rows) if index not in self.clients})
        self._make_clients({index: row for index, row in enumerate(self.rows) if index not in self.clients})
        if self.clients:
            clients = [self.clients.get(index, self.partners) for index in range(len(self.rows))]
            self.add_column("partner_id/.id", [client.id for client in clients])
            for row, client in zip(self.rows, clients):
                if client.vat and "vat" in row and not self.text(row, "vat"):
                    row["vat"] = client.vat

    def _search(self, domain):
        return self.partners.search(domain & Domain("company_id", "in", [False, self.env.company.id]), order="id")

    def _find_by_vat(self, rows):
        spelled = {}
        for index, row in rows.items():
            number = self.text(row, "vat")
            for spelling in self._spell(number) if number else ():
                spelled.setdefault(spelling, []).append(index)
        if not spelled:
            return
        found = self._search(Domain("vat", "in", list(spelled)))
        # The company itself before its contacts, which carry its number along.
        for partner in found.sorted(lambda partner: (bool(partner.parent_id), partner.id)):
            for index in spelled.get(partner.vat, ()):
                self.clients.setdefault(index, partner)

    def _spell(self, number):
        company = self.env.company
        try:
            return tax_ids.spellings(
                number, tax_ids.read(number, [company.account_fiscal_country_id.code or company.country_id.code])
            )
        except tax_ids.WrongTaxId:
            return tax_ids.spellings(number)

    def _find_by_email(self, rows):
        addresses = {}
        for index, row in rows.items():
            address = email_normalize(self.text(row, "email_from"))
            # Somebody with another tax id writes from the same address: not the same client.
            if address and not self.text(row, "vat"):
                addresses.setdefault(address, []).append(index)
        if not addresses:
            return
        for partner in self._search(Domain("email_normalized", "in", list(addresses))):
            for index in addresses[partner.email_normalized]:
                self.clients.setdefault(index, partner)

    def _find_by_name(self, rows):
        names = {}
        for index, row in rows.items():
            if self.text(row, "partner_name") and not self.text(row, "vat"):
                names.setdefault(self.text(row, "partner_name"), []).append(index)
        if not names:
            return
        found = {}
        for partner in self._search(Domain("name", "in", list(names)) & Domain("is_company", "=", True)):
            found.setdefault(partner.name, []).append(partner)
        for name, partners in found.items():
            # Of two companies with one name, neither is guessed.
            if len(partners) == 1:
                self.clients |= dict.fromkeys(names[name], partners[0])

    def _make_clients(self, rows):
        values, places = {}, {}
        refused = {error["record"] for error in self.errors}
        for index, row in rows.items():
            if index in refused:
                continue
            name = self.text(row, "partner_name") or self.text(row, "contact_name")
            if not name or not (self.text(row, "vat") or self._read_site(row)):
                continue
            key = self.text(row, "vat") or name.casefold()
            values.setdefault(key, self._prepare_client_values(row, name))
            places.setdefault(key, []).append(index)
        try:
            with self.env.cr.savepoint():
                made = list(self.partners.with_context(**ALONE).create(list(values.values())))
        except ValidationError:
            made = [self._make_client(values[key], places[key]) for key in values]
        for partner, indexes in zip(made, places.values()):
            if partner:
                self.clients |= dict.fromkeys(indexes, partner)

    def _make_client(self, values, indexes):
        """One client; what contacts do not allow, as a number another addon refuses, is said at its rows."""
        try:
            with self.env.cr.savepoint():
                return self.partners.create(values)
        except ValidationError as error:
            for index in indexes:
                self.add_error(index, "vat" if values["vat"] else "partner_name", str(error).strip())
        return self.partners

    def _prepare_client_values(self, row, name):
        values = {field: self.text(row, column) for column, field in CLIENT_PARTS.items() if self.text(row, column)}
        country = self._find_country(self.text(row, "country_id"))
        return values | {
            "name": name,
            "is_company": bool(self.text(row, "partner_name")),
            "vat": self.text(row, "vat") or False,
            "email": self.text(row, "email_from") or False,
            "country_id": country.id,
        }

    def _find_country(self, name):
        """A country by its name in the user's language; the importer itself refuses one it does not know."""
        if not name:
            return self.env["res.country"]
        return self.env["res.country"].search([("name", "=", name)], limit=1)

    # === SITES === #

    def _read_site(self, row):
        parts = {field: self.text(row, column) for column, field in SITE_PARTS.items()}
        return {field: part for field, part in parts.items() if part}

    def find_sites(self, deals):
        """The site of each row, an address of its client; a site that is the client's own address is no site."""
        wanted = {}
        sites = {index: deal.site_id.id for index, deal in deals.items() if deal.site_id}
        for index, row in enumerate(self.rows):
            client, site = self.clients.get(index), self._read_site(row)
            if client and site and not self._is_same(client, site):
                wanted[index] = (client.commercial_partner_id, site)
        known = self._read_known_sites({client.id for client, _site in wanted.values()})
        missing = {}
        for index, (client, site) in wanted.items():
            key = (client.id, *self._fold(site))
            if key in known:
                sites[index] = known[key]
            else:
                missing.setdefault(key, (client, site, []))[2].append(index)
        made = self._make_sites([(client, site) for client, site, _rows in missing.values()])
        for partner, (_client, _site, indexes) in zip(made, missing.values()):
            sites |= dict.fromkeys(indexes, partner.id)
        if sites:
            self.add_column("site_id/.id", [sites.get(index) for index in range(len(self.rows))])

    def _make_sites(self, wanted):
        """New addresses; what an address takes over from its client is read and written for all of them at once.

        :param list wanted: pairs of client and site
        """
        if not wanted:
            return self.partners
        self.partners.check_access("create")
        # reason of sudo: as stock, whoever makes an address need not see the accounts it takes over
        clients = self.partners.concat(*(client for client, _site in wanted)).sudo()
        taken = {client.id: client._get_commercial_values() for client in clients}
        values = [taken[client.id] | self._prepare_site_values(client, site) for client, site in wanted]
        sites = self.partners.sudo().with_context(**ALONE, **NO_HISTORY).create(values)
        for company in self.env["res.company"].sudo().search([]) - self.env.company:
            self._take_over(sites.with_company(company), clients.with_company(company))
        # what is allowed to the user, not to sudo, counts
        sites = self.partners.browse(sites.ids)
        sites.check_access("create")
        return sites

    @staticmethod
    def _take_over(sites, clients):
        """Give addresses what their clients have in another company, those alike at once."""
        names = sites._company_dependent_commercial_fields()
        alike = {}
        for site, client in zip(sites, clients, strict=True):
            changed = [name for name in names if site[name] != client[name]]
            values = client._convert_fields_to_values(changed)
            alike.setdefault(tuple(values.items()), []).append(site.id)
        for values, site_ids in alike.items():
            if values:
                sites.browse(site_ids).write(dict(values))

    @staticmethod
    def _fold(site):
        return tuple(" ".join((site.get(part) or "").casefold().split()) for part in SITE_PARTS.values())

    def _is_same(self, client, site):
        return self._fold({part: client[part] for part in SITE_PARTS.values()}) == self._fold(site)

    def _read_known_sites(self, client_ids):
        if not client_ids:
            return {}
        addresses = self._search(Domain("parent_id", "in", list(client_ids)))
        return {
            (address.parent_id.id, *self._fold({part: address[part] for part in SITE_PARTS.values()})): address.id
            for address in addresses.sorted("id", reverse=True)
        }

    def _prepare_site_values(self, client, site):
        return {
            "parent_id": client.id,
            "type": "other",
            **({"lang": client.lang} if client.lang else {}),
            "name": ", ".join(site[part] for part in ("street", "city") if site.get(part)) or site.get("zip"),
            "country_id": client.country_id.id,
            **site,
        }
