from odoo import fields, models


class ConstructionEvaluationPhoto(models.Model):
    """A photo of an item, taken on the site; seen by whoever may see the sheet."""

    _name = "construction.evaluation.photo"
    _description = "Evaluation Sheet Photo"
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
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Caption")
    # As large as a printed page needs.
    image_1920 = fields.Image("Photo", max_width=1920, max_height=1920, required=True)
    image_256 = fields.Image("Thumbnail", related="image_1920", max_width=256, max_height=256, store=True)
    is_printed = fields.Boolean(
        string="Print for the Client",
        help="The photo is printed under its item in the measurement annex of the sheet and of its quote, "
        "and with the quote itself where that prints photos.",
    )
