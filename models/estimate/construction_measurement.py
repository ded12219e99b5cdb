from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core.estimate import measuring

SIZE_FIELDS = ("count", "length", "width", "height")


class ConstructionMeasurement(models.Model):
    """One measured row under an item: wall A, wall B, minus the door."""

    _name = "construction.measurement"
    _description = "Measurement Row"
    _inherit = ["construction.evaluation.part"]
    _order = "line_id, sequence, id"
    _sheet_field = "line_id"

    line_id = fields.Many2one(
        "construction.evaluation.line",
        string="Item",
        required=True,
        index=True,
        ondelete="cascade",
    )
    evaluation_id = fields.Many2one(related="line_id.evaluation_id")
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Comment", help="What was measured: wall A, minus the door.")
    zone_id = fields.Many2one(
        "construction.evaluation.zone",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        domain="[('evaluation_id', '=', evaluation_id)]",
        help="Where it was measured, when that is not the zone of the item.",
    )
    kind = fields.Selection(
        [
            ("measure", "Measure"),
            ("subtotal", "Subtotal"),
            ("cumulative", "Running Total"),
        ],
        default="measure",
        required=True,
        help="A subtotal shows the sum since the last one, a running total the sum of all rows before it. "
        "Neither counts in the quantity.",
    )
    count = fields.Float(default=1.0, min_display_digits=0, help="How many alike. With 0 the row is just a comment.")
    length = fields.Float(  # pylint: disable=attribute-deprecated
        min_display_digits=2,
        help="Left empty it counts as 1.",
    )
    width = fields.Float(min_display_digits=2, help="Left empty it counts as 1.")
    height = fields.Float(min_display_digits=2, help="Left empty it counts as 1.")
    formula = fields.Char(
        help="In place of count × length × width × height, with these names or a, b, c, d: length * height / 2",
    )
    is_deduction = fields.Boolean(string="Deduct", help="Taken off the quantity: a door, a window.")
    # Stored: sums by zone are read from the database.
    quantity = fields.Float(
        compute="_compute_quantity",
        store=True,
        min_display_digits="Product Unit",
    )

    explanation = fields.Char(
        string="Worked Out",
        compute="_compute_explanation",
        export_string_translation=False,
    )

    # === COMPUTE === #

    @api.depends("kind", "count", "length", "width", "height", "formula", "is_deduction")
    def _compute_explanation(self):
        point = self.env["res.lang"]._get_data(code=self.env.lang or "en_US").decimal_point or "."
        for row in self:
            row.explanation = measuring.explain(row._to_core(), point)

    @api.depends(
        "kind",
        "count",
        "length",
        "width",
        "height",
        "formula",
        "is_deduction",
        "sequence",
        "line_id.measurement_ids.kind",
    )
    def _compute_quantity(self):
        for line, rows in self.grouped("line_id").items():
            siblings = line.measurement_ids
            if any(row.kind != measuring.MEASURE for row in siblings | rows):
                (siblings | rows)._set_quantities()
            else:
                rows._set_quantities()

    def _set_quantities(self):
        """Work out rows of one item, in their order; what makes no sense yet shows as 0."""
        rows = self.sorted("sequence")
        try:
            quantities = measuring.work_out([row._to_core() for row in rows])[0]
        except measuring.MeasureError:
            quantities = [row._get_quantity_alone() for row in rows]
        for row, quantity in zip(rows, quantities, strict=True):
            row.quantity = quantity

    def _get_quantity_alone(self):
        try:
            return measuring.work_out([self._to_core()])[0][0]
        except measuring.MeasureError:
            return 0.0

    # === CONSTRAINTS === #

    @api.constrains("kind", "count", "length", "width", "height", "formula", "is_deduction")
    def _check_measure(self):
        for row in self.filtered(lambda row: row.kind == measuring.MEASURE):
            try:
                measuring.measure(row._to_core())
            except measuring.TooLargeError as error:
                raise ValidationError(row._get_too_large_message()) from error
            except measuring.MeasureError as error:
                raise ValidationError(
                    self.env._(
                        "%(item)s, row “%(row)s”: the formula “%(formula)s” cannot be worked out. Use numbers, "
                        "+ - * / and the names count, length, width and height (or a, b, c, d).",
                        item=row.line_id._get_label(),
                        row=row.name or "",
                        formula=error.detail,
                    )
                ) from error

    @api.constrains("zone_id", "line_id")
    def _check_zone_id(self):
        for row in self.filtered("zone_id"):
            row.line_id._check_zone_of_sheet(row.zone_id)

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_sizes_given(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_sizes_given(vals)
        return super().write(vals)

    def unlink(self):
        before = {line: line._is_measured_quantity() for line in self.line_id}
        result = super().unlink()
        for line, was_measured in before.items():
            # What nobody measures any more is not there; a quantity typed in its place stays.
            if was_measured and line.exists() and not line.measurement_ids:
                line.quantity = 0.0
        return result

    # === BUSINESS === #

    def _to_core(self):
        """Give the row as the arithmetic takes it."""
        self.ensure_one()
        return measuring.Row(
            count=self.count,
            length=self.length,
            width=self.width,
            height=self.height,
            formula=self.formula or "",
            is_deduction=self.is_deduction,
            kind=self.kind,
        )

    def _check_sizes_given(self, vals):
        """Refuse what is no number before the ORM handles it."""
        if not all(measuring.is_usable(vals.get(name) or 0.0) for name in SIZE_FIELDS):
            row = self[:1] or self.new({name: vals[name] for name in ("name", "line_id") if vals.get(name)})
            raise ValidationError(row._get_too_large_message())

    def _get_too_large_message(self):
        return self.env._(
            "%(item)s, row “%(row)s”: the sizes are too large to be true. Check what was typed.",
            item=self.line_id._get_label(),
            row=self.name or "",
        )
