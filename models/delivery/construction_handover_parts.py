from odoo import api, fields, models


class ConstructionHandoverPart(models.AbstractModel):
    """A row of a handover act: it stays as it is from when the act is ready."""

    _name = "construction.handover.part"
    _description = "Row of a Handover Act"
    _order = "handover_id, sequence, id"

    handover_id = fields.Many2one("construction.handover", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        if not self.env.su:
            rows.handover_id._check_open()
        return rows

    def write(self, vals):
        if not self.env.su:
            (self.handover_id | self.handover_id.browse(vals.get("handover_id") or []))._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ready(self):
        if not self.env.su:
            self.handover_id._check_open()


class ConstructionHandoverParticipant(models.Model):
    """A person who takes part in a handover."""

    _name = "construction.handover.participant"
    _description = "Participant of a Handover"
    _inherit = ["construction.handover.part"]

    side = fields.Selection(
        [("own", "For us"), ("client", "For the client"), ("other", "Others")],
        required=True,
        default="client",
    )
    position = fields.Char(string="Position or Role")
    partner_id = fields.Many2one("res.partner", string="Contact", ondelete="restrict", index="btree_not_null")

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        if self.partner_id:
            self.name = self.partner_id.name
            self.position = self.partner_id.function or self.position


class ConstructionHandoverDocument(models.Model):
    """Something handed over with the works: keys, manuals, certificates…"""

    _name = "construction.handover.document"
    _description = "Item Handed Over"
    _inherit = ["construction.handover.part"]

    count = fields.Integer(string="Number", default=1)
    is_handed = fields.Boolean(string="Handed Over")
    note = fields.Char()

    _count_not_negative = models.Constraint("CHECK(count >= 0)", "The number handed over cannot be negative.")


class ConstructionHandoverMeter(models.Model):
    """What a meter showed at the handover."""

    _name = "construction.handover.meter"
    _description = "Meter Reading"
    _inherit = ["construction.handover.part"]

    serial_number = fields.Char(string="Meter No.")
    reading = fields.Float(digits=(16, 3))
    unit = fields.Char()

    _reading_not_negative = models.Constraint("CHECK(reading >= 0)", "The reading of a meter cannot be negative.")


class ConstructionHandoverSnag(models.Model):
    """A snag as the annex of the act names it; what happens to the snag later does not change it."""

    _name = "construction.handover.snag"
    _description = "Snag Annexed to a Handover Act"
    _inherit = ["construction.handover.part"]

    number = fields.Integer(string="No.", aggregator=None)
    snag_id = fields.Many2one("construction.snag", ondelete="restrict", index="btree_not_null")
    place = fields.Char()
    severity = fields.Selection([("minor", "Minor"), ("major", "Major"), ("critical", "Critical")])
    holds = fields.Selection(
        [("nothing", "Nothing"), ("retention", "Retention"), ("handover", "Handover")], string="Holds Up"
    )
    responsible = fields.Char(string="To Be Put Right By")
    date_due = fields.Date(string="Due")


class ConstructionHandoverItem(models.Model):
    """What is handed over with works of a type, proposed on their acts."""

    _name = "construction.handover.item"
    _description = "Item to Hand Over"
    _order = "construction_type_id, sequence, id"

    construction_type_id = fields.Many2one("construction.type", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="construction_type_id.company_id")
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)


class ConstructionType(models.Model):
    _inherit = "construction.type"

    handover_item_ids = fields.One2many(
        "construction.handover.item",
        "construction_type_id",
        string="Handed Over with the Works",
        copy=True,
        help="Keys, manuals, certificates…: proposed on the handover acts of such works.",
    )
