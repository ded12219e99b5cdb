from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ConstructionDiaryPresence(models.Model):
    """Who was on site that day: a crew, a subcontractor or others, how many and how long."""

    _name = "construction.diary.presence"
    _inherit = "construction.diary.row"
    _description = "Presence on Site"
    _order = "diary_id, sequence, id"
    _check_company_auto = True

    company_id = fields.Many2one(related="diary_id.company_id")
    sequence = fields.Integer(default=10)
    crew_id = fields.Many2one("construction.crew", check_company=True, ondelete="restrict", index="btree_not_null")
    partner_id = fields.Many2one(
        "res.partner",
        string="Subcontractor",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    name = fields.Char(string="Others", help="Who was there, when it is neither a crew of ours nor a subcontractor.")
    who = fields.Char(compute="_compute_who")
    people = fields.Integer(default=1, required=True)
    hours = fields.Float(string="Hours Each", default=8.0, required=True)
    hours_total = fields.Float(compute="_compute_hours_total", store=True)
    note = fields.Char(string="Worked On")

    _people_positive = models.Constraint("CHECK(people > 0)", "Say how many people were there: at least one.")
    _hours_range = models.Constraint("CHECK(hours >= 0 AND hours <= 24)", "A day has between 0 and 24 hours.")

    # === COMPUTE === #

    @api.depends("crew_id", "partner_id", "name")
    def _compute_who(self):
        for line in self:
            line.who = line._get_who()

    @api.depends("people", "hours")
    def _compute_hours_total(self):
        for line in self:
            line.hours_total = line.people * line.hours

    # === ONCHANGE === #

    @api.onchange("crew_id")
    def _onchange_crew_id(self):
        if self.crew_id.size:
            self.people = self.crew_id.size

    # === CONSTRAINT === #

    @api.constrains("crew_id", "partner_id", "name", "people")
    def _check_who(self):
        for line in self:
            if not line._get_who():
                raise ValidationError(
                    self.env._("Say who was there: choose a crew or a subcontractor, or write a name.")
                )

    # === BUSINESS === #

    def _get_who(self):
        self.ensure_one()
        return self.crew_id.name or self.partner_id.display_name or self.name or ""

    def _prepare_copy_values(self):
        """The same people again on another day."""
        self.ensure_one()
        return {
            "crew_id": self.crew_id.id,
            "partner_id": self.partner_id.id,
            "name": self.name,
            "people": self.people,
            "hours": self.hours,
        }
