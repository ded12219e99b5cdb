"""The costs and prices of a workbook put into the catalogue, each from its day on."""

from dataclasses import dataclass

from ...core.estimate.exchange import Note
from ..pipeline.formats import format_figure
from .catalogue_finder import CatalogueFinder
from .product_product import COSTS_ARE_NOTED

#: A cost that changes by more than so many percent is pointed out.
SUSPICIOUS_PERCENT = 50
_QUIET = {"tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True}


@dataclass(slots=True)
class PriceChange:
    """What a row of the list does to a product; without a `product` it is not in the catalogue."""

    resource: object
    product: object
    date: object
    cost: float | None = None
    old_cost: float = 0.0
    sales_price: float | None = None
    old_sales_price: float = 0.0
    #: A newer cost is known: this one is noted, and the present one stays.
    is_past: bool = False

    @property
    def percent(self):
        """By how many percent the cost changes; None where there was none."""
        if self.cost is None or not self.old_cost:
            return None
        return (self.cost / self.old_cost - 1) * 100

    @property
    def is_change(self):
        """Whether anything would be written."""
        is_new_cost = self.cost is not None and abs(self.cost - self.old_cost) > 1e-9
        is_new_price = self.sales_price is not None and abs(self.sales_price - self.old_sales_price) > 1e-9
        return not self.product or is_new_cost or is_new_price


class PriceListUpdater:
    """Compares a price list with the catalogue, tells what it would do, and does it."""

    def __init__(self, env, company, draft, date, today, is_making=False):
        """
        :param date: from which day costs hold where the list does not say
        :param is_making: products that are not in the catalogue are made
        """
        self.env = env
        self.company = company
        self.draft = draft
        self.date = date
        self.today = today
        self.is_making = is_making
        self.notes = []
        self.changes = []
        self.finder = CatalogueFinder(env, company)
        self.may_price = env["product.template"].has_access("write")
        self._plan()

    @property
    def made(self):
        """Rows that make a product."""
        return [change for change in self.changes if not change.product]

    @property
    def changed(self):
        """Rows that change a product."""
        return [change for change in self.changes if change.product and change.is_change]

    @property
    def same_count(self):
        """How many rows say what the catalogue says."""
        return sum(not change.is_change for change in self.changes)

    def apply(self):
        """Write the changes; the caller has shown them and made sure there is no error."""
        products = self.env["product.product"]
        new = self.made
        vals_list = [self._prepare_product(change) for change in new]
        # sudo: estimators make the products of the lists they import, as those of budgets.
        created = products.sudo().with_company(self.company).with_context(**_QUIET).create(vals_list)
        for change, product in zip(new, created, strict=True):
            change.product = product.sudo(False)
        dated = []
        for change in self.changes:
            if change.cost is not None and (change.is_change or change.product.id in created.ids):
                self._set_cost(change)
                dated.append(change)
            if change.sales_price is not None and change.product.id not in created.ids and self.may_price:
                change.product.with_context(**_QUIET).list_price = change.sales_price
        self.env["construction.component.cost"]._record_dated(
            self.company, [(change.product, change.cost, change.date) for change in dated]
        )
        self.env["construction.recipe"]._forget_costs()
        self._set_vendors()

    # Planning

    def _plan(self):
        self._check_currency()
        resources = self.draft.resources.values()
        self.finder.load((resource.code if resource.has_code else "", resource.name) for resource in resources)
        found = [
            (resource, self.finder.product(resource.code if resource.has_code else "", resource.name))
            for resource in resources
        ]
        products = self.env["product.product"].union(*(product for _resource, product in found))
        newest = self.env["construction.component.cost"]._get_costs_at(products, self.company, self.today)
        seen = {}
        for resource, product in found:
            if product and product.id in seen:
                self._error(
                    resource,
                    self.env._(
                        "%(product)s is in %(where)s already.", product=product.display_name, where=seen[product.id]
                    ),
                )
                continue
            seen[product.id] = resource.where
            change = self._compare(resource, product, newest)
            if change:
                self.changes.append(change)

    def _check_currency(self):
        currency = self.draft.currency
        if currency and currency != self.company.currency_id.name:
            self.notes.append(
                Note(
                    "",
                    self.env._(
                        "The list is in %(currency)s and the company counts in %(own)s. Convert the list first.",
                        currency=currency,
                        own=self.company.currency_id.name,
                    ),
                    is_error=True,
                )
            )

    def _compare(self, resource, product, newest):
        _t = self.env._
        if not product and not self.is_making:
            self._warn(
                resource,
                _t("%(product)s is not in the catalogue and was left aside.", product=resource.name or resource.code),
            )
            return None
        change = PriceChange(resource, product, resource.date or self.date)
        if change.date > self.today:
            self._error(resource, _t("The price holds from a day that is still to come. Import it on that day."))
            return None
        factor = self._get_factor(resource, product)
        if factor is None:
            return None
        if resource.cost is not None:
            change.cost = float(resource.cost) * factor
        if resource.sales_price is not None:
            change.sales_price = float(resource.sales_price) * factor
        if product:
            # sudo: the cost is compared by who may change it, see `action_import`.
            change.old_cost = product.sudo().with_company(self.company).standard_price
            change.old_sales_price = product.list_price
            known = newest.get(product.id)
            change.is_past = bool(known and known[1] and known[1] > change.date)
            self._point_out(change)
        return change

    def _point_out(self, change):
        _t, resource = self.env._, change.resource
        percent = change.percent
        if change.is_past and change.is_change:
            self._warn(resource, _t("A newer cost is known: this one is noted for its day, and the present one stays."))
        elif percent is not None and abs(percent) > SUSPICIOUS_PERCENT:
            self._warn(
                resource,
                _t(
                    "The cost changes by %(percent)s %%. Is it true?",
                    percent=format_figure(self.env, percent, 1, signed=True),
                ),
            )
        elif change.cost == 0 and change.old_cost:
            self._warn(resource, _t("The cost becomes zero."))
        if change.sales_price is not None and not self.may_price:
            if abs(change.sales_price - change.old_sales_price) > 1e-9:
                self._warn(resource, _t("The sales price was left aside: you may not change products."))
            change.sales_price = None

    def _get_factor(self, resource, product):
        """How many units of the list make one of the product's; None where they do not convert."""
        if not resource.unit:
            return 1.0
        unit = self.finder.unit(resource.unit)
        if not unit:
            self._warn(
                resource,
                self.env._("The unit “%(unit)s” is not known and was left aside.", unit=resource.unit[:40]),
            )
            return 1.0
        own = product.uom_id
        if not product or unit == own:
            return 1.0
        if not own._has_common_reference(unit):
            self._error(
                resource,
                self.env._(
                    "%(product)s is counted in %(product_unit)s, which does not convert to %(unit)s.",
                    product=product.display_name,
                    product_unit=own.name,
                    unit=unit.name,
                ),
            )
            return None
        return unit._compute_price(1.0, own)

    # Writing

    def _prepare_product(self, change):
        resource = change.resource
        unit = self.finder.unit(resource.unit) if resource.unit else None
        return {
            "name": resource.name or resource.code,
            "default_code": resource.code if resource.has_code else False,
            "type": "consu",
            "uom_id": (unit or self.env["construction.evaluation.line"]._get_default_uom()).id,
            "list_price": change.sales_price or 0.0,
            "company_id": self.company.id,
            "service_tracking": "no",
        }

    def _set_cost(self, change):
        if not change.is_past:
            # sudo: estimators keep the costs of components, and nothing else of products.
            product = change.product.sudo().with_company(self.company)
            product.with_context(**_QUIET, **{COSTS_ARE_NOTED: True}).standard_price = change.cost

    def _set_vendors(self):
        """Note the vendor of a row with his price, for who keeps the vendors of products."""
        changes = [change for change in self.changes if change.resource.vendor and change.cost is not None]
        vendors = self.env["product.supplierinfo"]
        if not changes or not vendors.has_access("create"):
            return
        names = {change.resource.vendor for change in changes}
        partners = self.env["res.partner"].search([("name", "in", list(names))], order="is_company desc, id")
        by_name = {}
        for partner in partners:
            by_name.setdefault(partner.name, partner)
        known = {
            (info.product_tmpl_id.id, info.partner_id.id): info
            for info in vendors.search(
                [
                    ("product_tmpl_id", "in", [change.product.product_tmpl_id.id for change in changes]),
                    ("partner_id", "in", partners.ids),
                    ("company_id", "in", [self.company.id, False]),
                ]
            )
        }
        vals_list = []
        for change in changes:
            partner = by_name.get(change.resource.vendor)
            if not partner:
                continue
            info = known.get((change.product.product_tmpl_id.id, partner.id))
            if info:
                info.price = change.cost
                continue
            vals_list.append(
                {
                    "partner_id": partner.id,
                    "product_tmpl_id": change.product.product_tmpl_id.id,
                    "price": change.cost,
                    "company_id": self.company.id,
                }
            )
        vendors.create(vals_list)

    def _warn(self, resource, message):
        self.notes.append(Note(resource.where, message))

    def _error(self, resource, message):
        self.notes.append(Note(resource.where, message, is_error=True))
