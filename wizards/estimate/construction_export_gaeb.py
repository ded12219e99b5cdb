from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core.estimate.gaeb.budget import write_tender
from ...models.estimate.tender_draft import get_draft
from ...models.estimate.tender_offer import write_gaeb

# More of them nobody reads in a dialogue.
MAX_NOTES = 50


class ConstructionExport(models.TransientModel):
    """GAEB DA XML: the offer to a tender (X84), or a tender of ours (X83)."""

    _inherit = "construction.export"

    has_tender = fields.Boolean(compute="_compute_has_tender", export_string_translation=False)
    has_texts = fields.Boolean(
        string="With the Texts of the Tender",
        help="The standard wants an offer to have numbers and prices only. With the texts it can be read without the "
        "tender; some programs refuse it then.",
    )

    offer_notes = fields.Text(string="To Know", readonly=True)

    # === COMPUTE === #

    @api.depends("evaluation_id")
    def _compute_has_tender(self):
        for wizard in self:
            wizard.has_tender = bool(wizard._get_tender_sheet().tender_filename)

    # === CRUD === #

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        # What came as a tender goes back as an offer.
        if "format" in values and self.new(values)._get_tender_sheet().tender_filename:
            values["format"] = "x84"
        return values

    # === BUSINESS === #

    def _make_draft(self):
        if self.format not in ("x83", "x84"):
            return super()._make_draft()
        if not self._get_total_record():
            raise UserError(self.env._("A GAEB file is made of an evaluation sheet or a quote. Export recipes as BC3."))
        return get_draft(self.evaluation_id)

    def _get_tender_sheet(self):
        """Give the sheet whose tender is answered."""
        return self.evaluation_id

    def _get_total_record(self):
        """Give what is offered."""
        return self.evaluation_id

    def _get_offer_total(self):
        return self.evaluation_id.amount_total

    # === WRITING === #

    def _write_x83(self, draft):
        return write_tender(draft, fields.Date.context_today(self))

    def _write_x84(self, draft):
        record = self._get_total_record()
        offer = write_gaeb(record, draft, self._get_offer_total(), self._get_tender_sheet(), self.has_texts)
        self.offer_notes = "\n".join(f"{note.where}: {note.message}" for note in offer.notes[:MAX_NOTES])
        return offer.content
