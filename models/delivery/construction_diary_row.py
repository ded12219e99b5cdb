from odoo import api, fields, models


class ConstructionDiaryRow(models.AbstractModel):
    """A row of a page of the site diary: it is changed while the page is open, and stands once that is confirmed."""

    _name = "construction.diary.row"
    _description = "Row of a Site Diary"

    diary_id = fields.Many2one("construction.diary", required=True, ondelete="cascade", index=True)

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        if not self.env.su:
            rows.diary_id._check_open()
        return rows

    def write(self, vals):
        if not self.env.su:
            (self.diary_id | self.diary_id.browse(vals.get("diary_id") or []))._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_confirmed(self):
        if not self.env.su:
            self.diary_id._check_open()
