import base64
import re

from odoo import models

from ...core.estimate.gaeb.reader import read

# Files that ask for prices: the offer goes back in their structure.
TENDERS = {"X81", "X82", "X83"}


class ConstructionImport(models.TransientModel):
    """GAEB DA XML: tenders, offers and orders of German-speaking countries."""

    _inherit = "construction.import"

    def _is_gaeb(self, head, suffix):
        # In two bytes a letter, too.
        return re.fullmatch(r"[xdp]8[0-9]z?", suffix) is not None or b"GAEB" in head.replace(b"\0", b"")

    def _read_gaeb(self, data):
        return read(data)

    def _import_sheet(self, draft, data):
        sheet = super()._import_sheet(draft, data)
        if draft.kind in TENDERS:
            sheet.write({"tender_file": base64.b64encode(data), "tender_filename": self._get_safe_filename()})
        return sheet
