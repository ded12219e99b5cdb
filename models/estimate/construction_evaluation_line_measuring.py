from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core.estimate import measuring
from .construction_evaluation_line import PREFETCHED_FIELDS


class ConstructionEvaluation(models.Model):
    _inherit = "construction.evaluation"

    zone_ids = fields.One2many("construction.evaluation.zone", "evaluation_id", string="Zones")

    # === ACTION === #

    def action_view_items(self):
        """Open the items of the sheet zone by zone, each with its rows and photos."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.construction_evaluation_line_action")
        action["domain"] = [("evaluation_id", "=", self.id)]
        action["context"] = {
            "default_evaluation_id": self.id,
            "search_default_group_zone": 1,
            "create": not self._is_locked(),
        }
        return action

    # === CRUD === #

    def onchange(self, values, field_names, fields_spec):
        """Read what the form shows of the items and what their prices need at once."""
        if self and "line_ids" in fields_spec:
            shown = fields_spec["line_ids"].get("fields", {})
            # sudo: prices are computed for whoever measures too; what he gets to see is checked on the way out.
            lines_sudo = self.sudo().line_ids
            stored = [field for name, field in lines_sudo._fields.items() if name in shown and field.store]
            names = [field.name for field in stored if not field.type.endswith("2many")]
            lines_sudo.fetch(names + PREFETCHED_FIELDS)
        return super().onchange(values, field_names, fields_spec)

    def copy(self, default=None):
        """Copy the zones too: items and rows of the copy stand in its own."""
        copies = super().copy(default)
        for sheet, copy in zip(self, copies, strict=True):
            if sheet.zone_ids:
                sheet._copy_zones(copy)
        return copies

    def _copy_zones(self, copy):
        zones = self.zone_ids._copy_to(copy)
        pairs = list(zip(self.line_ids, copy.line_ids, strict=True))
        pairs += [pair for line, twin in pairs for pair in zip(line.measurement_ids, twin.measurement_ids, strict=True)]
        placed = {}
        for record, twin in pairs:
            if record.zone_id:
                key = (record._name, record.zone_id)
                placed[key] = placed.get(key, twin.browse()) | twin
        for (_model, zone), twins in placed.items():
            twins.zone_id = zones[zone]


class ConstructionEvaluationLine(models.Model):
    """Where an item is and how its quantity was measured."""

    _inherit = "construction.evaluation.line"

    can_check = fields.Boolean(compute="_compute_can_check", export_string_translation=False)

    zone_id = fields.Many2one(
        "construction.evaluation.zone",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        domain="[('evaluation_id', '=', evaluation_id)]",
        help="Where on the site: a room, a floor, a façade.",
    )
    # Stored: items are sorted, searched and grouped by it. Typing a name finds or makes the zone.
    zone = fields.Char(
        string="Zone Name",
        compute="_compute_zone",
        inverse="_inverse_zone",
        store=True,
        readonly=False,
        copy=False,
        help="Where on the site: a room, a floor, a façade.",
    )
    measurement_ids = fields.One2many(
        "construction.measurement",
        "line_id",
        string="Measurements",
        copy=True,
    )
    # Stored, as the count of photos: lists show them, and saving an item asks whether it has rows.
    measurement_count = fields.Integer(string="Rows", compute="_compute_measurement_count", store=True)
    photo_ids = fields.One2many("construction.evaluation.photo", "line_id", string="Photos", copy=True)
    photo_count = fields.Integer(string="Photos Taken", compute="_compute_photo_count", store=True)
    # All decimals that were measured; a quote line holds those of “Product Unit”.
    quantity = fields.Float(
        min_display_digits="Product Unit",
        compute="_compute_quantity",
        store=True,
        readonly=False,
        # Square metres and pieces do not add up.
        aggregator=None,
        help="The sum of the measured rows; typed while there are none.",
    )

    # === COMPUTE === #

    @api.depends_context("uid")
    def _compute_can_check(self):
        self.can_check = self.env["construction.evaluation"]._user_can_check()

    @api.depends("zone_id.complete_name")
    def _compute_zone(self):
        for line in self:
            line.zone = line.zone_id.complete_name

    def _inverse_zone(self):
        zone_model = self.env["construction.evaluation.zone"]
        lines = self.filtered(lambda line: (line.zone or "") != (line.zone_id.complete_name or ""))
        for sheet, sheet_lines in lines.grouped("evaluation_id").items():
            zones = zone_model._get_or_make(sheet, [name for name in sheet_lines.mapped("zone") if name])
            for name, alike in sheet_lines.grouped("zone").items():
                zone = zones.get(name, zone_model)
                alike.zone_id = zone
                if (name or "") != (zone.complete_name or ""):
                    alike.zone = zone.complete_name

    @api.depends("measurement_ids.quantity", "measurement_ids.kind")
    def _compute_quantity(self):
        for line in self:
            rows = line.measurement_ids
            if rows:
                line.quantity = line._get_measured_quantity()
                if line.quantity < 0 and line._origin == line:
                    # Raised here, where all rows of a save are in.
                    raise ValidationError(
                        self.env._(
                            "%(item)s: more is deducted than measured, which leaves %(quantity)s. "
                            "Check the rows marked “Deduct”.",
                            item=line._get_label(),
                            quantity=line.quantity,
                        )
                    )
            else:
                emptied = line._origin != line and line._origin.measurement_ids
                line.quantity = 0.0 if emptied else line.quantity

    @api.depends("measurement_ids")
    def _compute_measurement_count(self):
        for line in self:
            line.measurement_count = len(line.measurement_ids)

    @api.depends("photo_ids")
    def _compute_photo_count(self):
        for line in self:
            line.photo_count = len(line.photo_ids)

    # === CONSTRAINTS === #

    @api.constrains("quantity", "measurement_ids")
    def _check_quantity_measured(self):
        for line in self.filtered("measurement_count"):
            if not line._is_measured_quantity():
                raise ValidationError(
                    self.env._(
                        "%(item)s is measured row by row, which makes its quantity. Change the rows.",
                        item=line._get_label(),
                    )
                )

    @api.constrains("zone_id", "evaluation_id")
    def _check_zone_id(self):
        for line in self.filtered("zone_id"):
            line._check_zone_of_sheet(line.zone_id)

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        # A quantity given along with rows would keep theirs from being added up.
        vals_list = [
            {name: value for name, value in vals.items() if name != "quantity" or not vals.get("measurement_ids")}
            for vals in vals_list
        ]
        return super().create(vals_list)

    def write(self, vals):
        if "quantity" not in vals or "measurement_ids" not in vals:
            return super().write(vals)
        result = super().write({name: value for name, value in vals.items() if name != "quantity"})
        super(ConstructionEvaluationLine, self.filtered(lambda line: not line.measurement_ids)).write(
            {"quantity": vals["quantity"]}
        )
        return result

    # === BUSINESS === #

    def _get_measured_quantity(self):
        """Add up the rows; subtotals do not count."""
        rows = self.measurement_ids.filtered(lambda row: row.kind == measuring.MEASURE)
        return measuring.add_up(rows.mapped("quantity"))

    def _is_measured_quantity(self):
        return not fields.Float.compare(self.quantity, self._get_measured_quantity(), measuring.DIGITS)

    def _check_zone_of_sheet(self, zone):
        if zone.evaluation_id != self.evaluation_id:
            raise ValidationError(
                self.env._(
                    "%(item)s: the zone %(zone)s is of another evaluation sheet. Choose one of this sheet.",
                    item=self._get_label(),
                    zone=zone.complete_name,
                )
            )
