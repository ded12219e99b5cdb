from odoo import api, fields, models


class ConstructionEvaluationPhoto(models.Model):
    """A photo of an item, taken on the site; seen by whoever may see the sheet."""

    _name = "construction.evaluation.photo"
    _description = "Evaluation Sheet Photo"
    _order = "line_id, sequence, id"

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

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        line_ids = {vals["line_id"] for vals in vals_list if vals.get("line_id")}
        self.env["construction.evaluation.line"].browse(line_ids).evaluation_id._check_lines_writable()
        return super().create(vals_list)

    def write(self, vals):
        lines = self.line_id
        if vals.get("line_id"):
            lines |= lines.browse(vals["line_id"])
        lines.evaluation_id._check_lines_writable()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_final(self):
        self.line_id.evaluation_id._check_lines_writable()
