from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...models.estimate.workbook_preview import WorkbookPreview
from ...models.quote.quote_importer import APPEND, MAKE, SKIP, STOP, UPDATE, QuoteImporter
from ..estimate.construction_workbook import KEEPERS


class ConstructionWorkbook(models.TransientModel):
    """Lines of a workbook into a draft quote, with the reader, columns and preview of all workbooks."""

    _inherit = "construction.workbook"

    kind = fields.Selection(selection_add=[("quote", "Quote")], ondelete={"quote": "cascade"})
    order_id = fields.Many2one("sale.order", string="Quote", ondelete="cascade", readonly=True)
    import_mode = fields.Selection(
        [(APPEND, "New chapters and lines"), (UPDATE, "Changes of what has the same number")],
        string="Rows Are",
        default=APPEND,
        required=True,
        help="Changes: a row with the number of a line sets its quantity, price and discount; all others are added. "
        "What is not in the workbook stays.",
    )
    missing = fields.Selection(
        [(STOP, "Are errors"), (SKIP, "Are left aside"), (MAKE, "Are made as new products")],
        string="Unknown Products",
        default=STOP,
        required=True,
    )
    is_imported = fields.Boolean(readonly=True, export_string_translation=False)

    # === COMPUTE === #

    @api.depends("order_id")
    def _compute_can_import(self):  # pylint: disable=missing-return
        super()._compute_can_import()
        for wizard in self.filtered("order_id"):
            order = wizard.order_id._origin
            wizard.can_fill = False
            wizard.can_import = order.state == "draft" and order.has_access("write")

    @api.depends("import_mode", "missing", "order_id")
    def _compute_preview(self):  # pylint: disable=missing-return
        super()._compute_preview()

    # === ACTION === #

    def action_import(self):
        if self.kind != "quote":
            return super().action_import()
        return self._import_quote(self._read())

    def action_export(self):
        if self.kind != "quote":
            return super().action_export()
        return self._get_order().action_download_workbook()

    # === BUSINESS === #

    def _get_order(self):
        if not self.order_id:
            raise UserError(self.env._("Open the quote first, and choose “Import Lines” among its actions."))
        return self.order_id._origin

    def _plan(self, reader):
        if self.kind != "quote":
            return super()._plan(reader)
        if not (self.can_import and self.order_id):
            return "", list(reader.draft.notes)
        importer = self._get_importer(reader)
        return self._render_quote(importer), list(reader.draft.notes) + importer.notes

    def _get_importer(self, reader):
        return QuoteImporter(self._get_order(), reader.draft, self.import_mode, self.missing)

    def _import_quote(self, reader):
        order = self._get_order()
        order._check_can_add_chapters()
        if self.is_imported:
            return {"type": "ir.actions.act_window_close"}
        if self.missing == MAKE and not self.env.user.has_groups(KEEPERS):
            raise AccessError(
                self.env._("Products are made by estimators and sales managers. Leave unknown rows aside, or ask one.")
            )
        order._lock_for_revision()
        importer = self._get_importer(reader)
        self._check_no_errors(reader.draft.notes + importer.notes)
        importer.apply()
        self.is_imported = True
        order.message_post(
            body=self.env._(
                "Lines imported from %(file)s: %(added)s new, %(changed)s changed. Untaxed amount: %(amount)s.",
                file=(self.filename or self.env._("a workbook"))[:100],
                added=len(importer.added),
                changed=len(importer.changed),
                amount=order.currency_id.format(order.amount_untaxed),
            )
        )
        return {"type": "ir.actions.act_window_close"}

    def _render_quote(self, importer):
        """What a `QuoteImporter` would do, as a person sees it first."""
        preview, _t = WorkbookPreview(self.env), self.env._
        counts = [_t("New: %(count)s", count=len(importer.added))]
        if importer.mode == UPDATE:
            counts += [
                _t("Changed: %(count)s", count=len(importer.changed)),
                _t("Unchanged: %(count)s", count=importer.same_count),
                _t("Not in the workbook and kept: %(count)s", count=importer.kept_count),
            ]
        changes = [
            ("", [change.row.where, f"{change.row.number} {change.line.name}"[:80], label, before, after])
            for change in importer.changed
            for label, before, after in change.shown
        ]
        heads = [_t("Cell"), _t("Line"), _t("Changed Field"), _t("Before"), _t("After")]
        return (
            preview._list(counts)
            + preview._table(_t("Changes"), heads, changes)
            + preview._table(
                _t("New lines"),
                [_t("Cell"), _t("No."), _t("Description"), _t("Quantity"), _t("Unit"), _t("Unit Price")],
                [self._get_added_row(added) for added in importer.added],
            )
        )

    def _get_added_row(self, added):
        row, values = added.row, added.values
        is_title = values.get("display_type") in ("line_section", "line_subsection")
        figures = [row.quantity, row.unit, None if is_title else row.price]
        texts = ["" if figure is None else str(figure) for figure in figures]
        return ("fw-bold" if is_title else "", [row.where, row.number, values["name"][:120], *texts])
