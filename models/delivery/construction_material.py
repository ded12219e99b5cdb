from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import float_compare, float_is_zero, float_round

from ...core.estimate import explosion
from ..estimate.construction_recipe_cost import COST_GROUP
from ..estimate.packs import count_packs, get_first_seller

# What the chapters say: read anew with every topping up and variation, never typed.
READ_FIELDS = frozenset({"quantity_planned"})
# What a row is: it stays once something was planned or ordered of it.
KEY_FIELDS = frozenset({"project_id", "project_stage_id", "product_id"})


class ConstructionMaterial(models.Model):
    """How much of one material a stage of a project needs, and how much of it is ordered and used."""

    _name = "construction.material"
    _description = "Material of a Project"
    _order = "project_id desc, stage_sequence, product_id, id"
    _check_company_auto = True

    _project_stage_product_uniq = models.UniqueIndex(
        "(project_id, COALESCE(project_stage_id, 0), product_id)",
        "This material is on the list of the stage already. Change the quantity there.",
    )
    _quantities_not_negative = models.Constraint(
        "CHECK(quantity_planned >= 0 AND quantity_extra >= 0 AND quantity_used >= 0)",
        "Quantities of materials cannot be negative.",
    )

    project_id = fields.Many2one(
        "project.project",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('construction_type_id', '!=', False), ('is_template', '=', False)]",
    )
    # Stored: rules go by it.
    company_id = fields.Many2one("res.company", compute="_compute_company_id", store=True, precompute=True, index=True)
    project_stage_id = fields.Many2one(
        "project.project.stage",
        string="Stage of Works",
        index="btree_not_null",
        ondelete="restrict",
        help="The stage that needs the material; empty: the works as a whole.",
    )
    # Stored, to list the materials in the order of the works.
    stage_sequence = fields.Integer(
        related="project_stage_id.sequence", store=True, precompute=True, export_string_translation=False
    )
    product_id = fields.Many2one(
        "product.product",
        string="Material",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    uom_id = fields.Many2one(related="product_id.uom_id")
    date_needed = fields.Date(
        string="Needed On",
        compute="_compute_date_needed",
        help="The day on which the stage starts.",
    )
    quantity_planned = fields.Float(
        string="Planned",
        digits="Product Unit",
        min_display_digits=2,
        # pieces and kilograms do not add up
        aggregator=None,
        readonly=True,
        copy=False,
        help="What the chapters of the confirmed orders take, waste and variations included.",
    )
    quantity_extra = fields.Float(
        string="Extra",
        digits="Product Unit",
        min_display_digits=2,
        # pieces and kilograms do not add up
        aggregator=None,
        help="What is needed besides: breakage, a change made on the site, what no chapter tells of.",
    )
    quantity_needed = fields.Float(
        string="Needed",
        digits="Product Unit",
        min_display_digits=2,
        # pieces and kilograms do not add up
        aggregator=None,
        compute="_compute_quantity_needed",
        # lists are filtered by it
        store=True,
        precompute=True,
        help="Planned and extra.",
    )
    request_ids = fields.One2many(
        "construction.material.request",
        "material_id",
        string="Orders",
        copy=False,
    )
    quantity_ordered = fields.Float(
        string="Ordered",
        digits="Product Unit",
        min_display_digits=2,
        # pieces and kilograms do not add up
        aggregator=None,
        compute="_compute_quantity_ordered",
        help="What is on requests for quotation, on orders, or was marked as ordered. What a vendor's order was "
        "cancelled for is needed again.",
    )
    quantity_missing = fields.Float(
        string="Missing",
        digits="Product Unit",
        min_display_digits=2,
        # pieces and kilograms do not add up
        aggregator=None,
        compute="_compute_quantity_ordered",
        help="Needed and not ordered yet.",
    )
    quantity_over = fields.Float(
        string="Ordered Too Much",
        digits="Product Unit",
        min_display_digits=2,
        # pieces and kilograms do not add up
        aggregator=None,
        compute="_compute_quantity_ordered",
        help="More was ordered than is needed, perhaps since a variation took works away.",
    )
    is_missing = fields.Boolean(compute="_compute_quantity_ordered", search="_search_is_missing")
    is_over = fields.Boolean(
        string="More Ordered Than Planned", compute="_compute_quantity_ordered", search="_search_is_over"
    )
    quantity_used = fields.Float(
        string="Used",
        digits="Product Unit",
        min_display_digits=2,
        # pieces and kilograms do not add up
        aggregator=None,
        copy=False,
        help="How much the site has used so far.",
    )
    quantity_to_order = fields.Float(
        string="To Order",
        digits="Product Unit",
        min_display_digits=2,
        # pieces and kilograms do not add up
        aggregator=None,
        compute="_compute_to_order",
        help="What is missing, rounded up to whole packs and to the least quantity of the vendor.",
    )
    pack_count = fields.Float(string="Packs", min_display_digits=0, aggregator=None, compute="_compute_to_order")
    pack_uom_id = fields.Many2one("uom.uom", string="Pack", compute="_compute_to_order")
    vendor_id = fields.Many2one("res.partner", compute="_compute_to_order")
    note = fields.Char()
    currency_id = fields.Many2one(related="company_id.currency_id")
    unit_cost = fields.Float(
        min_display_digits="Product Price",
        compute="_compute_cost",
        aggregator=None,
        groups=COST_GROUP,
        help="The cost of the product today.",
    )
    amount = fields.Monetary(string="Cost", compute="_compute_cost", groups=COST_GROUP, help="Of all that is needed.")

    # === COMPUTE === #

    @api.depends("product_id", "project_stage_id")
    def _compute_display_name(self):
        for material in self:
            material.display_name = material.product_id.display_name

    @api.depends("project_id.company_id")
    def _compute_company_id(self):
        for material in self:
            material.company_id = material.project_id.company_id or material.company_id or self.env.company

    @api.depends("project_id.milestone_ids.date_start", "project_stage_id")
    def _compute_date_needed(self):
        milestones = self.env["project.milestone"].search(
            [("project_id", "in", self.project_id.ids), ("project_stage_id", "!=", False)]
        )
        starts = {(stage.project_id, stage.project_stage_id): stage.date_start for stage in milestones}
        for material in self:
            material.date_needed = starts.get(
                (material.project_id._origin, material.project_stage_id._origin), material.project_id.date_start
            )

    @api.depends("quantity_planned", "quantity_extra")
    def _compute_quantity_needed(self):
        for material in self:
            material.quantity_needed = material.quantity_planned + material.quantity_extra

    @api.depends("quantity_needed", "request_ids.quantity")
    def _compute_quantity_ordered(self):
        ordered = self.request_ids._read_quantities()
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        for material in self:
            material.quantity_ordered = sum(ordered[request] for request in material.request_ids)
            difference = float_round(material.quantity_needed - material.quantity_ordered, precision_digits=digits)
            material.quantity_missing = max(difference, 0.0)
            # A whole pack holds more than is needed: only what is more than that is too much.
            material.quantity_over = max(-difference, 0.0) if material._is_too_much() else 0.0
            material.is_missing = material.quantity_missing > 0
            material.is_over = material.quantity_over > 0

    def _search_is_missing(self, operator, value):
        if operator != "in":
            return NotImplemented
        requested = self._get_requested().filtered("is_missing")
        return Domain("id", "in", requested.ids) | (
            Domain("quantity_needed", ">", 0) & Domain("request_ids", "=", False)
        )

    def _search_is_over(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("id", "in", self._get_requested().filtered("is_over").ids)

    def _get_requested(self):
        return self.search([("request_ids", "!=", False), ("project_id.active", "=", True)])

    @api.depends("quantity_missing", "product_id")
    @api.depends_context("company")
    def _compute_to_order(self):
        for material in self:
            count, uom = material._count_packs(material.quantity_missing)
            material.pack_count, material.pack_uom_id = count, uom
            material.quantity_to_order = (
                uom and uom._compute_quantity(count, material.uom_id, round=False) or material.quantity_missing
            )
            material.vendor_id = material._get_seller_sudo().partner_id.sudo(False)

    @api.depends("product_id", "quantity_needed")
    @api.depends_context("company")
    def _compute_cost(self):
        for material in self:
            # sudo: stock's cost of a product, for who may see the costs of works.
            product_sudo = material.product_id.sudo().with_company(material.company_id)
            material.unit_cost = product_sudo.standard_price
            material.amount = material.unit_cost * material.quantity_needed

    # === CONSTRAINTS === #

    @api.constrains("quantity_extra", "quantity_used")
    def _check_quantities(self):
        for material in self:
            if not all(map(explosion.is_usable_quantity, (material.quantity_extra, material.quantity_used))):
                raise ValidationError(
                    self.env._("A quantity of %(material)s is no usable number.", material=material.display_name)
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(vals.get(name) for vals in vals_list for name in READ_FIELDS):
            raise UserError(self._get_planned_message())
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if READ_FIELDS & vals.keys():
                raise UserError(self._get_planned_message())
            if KEY_FIELDS & vals.keys():
                self._check_free("changed")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        if not self.env.su:
            self._check_free("deleted")

    # === BUSINESS === #

    def _get_planned_message(self):
        return self.env._(
            "What is planned comes from the chapters of the orders. Write what is needed besides into “Extra”."
        )

    def _check_free(self, _step):
        for material in self:
            if material.quantity_planned or material.request_ids:
                raise UserError(
                    self.env._(
                        "%(material)s is planned by the chapters, or ordered: the row cannot be deleted or made "
                        "another material. Add a row of its own.",
                        material=material.display_name,
                    )
                )

    def _is_too_much(self):
        """Whether more is ordered than whole packs of what is needed make."""
        self.ensure_one()
        count, uom = self._count_packs(self.quantity_needed) if self.quantity_needed else (0, None)
        enough = uom._compute_quantity(count, self.uom_id, round=False) if uom else self.quantity_needed
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return float_compare(self.quantity_ordered, enough, precision_digits=digits) > 0

    def _count_packs(self, quantity):
        """Give how many packs hold this quantity, and the pack; `(0, None)` where it is bought in its own unit."""
        self.ensure_one()
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        if not self.product_id or float_is_zero(quantity, precision_digits=digits):
            return 0, None
        return count_packs(self.product_id, quantity, self.company_id)

    def _get_seller_sudo(self):
        """Give the vendor line that tells the pack; its price is for nobody here."""
        self.ensure_one()
        return get_first_seller(self.product_id, self.company_id)
