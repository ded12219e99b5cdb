from odoo import api, models


class ConstructionEvaluationPart(models.AbstractModel):
    """What belongs to an evaluation sheet: it can be changed as long as the items of the sheet can."""

    _name = "construction.evaluation.part"
    _description = "Part of an Evaluation Sheet"

    # The field that leads to the sheet, or to the item of the sheet.
    _sheet_field = "evaluation_id"

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        owner_ids = {vals[self._sheet_field] for vals in vals_list if vals.get(self._sheet_field)}
        self._check_sheets_writable(self[self._sheet_field].browse(owner_ids))
        return super().create(vals_list)

    def write(self, vals):
        owners = self[self._sheet_field]
        if vals.get(self._sheet_field):
            owners |= owners.browse(vals[self._sheet_field])
        self._check_sheets_writable(owners)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_final(self):
        self._check_sheets_writable(self[self._sheet_field])

    # === BUSINESS === #

    def _check_sheets_writable(self, owners):
        sheets = owners if owners._name == "construction.evaluation" else owners.evaluation_id
        sheets._check_lines_writable()
