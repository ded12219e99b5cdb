import base64

from odoo import models

from ...core.estimate import xlsx
from ...models.estimate.workbook_drafts import get_workbook_options


class ConstructionImport(models.TransientModel):
    """Spreadsheets: the same road as the wizard of spreadsheets, which knows the items of a sheet again."""

    _inherit = "construction.import"

    def _is_xlsx(self, head, suffix):
        return suffix in ("xlsx", "xlsm", "csv", "ods") or (head.startswith(b"PK") and b"xl/" in head)

    def _read_xlsx(self, data):
        return xlsx.read(data, get_workbook_options(self.env))

    def _import_sheet(self, draft, data):
        if self.format != "xlsx" or not self.evaluation_id or draft.kind != "sheet":
            return super()._import_sheet(draft, data)
        wizard = self.env["construction.workbook"].create(
            {
                "kind": "sheet",
                "evaluation_id": self.evaluation_id.id,
                "file": base64.b64encode(data),
                "filename": self.filename,
                "is_removing": self.items_mode == "replace",
            }
        )
        wizard.action_import()
        return self.evaluation_id
