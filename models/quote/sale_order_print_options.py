"""What goes with the print of a quote: a summary, photos, the total in words."""

import base64

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.image import image_process

from ...core.quote import print_rows

# Enough for half the width of a page.
PHOTO_SIZE = (900, 900)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    print_summary = fields.Boolean(
        string="Summary of Chapters",
        help="Print the chapters with their amounts before the lines. It is left out where chapters are all the client "
        "sees, or where the quote has one total.",
    )
    print_photos = fields.Selection(
        [("chapter", "Under their chapter"), ("annex", "On pages at the end")],
        string="Photos in Print",
        help="Print the photos of the sheet that are marked “Print for the Client”. Empty: no photos.",
    )

    # === ACTION === #

    def action_download_workbook(self):
        """Download the quote as a spreadsheet.

        :raise UserError: when several are chosen
        """
        if len(self) != 1:
            raise UserError(self.env._("Choose one quote to write as a spreadsheet."))
        return {"type": "ir.actions.act_url", "url": f"/construction_crm/quote/{self.id}/xlsx", "target": "download"}

    # === BUSINESS === #

    def _get_amount_in_words(self):
        """Spell the total in the language of the client."""
        self.ensure_one()
        lang = self.partner_id.lang or self.env.lang
        return self.currency_id._get_amount_in_words(self.amount_total, lang)

    def _get_summary(self, lines):
        """Give the chapters among the printed lines, where a summary tells more than the lines do.

        :param lines: what the client sees of the quote
        """
        self.ensure_one()
        if not self.print_summary or self._hides_all_amounts():
            return lines.browse()
        chapters = lines.filtered(lambda line: line.display_type == "line_section" and not line.is_downpayment)
        is_longer = any(not line.display_type for line in lines)
        return chapters if is_longer else lines.browse()

    def _get_unsummarised(self, chapters):
        """Give what lines outside of chapters, and the rounding, add to the sum of the chapters."""
        total = sum(chapters.mapped("chapter_subtotal"))
        return self.currency_id.round(self.amount_untaxed - total)

    def _get_print_photos(self, lines):
        """Gather the photos of each item under its first printed line.

        :param lines: what the client sees of the quote
        :return: a dict of id of a line → list of dicts with image and name
        """
        self.ensure_one()
        first = {}
        for line in lines:
            if line.evaluation_line_id:
                first.setdefault(line.evaluation_line_id.id, line.id)
        if not self.print_photos or not first:
            return {}
        # sudo: chosen for the client on the sheet; whoever prints the quote need not see the sheet.
        photos_sudo = (
            self.env["construction.evaluation.photo"]
            .sudo()
            .search([("line_id", "in", list(first)), ("is_printed", "=", True)])
        )
        found = {}
        for photo in photos_sudo.with_context(bin_size=False):
            image = image_process(base64.b64decode(photo.image_1920), size=PHOTO_SIZE, quality=80)
            values = {"image": base64.b64encode(image), "name": photo.name or ""}
            found.setdefault(first[photo.line_id.id], []).append(values)
        return found

    def _keep_titles(self, rows, widths):
        """Keep each title on the page of the line that follows it."""
        # What QWeb made, taken apart and joined: nothing of a person's gets in unescaped.
        return Markup(print_rows.keep_titles(str(rows), widths))

    def _get_print_widths(self, display_discount, display_taxes):
        """Give the widths of the columns of a printed quote, in the order they stand."""
        others = ["13%", "13%", *(["8%"] if display_discount else []), *(["10%"] if display_taxes else []), "15%"]
        taken = sum(int(width.rstrip("%")) for width in others)
        return [f"{100 - taken}%", *others]
