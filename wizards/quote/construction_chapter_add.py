from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core.estimate import formula


class ConstructionChapterAdd(models.TransientModel):
    """Which item to add to a quote as a chapter, and how much of it. The quote does the rest."""

    _name = "construction.chapter.add"
    _description = "Add a Chapter"

    order_id = fields.Many2one("sale.order", string="Quote", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="order_id.company_id")
    product_id = fields.Many2one(
        "product.product",
        string="Item",
        domain="[('sale_ok', '=', True), ('type', '!=', 'combo'), ('company_id', 'in', [company_id, False])]",
        help="With an active recipe its components come along; without one the chapter holds the item itself.",
    )
    quantity = fields.Float(default=1.0, digits="Product Unit")
    uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        compute="_compute_uom_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', uom_ids)]",
    )
    uom_ids = fields.Many2many("uom.uom", compute="_compute_uom_ids", export_string_translation=False)
    recipe_id = fields.Many2one("construction.recipe", compute="_compute_recipe_id")
    component_count = fields.Integer(string="Components", compute="_compute_recipe_id")
    parameter_values = fields.Char(
        string="Parameters",
        compute="_compute_parameter_values",
        store=True,
        readonly=False,
        help="Values of the parameters of the recipe, such as: thickness = 12; layers = 2.",
    )
    after_id = fields.Many2one(
        "sale.order.line",
        string="After Chapter",
        domain="[('order_id', '=', order_id), ('display_type', '=', 'line_section')]",
        help="Empty: at the end of the quote.",
    )
    line_id = fields.Many2one("sale.order.line", readonly=True, ondelete="cascade")

    # === COMPUTE === #

    @api.depends("product_id")
    def _compute_uom_id(self):
        for wizard in self:
            if not wizard.uom_id or wizard.uom_id not in wizard._get_units():
                wizard.uom_id = wizard.product_id.uom_id

    @api.depends("product_id")
    def _compute_uom_ids(self):
        for wizard in self:
            wizard.uom_ids = wizard._get_units()

    @api.depends("product_id", "order_id")
    def _compute_recipe_id(self):
        for wizard in self:
            company = wizard.order_id.company_id
            recipes = self.env["construction.recipe"]._get_active_by_product(wizard.product_id, company)
            wizard.recipe_id = recipes.get(wizard.product_id._origin.id, False)
            wizard.component_count = len(wizard.recipe_id.line_ids)

    @api.depends("recipe_id")
    def _compute_parameter_values(self):
        for wizard in self:
            values = wizard.recipe_id._get_parameter_values() if wizard.recipe_id.parameter_ids else {}
            given = {name: value for name, value in values.items() if value is not None}
            wizard.parameter_values = formula.format_values(given) or False

    # === ACTION === #

    def action_apply(self):
        """Add the chapter, once."""
        self.ensure_one()
        if not self.product_id:
            raise ValidationError(self.env._("Choose the item of the catalogue to add."))
        if not self.line_id:
            self.line_id = self.order_id._add_chapter(
                self.product_id,
                self.quantity,
                self.uom_id or self.product_id.uom_id,
                after=self.after_id.filtered(lambda line: line.order_id == self.order_id),
                parameters=self._get_parameters(),
            )
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS === #

    def _get_units(self):
        unit = self.product_id.uom_id
        return self.env["uom.uom"].search([]).filtered(lambda uom: uom._has_common_reference(unit)) if unit else unit

    def _get_parameters(self):
        try:
            return formula.parse_values(self.parameter_values)
        except formula.ValuesError as error:
            raise ValidationError(
                self.env._("The parameters cannot be read. Write them as: thickness = 12; layers = 2.")
            ) from error
