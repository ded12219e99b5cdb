from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .price_book import PRICE_GROUPS

# Between the names of a zone and of the zone it is part of.
SEPARATOR = " / "


class ConstructionEvaluationZone(models.Model):
    """A place on the site of a sheet: a floor, a room, a façade, or a chapter of a bill of quantities."""

    _name = "construction.evaluation.zone"
    _inherit = ["construction.evaluation.part"]
    _description = "Evaluation Sheet Zone"
    _order = "evaluation_id, sequence, id"
    _rec_name = "complete_name"
    _parent_name = "parent_id"

    evaluation_id = fields.Many2one(
        "construction.evaluation",
        string="Evaluation Sheet",
        required=True,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="evaluation_id.currency_id")
    sequence = fields.Integer(default=10)
    code = fields.Char(help="Number of the zone in the bill of quantities it comes from.")
    name = fields.Char(required=True)
    parent_id = fields.Many2one(
        "construction.evaluation.zone",
        string="Part Of",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('evaluation_id', '=', evaluation_id), ('id', '!=', id)]",
    )
    child_ids = fields.One2many("construction.evaluation.zone", "parent_id", string="Zones Inside")
    # Stored: items are listed, sorted and searched by it.
    complete_name = fields.Char(
        string="Zone",
        compute="_compute_complete_name",
        store=True,
        recursive=True,
    )
    description = fields.Text()
    line_ids = fields.One2many("construction.evaluation.line", "zone_id", string="Items")
    amount_total = fields.Monetary(
        string="Total",
        compute="_compute_amount_total",
        groups=PRICE_GROUPS,
        help="Of the items of the zone and of the zones inside it, tax excluded.",
    )

    # === COMPUTE === #

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self):
        for zone in self:
            names = filter(None, (zone.parent_id.complete_name, zone.name))
            zone.complete_name = SEPARATOR.join(names)

    @api.depends("evaluation_id.line_ids.price_subtotal", "evaluation_id.line_ids.zone_id", "parent_id")
    def _compute_amount_total(self):
        totals = dict.fromkeys(self.evaluation_id.zone_ids | self, 0.0)
        for line in self.evaluation_id.line_ids:
            zone, seen = line.zone_id, set()
            while zone and zone not in seen:
                totals[zone] = totals.get(zone, 0.0) + line.price_subtotal
                seen.add(zone)
                zone = zone.parent_id
        for zone in self:
            zone.amount_total = totals.get(zone._origin or zone, 0.0)

    # === CONSTRAINTS === #

    @api.constrains("parent_id", "evaluation_id")
    def _check_parent_id(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A zone cannot be part of itself. Choose another zone it is part of."))
        for zone in self:
            if zone.parent_id and zone.parent_id.evaluation_id != zone.evaluation_id:
                raise ValidationError(
                    self.env._(
                        "The zones %(zone)s and %(parent)s are not of one evaluation sheet.",
                        zone=zone.name,
                        parent=zone.parent_id.name,
                    )
                )

    # === CRUD === #

    @api.model
    def name_create(self, name):
        """Take the zone of that name on the sheet of the context, or make it."""
        sheet = self.env["construction.evaluation"].browse(self.env.context.get("default_evaluation_id"))
        zone = self._get_or_make(sheet, [name]).get(name) if sheet else None
        if not zone:
            return super().name_create(name)
        return zone.id, zone.display_name

    # === BUSINESS === #

    @api.model
    def _get_or_make(self, sheet, names):
        """Find the zones of a sheet by their complete names; those it does not have are made.

        :param names: such as “Ground floor / Bathroom”; upper and lower case are one
        :return: a dict of name → zone
        """
        known = {}
        for zone in sheet.zone_ids:
            known.setdefault(zone.complete_name.casefold(), zone)
        found = {}
        for name in names:
            if name.strip().casefold() in known:
                found[name] = known[name.strip().casefold()]
                continue
            path, parent = "", self.browse()
            for piece in filter(None, map(str.strip, name.split(SEPARATOR))):
                path = SEPARATOR.join(filter(None, (path, piece)))
                zone = known.get(path.casefold())
                if not zone:
                    zone = self.create(
                        {
                            "evaluation_id": sheet.id,
                            "name": piece,
                            "parent_id": parent.id,
                            "sequence": max(sheet.zone_ids.mapped("sequence"), default=0) + 1,
                        }
                    )
                    known[path.casefold()] = zone
                parent = zone
            found[name] = parent
        return found

    def _copy_to(self, sheet):
        """Copy the zones to another sheet.

        :return: a dict of zone → its copy
        """
        copies = {}
        for zone in self.sorted(lambda zone: len((zone.complete_name or "").split(SEPARATOR))):
            copies[zone] = zone.copy({"evaluation_id": sheet.id, "parent_id": False})
        for zone, copy in copies.items():
            if zone.parent_id:
                copy.parent_id = copies[zone.parent_id]
        return copies
