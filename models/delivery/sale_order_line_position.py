"""A chapter of a later order can be more, or less, of a chapter of the contract."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    origin_chapter_id = fields.Many2one(
        "sale.order.line",
        string="Chapter of the Contract",
        index="btree_not_null",
        ondelete="restrict",
        copy=True,
        help="The chapter of the contract this one changes: its quantity is added to that chapter's, or taken off it.",
    )

    # === CRUD === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_measured(self):
        # reason of sudo: whoever deletes the line may have no rights on the works
        positions = self.env["construction.position"].sudo().search([("chapter_line_id", "in", self.ids)])
        # a cancelled certificate shows them as well
        # reason of sudo: as above
        shown = self.env["construction.certificate.line"].sudo().search([("position_id", "in", positions.ids)])
        measured = positions.filtered(lambda position: position._is_in_use()) | shown.position_id
        if measured:
            raise UserError(
                self.env._(
                    "“%(chapter)s” cannot be deleted: its progress was recorded.", chapter=measured[0].display_name
                )
            )
        positions.unlink()

    # === BUSINESS === #

    def _get_root_chapter(self):
        """Give the chapter of the contract this chapter changes; one that changes none is its own."""
        self.ensure_one()
        root = self
        while root.origin_chapter_id:
            root = root.origin_chapter_id
        return root
