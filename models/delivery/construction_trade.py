from odoo import fields, models


class ConstructionTrade(models.Model):
    """A kind of work a crew masters; labour products say which one their hours belong to."""

    _name = "construction.trade"
    _description = "Trade"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    active = fields.Boolean(default=True)
    crew_ids = fields.Many2many("construction.crew", string="Crews")

    _name_uniq = models.UniqueIndex("(name)", "There is a trade with this name already.")
