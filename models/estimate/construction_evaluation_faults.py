from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .fault import ERROR, HINT, SEVERITIES, WARNING, Fault
from .price_book import PRICE_GROUPS


class ConstructionEvaluation(models.Model):
    """The check list of a sheet: what keeps it from being final, and what is worth a look."""

    _inherit = "construction.evaluation"

    check_list = fields.Json(
        compute="_compute_check_list",
        export_string_translation=False,
        help="What is to settle on the sheet; a surveyor gets what is his to settle.",
    )
    fault_count = fields.Integer(string="To Settle", compute="_compute_check_list")

    # === COMPUTE === #

    # No dependencies: it is made when the sheet is opened or saved, not at every key a person types.
    def _compute_check_list(self):
        sees_all = self._user_can_check() or self._user_sees_prices()
        for sheet in self:
            faults = []
            if isinstance(sheet.id, int) and not sheet._is_locked():
                faults = [fault for fault in sheet._get_faults() if sees_all or not fault.is_office]
            faults.sort(key=lambda fault: SEVERITIES.index(fault.severity))
            sheet.check_list = [fault.to_json() for fault in faults]
            sheet.fault_count = sum(fault.severity == ERROR for fault in faults)

    # === BUSINESS === #

    def _get_faults(self):
        """List what is wrong with the sheet and its items, in the order of the sheet.

        :return: a list of `Fault`
        """
        self.ensure_one()
        faults = []
        if not self._get_quoted_lines():
            message = (
                self.env._("%(sheet)s has no item with a quantity.", sheet=self.display_name)
                if self.line_ids
                else self.env._("%(sheet)s has no items.", sheet=self.display_name)
            )
            faults.append(Fault("empty", self, message))
        return faults + self.line_ids.sorted(lambda line: (line.sequence, line.id))._get_faults()

    def _check_no_faults(self):
        """Refuse to finalise sheets with errors, naming all of them."""
        faults = [fault.message for sheet in self for fault in sheet._get_faults() if fault.severity == ERROR]
        if faults:
            raise UserError(
                self.env._(
                    "This cannot be finalised yet:\n%(faults)s",
                    faults="\n".join(f"– {fault}" for fault in faults),
                )
            )

    def _get_quoted_lines(self):
        """Give the items a quote is made of: what a template proposed and nobody measured is left out."""
        return self.line_ids.filtered(lambda line: line.quantity or not line.is_proposed)

    @api.model
    def _user_sees_prices(self):
        return self.env.su or self.env.user.has_groups(PRICE_GROUPS)


class ConstructionEvaluationLine(models.Model):
    _inherit = "construction.evaluation.line"

    is_proposed = fields.Boolean(
        string="If Needed",
        help="The template proposes this item: without a quantity it is left out of the quote.",
    )

    # === BUSINESS === #

    def _get_faults(self):
        """List what is wrong with these items, item by item; no query more for many items.

        :return: a list of `Fault`
        """
        libraries = self._get_libraries()
        seen, faults = {}, []
        for line in self:
            faults += line._get_measuring_faults()
            if line.product_id and line.quantity:
                faults += line._get_recipe_faults(libraries.get(line))
                faults += line._get_duplicate_faults(seen)
        return faults

    def _get_measuring_faults(self):
        """List what whoever measures can settle."""
        self.ensure_one()
        item = self._get_fault_name()
        if not self.product_id:
            message = self.env._("%(item)s is a free text so far: choose a product for it.", item=item)
            return [Fault("product", self, message, is_office=True)]
        if not self.quantity:
            if not self.is_proposed:
                return [Fault("quantity", self, self.env._("%(item)s has no quantity.", item=item))]
            message = self.env._("%(item)s was not measured and will not be quoted.", item=item)
            return [Fault("unmeasured", self, message, HINT)]
        if not self.uom_id or not self.product_id.uom_id._has_common_reference(self.uom_id):
            message = self.env._(
                "%(item)s is counted in %(product_unit)s, which does not convert to %(unit)s.",
                item=item,
                product_unit=self.product_id.uom_id.display_name,
                unit=self.uom_id.display_name or "–",
            )
            return [Fault("unit", self, message)]
        return []

    def _get_recipe_faults(self, library):
        """List what the recipe and the price of an item that has a quantity lack."""
        self.ensure_one()
        item = self._get_fault_name()
        digits = self.env["construction.recipe"]._get_quantity_digits()
        parts = self._get_parts_of(self.quantity, digits, library)
        if self.recipe_id and not parts:
            try:
                self.recipe_id._get_components(1.0, digits, library, self._get_parameter_values())
            except ValidationError as error:
                return [Fault("parameter", self, f"{item}: {error.args[0]}")]
        faults = [
            # Whoever measures chose the unit of the item, but not that of what it takes.
            Fault("rounding", self, self._get_rounding_message(item, part), is_office=bool(self.recipe_id))
            for part in parts
            if part["uom"].is_zero(part["quantity"])
        ]
        if not faults and self.evaluation_id._user_sees_prices() and self.currency_id.is_zero(self.price_subtotal):
            faults.append(Fault("price", self, self._get_no_price_message(item), is_office=True))
        if not self.recipe_id and self._needs_recipe():
            message = self.env._("%(item)s has no recipe: it is quoted in one line, at its own price.", item=item)
            faults.append(Fault("recipe", self, message, WARNING, is_office=True))
        return faults

    def _get_rounding_message(self, item, part):
        if not self.recipe_id:
            return self.env._(
                "%(item)s: %(exact)s %(unit)s rounds to zero on a quote. Choose a smaller unit.",
                item=item,
                exact=f"{self.quantity:.6g}",
                unit=self.uom_id.name,
            )
        return self.env._(
            "%(item)s needs %(exact)s %(unit)s of %(component)s, which rounds to zero: choose a "
            "smaller unit in the recipe, or raise the decimal accuracy “Product Unit”.",
            item=item,
            exact=f"{part['exact_quantity']:.6g}",
            unit=part["uom"].name,
            component=part["product"].display_name,
        )

    def _get_no_price_message(self, item):
        if self.evaluation_id.price_source == "buildup":
            return self.env._("%(item)s has no cost to build a price from.", item=item)
        return self.env._("%(item)s has no price in the catalogue.", item=item)

    def _get_duplicate_faults(self, seen):
        """Warn of an item that stands on the sheet already, in the same zone.

        :param seen: what came before, filled here
        """
        key = (self.product_id.id, (self.zone or "").strip().casefold(), self.name)
        if seen.setdefault(key, self) == self:
            return []
        item = self._get_fault_name()
        message = (
            self.env._("%(item)s is listed twice in %(zone)s.", item=item, zone=self.zone)
            if self.zone
            else self.env._("%(item)s is listed twice.", item=item)
        )
        return [Fault("duplicate", self, message, WARNING)]

    def _needs_recipe(self):
        """Tell whether the item is works, which one expects to be taken apart."""
        product = self.product_id
        return product.type == "service" and not product.cost_nature and not product._is_counted_in_time()

    def _get_fault_name(self):
        return (self.name or self.product_id.display_name or self.env._("An item")).splitlines()[0]
