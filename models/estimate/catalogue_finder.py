"""Products and units that the words of a workbook mean; nothing is made."""

from odoo.fields import Domain
from odoo.tools import split_every

from ...core.estimate.exchange import units

_BATCH = 1000


class CatalogueFinder:
    """Finds products by their code, then by their name, in a company; a handful of queries for all of them."""

    def __init__(self, env, company, domain=None):
        """
        :param domain: which products may be found, besides those of other companies, which never are
        """
        self.env = env
        self.company = company
        self.domain = Domain(domain or Domain.TRUE) & Domain("company_id", "in", [company.id, False])
        self._by_code = {}
        self._by_name = {}
        self._units = None
        # All that were found are read together.
        self._ids = []

    def load(self, pairs):
        """Look up `(code, name)` pairs, all at once."""
        pairs = list(pairs)
        codes = {code for code, _name in pairs if code}
        names = {name for _code, name in pairs if name}
        self._load("default_code", codes, Domain.TRUE, self._by_code)
        # What has another code is another product, whatever its name.
        self._load("name", names, Domain("default_code", "in", ["", False]), self._by_name)
        nameless = {name for code, name in pairs if name and not code}
        self._load("name", nameless - self._by_name.keys(), Domain.TRUE, self._by_name)

    def product(self, code, name):
        """Give the product of a code, else of a name; empty when there is none, or more than one of the name."""
        found = self._by_code.get(code) if code else None
        if not found and name:
            found = self._by_name.get(name)
            if found and len(found) > 1:
                found = None
        return found[0].with_prefetch(self._ids) if found else self.env["product.product"]

    def unit(self, text):
        """Give the unit of measure a text means; empty for an unknown one."""
        if self._units is None:
            self._load_units()
        name = (text or "").strip()
        key = units.find_unit(name) if name else None
        return self._units.get(units.normalize(name)) or self._units.get(f"key:{key}") or self.env["uom.uom"]

    def _load(self, field, values, domain, index):
        model = self.env["product.product"].with_company(self.company)
        for batch in split_every(_BATCH, sorted(values), list):
            products = model.search(self.domain & domain & Domain(field, "in", batch), order="company_id, id")
            self._ids += products.ids
            for product in products:
                found = index.setdefault(product[field], model.browse())
                # The product of the company comes before the one all share.
                if not found or product.company_id or field == "name":
                    index[product[field]] = found | product

    def _load_units(self):
        self._units = {}
        # An archived unit may still be that of an item; one in use comes first.
        uoms = self.env["uom.uom"].with_context(active_test=False).search([], order="active desc, sequence, id")
        for lang in (None, self.env.lang):
            for uom in uoms.with_context(lang=lang):
                self._units.setdefault(units.normalize(uom.name), uom.with_context(lang=self.env.lang))
        by_id = {uom.id: uom for uom in uoms}
        for key in units.NAMES:
            uom_id = self.env["ir.model.data"]._xmlid_to_res_id(f"uom.product_uom_{key}", raise_if_not_found=False)
            if uom_id in by_id:
                self._units[f"key:{key}"] = by_id[uom_id].with_context(active_test=True)
