from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core.estimate import explosion
from .fault import WARNING, Fault
from .price_book import PRICE_GROUPS


class ConstructionEvaluation(models.Model):
    """Sheets whose prices were given: by the budget they come from, or by hand."""

    _inherit = "construction.evaluation"

    is_markup_included = fields.Boolean(
        string="With General Costs and Profit",
        groups=PRICE_GROUPS,
        help="The given prices contain general costs, profit and discount already; else these come on top of the "
        "total of the works.",
    )
    amount_contract = fields.Monetary(
        string="Contract Price, Tax Excluded",
        compute="_compute_amount_contract",
        groups="construction_crm.group_cost",
        help="The works with general costs, profit and discount, tax excluded.",
    )
    price_base_ids = fields.Many2many(
        "product.product",
        "construction_evaluation_price_base_rel",
        copy=True,
        groups="construction_crm.group_cost",
        help="Products that came with the imported budget, whether an item takes them or not.",
    )
    import_checksum = fields.Char(copy=False, index="btree_not_null", export_string_translation=False)
    # On the sheet and not in its chatter, which a surveyor reads: they are full of prices and costs.
    import_file = fields.Binary(string="Imported File", readonly=True, copy=False, groups="construction_crm.group_cost")
    import_filename = fields.Char(readonly=True, copy=False)
    import_report = fields.Text(readonly=True, copy=False, groups="construction_crm.group_cost")

    # === COMPUTE === #

    @api.depends("amount_total", "price_source", "is_markup_included", "markup_ids.percent", "markup_ids.base")
    def _compute_amount_contract(self):
        for sheet in self:
            steps = sheet._get_contract_steps()
            total = sheet.amount_total + sum(amount for _markup, amount in steps)
            sheet.amount_contract = sheet.currency_id.round(total)

    # === ACTION === #

    def action_import(self):
        """Open the import of an exchange file into this sheet."""
        self.ensure_one()
        self._check_can_check()
        self._check_not_locked()
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.construction_import_action")
        action["context"] = {"default_evaluation_id": self.id, "default_lead_id": self.lead_id.id}
        return action

    # === BUSINESS === #

    def _get_contract_steps(self):
        """List `(markup, amount)` of what comes on top of given prices: general costs, profit, discount."""
        self.ensure_one()
        if self.price_source != "given" or self.is_markup_included:
            return []
        steps, running = [], self.amount_total
        for markup in self._get_given_markups():
            base = self.amount_total if markup.base == "works" else running
            amount = self.currency_id.round(base * markup.percent / 100)
            steps.append((markup, amount))
            running += amount
        return steps

    def _get_given_markups(self):
        """The markups that given prices of works do not contain."""
        markups = self.sudo().markup_ids  # sudo: the chain is shown to who may see costs, prices to the others
        return markups.filtered(lambda markup: markup.base in ("works", "running"))

    def _render_chain(self, costs):
        if self.price_source != "given":
            return super()._render_chain(costs)
        total = self.amount_total
        cost = sum(costs.values())
        rows = [
            (self.env._("Direct cost of our recipes"), "", cost),
            (self.env._("Above direct cost"), "", total - cost),
            (self.env._("Total of the works"), "", total),
        ]
        for markup, amount in self._get_contract_steps():
            rows.append((markup.name, self._format_percent(markup.percent), amount))
            total += amount
        rows.append((self.env._("Contract price, tax excluded"), "", total))
        return self._render_chain_rows(rows)


class ConstructionEvaluationLine(models.Model):
    _inherit = "construction.evaluation.line"

    price_given = fields.Float(
        string="Given Price",
        copy=True,
        min_display_digits="Product Price",
        groups=PRICE_GROUPS,
        help="Price of one unit, tax excluded, where the prices of the sheet are given.",
    )
    amount_correction = fields.Monetary(
        string="Correction",
        copy=True,
        groups=PRICE_GROUPS,
        help="In the amount and not in quantity × price: the budget this item comes from has its figures printed "
        "shorter than they were.",
    )

    # === COMPUTE === #

    @api.depends("price_given", "amount_correction")
    def _compute_price(self):  # pylint: disable=missing-return
        given = self.filtered(lambda line: line.evaluation_id.price_source == "given")
        for line in given:
            if not line.evaluation_id._is_locked():
                line._set_given_price()
        super(ConstructionEvaluationLine, self - given)._compute_price()

    # === CONSTRAINTS === #

    @api.constrains("price_given", "amount_correction")
    def _check_price_given(self):
        for line in self:
            if not all(map(explosion.is_usable_quantity, (line.price_given, line.amount_correction))):
                raise ValidationError(
                    self.env._("The price of %(item)s is too large to be true.", item=line.display_name)
                )

    # === BUSINESS === #

    def _get_recipe_faults(self, library):
        if not self._has_given_price():
            return super()._get_recipe_faults(library)
        if not self.evaluation_id._user_sees_prices():
            return []
        item = self._get_fault_name()
        if self.currency_id.is_zero(self.price_given):
            message = self.env._("%(item)s has no given price: it is quoted at nothing.", item=item)
            return [Fault("price", self, message, WARNING, is_office=True)]
        digits = self.env["construction.recipe"]._get_quantity_digits()
        rounded = explosion.round_quantity(self.quantity, digits)
        if not self.currency_id.compare_amounts(self._get_given_subtotal(rounded), self.price_subtotal):
            return []
        message = self.env._(
            "%(item)s: quotes hold %(digits)s decimals of a quantity, and %(quantity)s comes to another amount then. "
            "Have the decimal accuracy “Product Unit” raised, or change the quantity.",
            item=item,
            digits=digits,
            quantity=f"{self.quantity:.10g}",
        )
        return [Fault("accuracy", self, message, is_office=True)]

    def _get_duplicate_faults(self, seen):
        # A budget of others may list an item twice.
        if self._has_given_price():
            return []
        return super()._get_duplicate_faults(seen)

    def _has_given_price(self):
        # sudo: the check list of a surveyor asks too; where prices come from stays inside.
        return self.evaluation_id.sudo().price_source == "given"

    def _set_given_price(self):
        subtotal = self._get_given_subtotal(self.quantity)
        self.price_unit = self.price_given
        self.price_subtotal = self.price_raw = subtotal
        self.has_included_tax = False

    def _get_given_subtotal(self, quantity):
        """Give quantity × given price, rounded, and the correction.

        Exact until it is rounded: a price of 2.675 is not 2.67499999.
        """
        exact = Decimal(repr(quantity)) * Decimal(repr(self.price_given))
        currency = self.currency_id or self.env.company.currency_id
        return currency.round(currency.round(float(exact)) + self.amount_correction)
