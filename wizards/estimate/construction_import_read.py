import base64
import re

from odoo import models
from odoo.exceptions import UserError

from ...core.estimate import fiebdc
from ...core.estimate.exchange import DraftError
from ...core.estimate.exchange.from_fiebdc import from_fiebdc
from .import_formats import FORMATS

# A larger file is no budget; the readers of zipped formats guard what they unpack.
MAX_BYTES = 128 * 1024 * 1024


class ConstructionImport(models.TransientModel):
    """Which format a file has, and its draft."""

    _inherit = "construction.import"

    def _read_draft(self):
        """Read the file.

        :return: a `Draft`
        :raise UserError: when it is no file of this format
        """
        self.ensure_one()
        data = self._get_data()
        try:
            return getattr(self, f"_read_{self._guess_format(data)}")(data)
        except (DraftError, fiebdc.FiebdcError) as error:
            raise UserError(str(error)) from error

    def _guess_format(self, data):
        """Tell the format by the first bytes and the name of the file."""
        head, suffix = data[:4096], (self.filename or "").lower().rpartition(".")[2]
        names = [name for name, _label in FORMATS]
        found = [name for name in names if getattr(self, f"_is_{name}")(head, suffix)]
        return (found or names)[0]

    def _is_bc3(self, head, suffix):
        return suffix == "bc3" or re.search(rb"~\s*[VCKD]\s*\|", head) is not None

    def _read_bc3(self, data):
        digits = self.company_id.currency_id.decimal_places
        return from_fiebdc(fiebdc.read(data), digits=digits)

    def _get_data(self):
        if not self.file:
            raise UserError(self.env._("Choose the file to import."))
        file = self.with_context(bin_size=False).file
        if len(file) * 3 // 4 > MAX_BYTES:
            raise UserError(self.env._("The file is larger than %(size)s MB.", size=MAX_BYTES // 1024 // 1024))
        try:
            return base64.b64decode(file, validate=False)
        except ValueError as error:
            raise UserError(self.env._("The file did not arrive whole. Choose it again.")) from error
