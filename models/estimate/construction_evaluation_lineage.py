from odoo import fields, models


class ConstructionEvaluationLine(models.Model):
    """Which item of the first version an item goes back to."""

    _inherit = "construction.evaluation.line"

    root_line_id = fields.Many2one(
        "construction.evaluation.line",
        string="First Version",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        export_string_translation=False,
    )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for line, vals in zip(self, vals_list):
            vals["root_line_id"] = (line.root_line_id or line).id
        return vals_list

    def _get_lineage(self):
        """Give the number that all versions of an item share."""
        self.ensure_one()
        return (self.root_line_id or self).id
