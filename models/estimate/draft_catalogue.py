"""The resources of a draft as products and recipes, many at once."""

from collections import defaultdict

from odoo.tools import split_every

from ...core.estimate.exchange import ALL
from ...core.estimate.explosion import CODE, MAX_DEPTH, MAX_QUANTITY
from ...core.estimate.fiebdc.graph import walk
from .product_template import COST_NATURES

# Products made in one go: memory stays small, queries per thousand stay the same.
BATCH = 1000
_NATURES = {nature for nature, _label in COST_NATURES}
# What is worked, not bought and kept.
_SERVICES = {"labour", "equipment", "subcontract", "transport", "other"}
# Nobody follows the making of a catalogue record by record.
_QUIET = {"tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True, "lang": None}


class CatalogueMaker:
    """Finds the product of each resource, by code, then by name; makes those that are missing, and the recipes."""

    def __init__(self, env, company, draft, options, units, note):
        """
        :param options: `ImportOptions` of the importer
        :param units: the `UnitBook` of the import
        :param note: called with `(where, message)` for what was not taken as it stands
        """
        self.env = env(context={**env.context, **_QUIET})
        self.company = company
        self.draft = draft
        self.options = options
        self.units = units
        self.note = note
        self.counts = dict.fromkeys(("products", "products_changed", "recipes", "components", "recipes_changed"), 0)
        # Code of the file → id of the product.
        self.product_ids = {}
        self._fresh = set()

    def make_products(self, codes):
        """Find or make the products of these codes."""
        resources = [self.draft.resources[code] for code in codes]
        self._match(resources)
        missing = [resource for resource in resources if resource.code not in self.product_ids]
        for batch in split_every(BATCH, missing, list):
            self._create(batch)
        if self.options.existing == "replace":
            self._update([resource for resource in resources if resource.code not in self._fresh])

    def product(self, code):
        """Give the product of a code."""
        return self.env["product.product"].browse(self.product_ids.get(code))

    # Products

    def _match(self, resources):
        # sudo: estimators find what the company has, whoever's it is; they read it in every recipe.
        products = self.env["product.product"].sudo().with_company(self.company)
        domain = [("company_id", "in", [self.company.id, False])]
        taken = set()
        codes = [resource.code for resource in resources if resource.code and resource.has_code]
        found = defaultdict(list)
        for batch in split_every(10 * BATCH, codes, list):
            for product in products.search([*domain, ("default_code", "in", batch)], order="id"):
                found[product.default_code].append(product)
        self._take(resources, lambda resource: found.get(resource.code, ()), taken)
        rest = [resource for resource in resources if resource.code not in self.product_ids]
        found = defaultdict(list)
        for batch in split_every(10 * BATCH, {resource.name for resource in rest if resource.name}, list):
            # What has another reference is another product, whatever its name.
            for product in products.search([*domain, ("name", "in", batch), ("default_code", "in", ["", False])]):
                found[product.name].append(product)
        self._take(rest, lambda resource: found.get(resource.name, ()), taken)

    def _take(self, resources, candidates_of, taken):
        for resource in resources:
            for product in candidates_of(resource):
                if product.id in taken:
                    continue
                if not product.uom_id._has_common_reference(self.units.find(resource.unit)):
                    self.note(
                        resource.where,
                        self.env._(
                            "%(product)s is counted in %(our_unit)s here and in %(unit)s in the file: another "
                            "product was made for it.",
                            product=product.display_name,
                            our_unit=product.uom_id.name,
                            unit=resource.unit or self.env._("units"),
                        ),
                    )
                    continue
                taken.add(product.id)
                self.product_ids[resource.code] = product.id
                break

    def _create(self, resources):
        # sudo: estimators make the products of the budgets they import, and nothing else of products.
        products = self.env["product.product"].sudo().with_company(self.company)
        created = products.create([self._prepare_product(resource) for resource in resources])
        self.counts["products"] += len(created)
        for resource, product in zip(resources, created, strict=True):
            self.product_ids[resource.code] = product.id
            self._fresh.add(resource.code)
        self._date_costs([resource for resource in resources if resource.cost])

    def _prepare_product(self, resource):
        nature = resource.nature if resource.nature in _NATURES else False
        values = {
            "name": resource.name or resource.code,
            "default_code": resource.code if resource.has_code else False,
            "description_sale": resource.description or False,
            "type": "service" if nature in _SERVICES or resource.recipe else "consu",
            "cost_nature": nature,
            "uom_id": self.units.find(resource.unit).id,
            "standard_price": self.options.cost(resource.cost),
            # No price of ours is made of a cost of others.
            "list_price": self.options.price(resource.sales_price or 0),
            "company_id": self.options.product_company_id,
            "service_tracking": "no",
        }
        if self.options.tax_ids is not None:
            values["taxes_id"] = [(6, 0, self.options.tax_ids)]
        return values

    def _update(self, resources):
        """Take cost and description of the file for products that were here before."""
        changed = 0
        for resource in resources:
            # sudo: as for products that are made.
            product = self.product(resource.code).sudo().with_company(self.company)
            values = {}
            cost = self.options.cost(resource.cost)
            if resource.cost and abs(cost - product.standard_price) > 1e-9:
                values["standard_price"] = cost
            if resource.description and resource.description != product.description_sale:
                values["description_sale"] = resource.description
            if values:
                product.write(values)
                changed += 1
        self.counts["products_changed"] += changed

    def _date_costs(self, resources):
        """Note since when the costs of the file hold."""
        # sudo: whoever may change a cost makes its history.
        self.env["construction.component.cost"].sudo().create(
            [
                {
                    "product_id": self.product_ids[resource.code],
                    "company_id": self.company.id,
                    "date": resource.date,
                    "cost": self.options.cost(resource.cost),
                }
                for resource in resources
                if resource.date
            ]
        )

    # Recipes

    def make_recipes(self, codes):
        """Make the recipes of these codes, or the next version where another one is active.

        An active recipe that says the same stays, so that the same file makes nothing twice.
        """
        recipes = self.env["construction.recipe"].with_company(self.company)
        resources = [self.draft.resources[code] for code in codes]
        prepared = {
            resource.code: rows
            for resource in resources
            for rows in [self._prepare_rows(resource)]
            if rows and self._is_own_recipe(resource)
        }
        self._close_deep(prepared)
        products = self.env["product.product"].browse(self.product_ids[code] for code in prepared)
        present = recipes._get_active_by_product(products, self.company)
        signatures = self._get_signatures(present)
        vals_list, replaced = [], recipes.browse()
        for code, rows in prepared.items():
            resource, product = self.draft.resources[code], self.product(code)
            active = present.get(product.id)
            values = self._prepare_recipe(resource, product, rows)
            if active and not self._replaces(active, signatures, resource, rows):
                continue
            if active:
                replaced |= active
            elif code in self._fresh:
                values["version"] = 1
            vals_list.append(values)
        if replaced:
            replaced.action_archive_version()
            replaced.flush_recordset(["state"])
        created = recipes.create(vals_list)
        self.counts["recipes"] += len(created)
        self.counts["recipes_changed"] += len(replaced)
        self.counts["components"] += sum(len(values["line_ids"]) for values in vals_list)
        return created

    def _is_own_recipe(self, resource):
        """A product cannot be a component of itself: two codes of the file may be one product of ours."""
        return bool(self.product_ids.get(resource.code))

    def _replaces(self, active, signatures, resource, rows):
        if signatures[active.id] == (float(resource.recipe.output_quantity), self._signature(rows)):
            return False
        if self.options.existing == "replace":
            return True
        self.note(
            resource.where,
            self.env._(
                "The recipe of %(product)s is another one here; ours was kept.", product=active.product_tmpl_id.name
            ),
        )
        return False

    def _prepare_recipe(self, resource, product, rows):
        return {
            "product_tmpl_id": product.product_tmpl_id.id,
            "company_id": self.company.id,
            "state": "active",
            "uom_id": product.uom_id.id,
            "output_quantity": float(resource.recipe.output_quantity),
            "stated_cost": self.options.cost(resource.recipe.stated_cost),
            "parameter_ids": [
                (0, 0, {"name": name, "default": float(value or 0), "is_required": value is None})
                for name, value in resource.recipe.parameters.items()
            ],
            "line_ids": [(0, 0, values) for values in rows],
        }

    def _prepare_rows(self, resource):
        """List the values of the components of a recipe; rows that cannot be one are left out and told."""
        rows, own = [], self.product_ids.get(resource.code)
        template = self.product(resource.code).product_tmpl_id
        for row in resource.recipe.rows if resource.recipe else ():
            product_id = self.product_ids.get(row.code)
            if not product_id or product_id == own:
                continue
            product = self.env["product.product"].browse(product_id)
            if product.product_tmpl_id == template:
                continue
            values = self._prepare_row(row, product)
            if values:
                rows.append({"sequence": 10 * len(rows) + 10, "product_id": product_id, **values})
        return rows

    def _prepare_row(self, row, product):
        # sudo: reads of products in bulk; estimators read each of them.
        product = product.sudo()
        other = self.draft.resources.get(row.code)
        nature = product.cost_nature or (other.nature if other else "")
        values = {"uom_id": product.uom_id.id, "cost_nature": nature or product._get_cost_nature()}
        if row.percent is not None:
            if not 0 < row.percent <= 1000:
                return None
            base, code = row.base, False
            if base.startswith(CODE):
                base, code = "code", row.base[len(CODE) :]
            elif base != ALL and base not in _NATURES:
                base = ALL
            values |= {"kind": "percent", "percent": float(row.percent), "percent_base": base, "percent_code": code}
            return values | {"quantity": 1.0}
        uom = self.units.find(row.unit) if row.unit else product.uom_id
        if not product.uom_id._has_common_reference(uom):
            uom = product.uom_id
        quantity = row.quantity
        if not (row.formula or row.hours) and (quantity is None or not 0 < quantity <= MAX_QUANTITY):
            return None
        values |= {"uom_id": uom.id, "quantity": float(quantity or 1), "use_recipe": row.is_opened}
        if row.waste:
            values["waste_percent"] = float(row.waste)
        if row.minimum:
            values["minimum_quantity"] = float(row.minimum)
        if row.formula:
            values["quantity_formula"] = row.formula
        if row.hours:
            values["hours_per_unit"] = float(row.hours)
        return values

    def _close_deep(self, prepared):
        """Take components as they are bought where recipes stand in each other deeper than they can."""
        by_product = {self.product_ids[code]: code for code in prepared}

        def children(code):
            inner = (row["product_id"] for row in prepared[code] if row.get("use_recipe"))
            return [by_product[product_id] for product_id in inner if product_id in by_product]

        order = walk(prepared, children)
        heights = {}
        for code in order.codes:
            height = 0
            for row in prepared[code]:
                inner = by_product.get(row["product_id"]) if row.get("use_recipe") else None
                if inner is None:
                    continue
                if (code, inner) in order.cut or heights.get(inner, 0) >= MAX_DEPTH:
                    row["use_recipe"] = False
                    self.note(
                        self.draft.resources[code].where,
                        self.env._(
                            "In %(recipe)s the recipe of %(component)s is too deep: it is taken at its own cost.",
                            recipe=code,
                            component=inner,
                        ),
                    )
                else:
                    height = max(height, heights[inner] + 1)
            heights[code] = height

    def _get_signatures(self, recipes_by_product):
        """What the active recipes say, to be compared with the file."""
        recipes = self.env["construction.recipe"].union(*recipes_by_product.values())
        return {
            recipe.id: (recipe.output_quantity, self._signature([self._read_row(line) for line in recipe.line_ids]))
            for recipe in recipes
        }

    @staticmethod
    def _read_row(line):
        is_percent = line.kind == "percent"
        return {
            "product_id": line.product_id.id,
            "kind": line.kind,
            "percent": line.percent if is_percent else 0.0,
            "percent_base": line.percent_base if is_percent else False,
            "percent_code": line.percent_code if is_percent else False,
            "quantity": line.quantity,
            "uom_id": line.uom_id.id,
            "use_recipe": line.use_recipe,
            "waste_percent": line.waste_percent,
            "minimum_quantity": line.minimum_quantity,
            "quantity_formula": line.quantity_formula or False,
            "hours_per_unit": line.hours_per_unit,
        }

    @staticmethod
    def _signature(rows):
        return [
            (
                row["product_id"],
                row.get("kind", "quantity"),
                round(row.get("percent", 0.0), 6),
                row.get("percent_base") or False,
                row.get("percent_code") or False,
                # A formula or hours make the quantity.
                None if row.get("quantity_formula") or row.get("hours_per_unit") else round(row["quantity"], 9),
                row["uom_id"],
                row.get("kind") == "percent" or row.get("use_recipe", True),
                round(row.get("waste_percent", 0.0), 2),
                row.get("minimum_quantity", 0.0),
                row.get("quantity_formula") or False,
                row.get("hours_per_unit", 0.0),
            )
            for row in rows
        ]
