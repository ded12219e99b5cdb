from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from ...core.estimate import explosion


class ConstructionSheetTemplate(models.Model):
    """What an evaluation sheet of one kind of works starts with: items to measure, questions to ask."""

    _name = "construction.sheet.template"
    _description = "Sheet Template"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Leave empty to use this template in every company.")
    line_ids = fields.One2many("construction.sheet.template.line", "template_id", string="Items", copy=True)
    question_ids = fields.One2many("construction.sheet.template.question", "template_id", string="Questions", copy=True)
    type_ids = fields.One2many(
        "construction.type",
        "sheet_template_id",
        string="Used By",
        readonly=True,
        help="New sheets of these construction types start with this template.",
    )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if "name" in (default or {}):
            return vals_list
        return [
            dict(vals, name=self.env._("%(name)s (copy)", name=template.name))
            for template, vals in zip(self, vals_list, strict=True)
        ]

    # === BUSINESS === #

    def _prepare_sheet_lines(self, known=()):
        """List the commands that bring the items onto a sheet.

        :param known: pairs of product id and zone that stand on the sheet already
        """
        self.ensure_one()
        return [
            Command.create(line._prepare_sheet_line_values())
            for line in self.line_ids
            if line.product_id.active and (line.product_id.id, line._get_zone_key()) not in known
        ]

    def _prepare_sheet_answers(self, known=()):
        """List the commands that bring the questions onto a sheet.

        :param known: texts of the questions that stand on the sheet already
        """
        self.ensure_one()
        return [
            Command.create(question._prepare_answer_values())
            for question in self.question_ids
            if question.name not in known
        ]


class ConstructionSheetTemplateLine(models.Model):
    _name = "construction.sheet.template.line"
    _description = "Sheet Template Item"
    _order = "template_id, sequence, id"
    _rec_name = "product_id"
    _check_company_auto = True

    _quantity_not_negative = models.Constraint(
        "CHECK(quantity >= 0)",
        "The quantity of an item cannot be negative.",
    )

    template_id = fields.Many2one("construction.sheet.template", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="template_id.company_id")
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        "product.product",
        string="Item",
        required=True,
        check_company=True,
        ondelete="restrict",
        index=True,
        domain="[('sale_ok', '=', True)]",
    )
    name = fields.Text(string="Description", help="Empty: the name of the item.")
    zone = fields.Char(help="Where on the site: a room, a floor, a façade.")
    quantity = fields.Float(
        string="Usual Quantity",
        digits="Product Unit",
        help="Empty: to be measured on site.",
    )
    uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        compute="_compute_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
    )
    is_required = fields.Boolean(
        string="Always Needed",
        help="The sheet cannot be final before this item has a quantity. Else an item nobody measured is just "
        "left out of the quote.",
    )

    @api.depends("product_id")
    def _compute_uom_id(self):
        for line in self:
            product_uom = line.product_id.uom_id
            if not line.uom_id or (product_uom and not product_uom._has_common_reference(line.uom_id)):
                line.uom_id = product_uom

    @api.constrains("quantity", "uom_id", "product_id")
    def _check_line(self):
        for line in self:
            product_uom = line.product_id.uom_id
            if line.uom_id and not product_uom._has_common_reference(line.uom_id):
                raise ValidationError(
                    self.env._(
                        "%(item)s is counted in %(product_unit)s, which does not convert to %(unit)s. "
                        "Choose a unit of the same kind.",
                        item=line.product_id.display_name,
                        product_unit=product_uom.display_name,
                        unit=line.uom_id.display_name,
                    )
                )
            if line.quantity < 0 or not explosion.is_usable_quantity(line.quantity):
                raise ValidationError(
                    self.env._(
                        "The usual quantity of %(item)s must be a number from zero up.",
                        item=line.product_id.display_name,
                    )
                )

    def _prepare_sheet_line_values(self):
        """Give the values of the sheet item made from this one."""
        self.ensure_one()
        values = {
            "sequence": self.sequence,
            "product_id": self.product_id.id,
            "zone": self.zone,
            "quantity": self.quantity,
            "is_proposed": not self.is_required,
        }
        if self.name:
            values["name"] = self.name
        if self.uom_id:
            values["uom_id"] = self.uom_id.id
        return values

    def _get_zone_key(self):
        return (self.zone or "").strip().casefold()
