import base64

from odoo import models
from odoo.tools import image as image_tools
from odoo.tools.misc import formatLang

from .hours import round_to_minutes

# Printed small: a page holds the order, not an album.
PHOTO_SIZE = (480, 360)
PRINTABLE = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp")


class ReportWorkOrder(models.AbstractModel):
    """A work order on paper: one page where the works allow."""

    _name = "report.construction_crm.report_work_order"
    _inherit = "construction.print.mixin"
    _description = "Work Order Print"
    _print_model = "construction.work.order"
    _print_groups = (
        "project.group_project_user,sales_team.group_sale_salesman,"
        "account.group_account_invoice,account.group_account_readonly"
    )

    def _prepare_print(self, doc):
        """Give what is printed of an order, figures written in its language."""

        def number(value, digits):
            return formatLang(doc.env, value, digits=digits)

        return {**doc._prepare_print_values(), "number": number}

    def _get_lang(self, doc):
        """The crew reads it: the language of the foreman."""
        return doc.user_id.lang or super()._get_lang(doc)


class ConstructionWorkOrder(models.Model):
    _inherit = "construction.work.order"

    def _prepare_print_values(self):
        """Gather what the print shows.

        :return: dict with ``rows`` (one a chapter: ``line``, ``name``, ``quantity``, ``hours``, ``materials`` and
            ``machines`` as lists of (name, quantity)), ``hours``, ``images`` (name, data address), ``files`` (names),
            ``contacts`` (role, name, phone)
        """
        self.ensure_one()
        parts_by_line = self.line_ids._get_parts()
        rows = []
        for line in self.line_ids:
            parts = [
                (part["nature"], part["name"], line._format_quantity(part["quantity"], part["uom"]))
                for part in parts_by_line[line]
                if part["nature"] != "labour"
            ]
            rows.append(
                {
                    "line": line,
                    "name": line.position_id.display_name,
                    "quantity": line._format_quantity(line.quantity, line.uom_id),
                    "hours": round_to_minutes(line.hours),
                    "materials": [part[1:] for part in parts if part[0] in ("material", "")],
                    "machines": [part[1:] for part in parts if part[0] not in ("material", "")],
                }
            )
        images, files = self._get_print_attachments()
        return {
            "rows": rows,
            "hours": round_to_minutes(self.hours),
            "images": images,
            "files": files,
            "contacts": self._get_print_contacts(),
        }

    def _get_print_attachments(self):
        """Give the pictures that are printed, small, and the names of the other files."""
        images, files = [], []
        for attachment in self.attachment_ids:
            data = attachment.mimetype in PRINTABLE and self._shrink(attachment.raw)
            if data:
                images.append((attachment.name, data))
            else:
                files.append(attachment.name)
        return images, files

    def _shrink(self, content):
        """Give a picture as an address with its data, small enough for the page; None for a damaged one."""
        try:
            small = image_tools.image_process(content, size=PHOTO_SIZE)
        except Exception:  # whatever a damaged file makes the library raise
            return None
        return small and image_tools.image_data_uri(base64.b64encode(small))

    def _get_print_contacts(self):
        """Give whom the crew can call: (role, name, phone)."""
        manager = self.manager_id
        contacts = []
        if self.partner_id:
            contacts.append((self.env._("Client"), self.partner_id.name, self.partner_id.phone))
        if manager:
            contacts.append((self.env._("Project manager"), manager.name, manager.partner_id.phone))
        return contacts
