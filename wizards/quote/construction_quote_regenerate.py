from odoo import api, fields, models

from ...core.quote import merging

KINDS = [
    (merging.ADDED, "New in the sheet"),
    (merging.CHANGED, "Changed in the sheet"),
    (merging.CONFLICT, "Changed in both"),
    (merging.EDITED, "Changed by hand"),
    (merging.REMOVED, "No longer in the sheet"),
    (merging.ORPHANED, "No longer in the sheet, changed by hand"),
    (merging.DROPPED, "Removed by hand"),
]


class ConstructionQuoteRegenerate(models.TransientModel):
    """What generating a quote again would change: per line, keep what stands or take what is new."""

    _name = "construction.quote.regenerate"
    _description = "Regenerate a Quote"

    order_id = fields.Many2one("sale.order", string="Quote", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="order_id.currency_id")
    sheet_names = fields.Char(string="From Sheets", readonly=True)
    token = fields.Char(readonly=True)
    line_ids = fields.One2many("construction.quote.regenerate.line", "wizard_id", string="Changes")
    taken_count = fields.Integer(string="To Take", compute="_compute_taken_count")

    @api.depends("line_ids.is_taken")
    def _compute_taken_count(self):
        for wizard in self:
            wizard.taken_count = len(wizard.line_ids.filtered("is_taken"))

    # === ACTION === #

    def action_apply(self):
        """Bring the quote in line with the sheet, as chosen."""
        self.ensure_one()
        self.order_id._regenerate(self.token, set(self.line_ids.filtered("is_taken").mapped("key")))
        return {"type": "ir.actions.act_window_close"}

    def action_take_all(self):
        """Choose what the sheet says for all lines; nothing is applied yet."""
        self.line_ids.is_taken = True
        return self._reopen()

    def action_keep_all(self):
        """Choose to leave all lines as they stand; nothing is applied yet."""
        self.line_ids.is_taken = False
        return self._reopen()

    # === BUSINESS === #

    @api.model
    def _open_for(self, order):
        """Work out what would change on this quote.

        :return: the wizard, without lines when nothing would
        """
        prepared = order._prepare_regenerated_lines()
        changes = order._compare_with_sheet(prepared)
        sheets = order._get_source_sheets()
        return self.create(
            {
                "order_id": order.id,
                "sheet_names": ", ".join(sheets.mapped("display_name")),
                "token": order._get_merge_token(changes),
                "line_ids": [
                    fields.Command.create(self._prepare_line_values(order, change, place, prepared))
                    for place, change in enumerate(changes)
                ],
            }
        )

    def _prepare_line_values(self, order, change, place, prepared):
        shown = change.taken or change.now
        vals = prepared.get(change.key, {})
        return {
            "sequence": place,
            "key": change.key,
            "kind": change.kind,
            "is_taken": change.is_taken_by_default,
            "number": vals.get("chapter_number") or "",
            "display_kind": shown.get("display_type") or "line",
            "name": (shown.get("name") or "").splitlines()[0] if shown.get("name") else "",
            "change": self._describe(order, change),
        }

    def _describe(self, order, change):
        """Tell in words what taking the change does."""
        if change.kind in (merging.ADDED, merging.DROPPED):
            return self._describe_line(order, change.taken)
        if change.kind in (merging.REMOVED, merging.ORPHANED):
            return self._describe_line(order, change.now)
        lines = order.order_line
        parts = []
        for name in change.fields:
            field = lines._fields[name]
            label = field._description_string(self.env)
            before, after = (self._format(order, field, values[name]) for values in (change.now, change.taken))
            parts.append(f"{label}: {before} → {after}")
        return "; ".join(parts)

    def _describe_line(self, order, values):
        quantity = values.get("chapter_quantity") if values.get("display_type") else values.get("product_uom_qty")
        unit = values.get("chapter_uom_id") if values.get("display_type") else values.get("product_uom_id")
        fields_ = order.order_line._fields
        text = f"{self._format(order, fields_['product_uom_qty'], quantity)} "
        text += self._format(order, fields_["product_uom_id"], unit)
        if not values.get("display_type"):
            text += f" × {self._format(order, fields_['price_unit'], values.get('price_unit'))}"
        return text if quantity else ""

    def _format(self, order, field, value):
        if field.relational:
            ids = value if isinstance(value, list) else [value] if value else []
            return ", ".join(self.env[field.comodel_name].browse(ids).mapped("display_name")) or "–"
        if field.name == "price_unit":
            return order.currency_id.format(value or 0.0)
        if field.type == "float":
            return f"{value or 0.0:.6g}"
        return str(value or "–")

    def _reopen(self):
        return self._get_records_action(name=self.env._("Regenerate from the Sheet"), target="new")


class ConstructionQuoteRegenerateLine(models.TransientModel):
    """One line that would change."""

    _name = "construction.quote.regenerate.line"
    _description = "Change of a Regenerated Quote"
    _order = "sequence, id"

    wizard_id = fields.Many2one("construction.quote.regenerate", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(readonly=True)
    key = fields.Char(readonly=True)
    kind = fields.Selection(KINDS, string="Kind of Change", readonly=True)
    display_kind = fields.Selection(
        [("line_section", "Chapter"), ("line_subsection", "Subchapter"), ("line", "Line")],
        string="Line",
        readonly=True,
    )
    number = fields.Char(string="No.", readonly=True)
    name = fields.Char(string="Description", readonly=True)
    change = fields.Char(readonly=True)
    is_taken = fields.Boolean(
        string="Take",
        help="Take what the sheet says. Not taken, the line stays as it stands on the quote.",
    )
