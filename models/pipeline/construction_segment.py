from odoo import fields, models


class ConstructionSegment(models.Model):
    """A kind of clients: private builders, developers, public bodies…"""

    _name = "construction.segment"
    _description = "Client Segment"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)


class ConstructionDepartment(models.Model):
    """A part of the firm that carries jobs out: roofing, interior works…"""

    _name = "construction.department"
    _description = "Department"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Leave empty to use this department in every company.")


class ResPartner(models.Model):
    _inherit = "res.partner"

    segment_id = fields.Many2one(
        "construction.segment",
        string="Client Segment",
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
        help="What kind of client this is; proposed on its deals.",
    )
