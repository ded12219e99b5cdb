"""What an import of a workbook would do, as a person sees it first; texts of the file are escaped."""

from markupsafe import Markup

from odoo.tools.misc import formatLang

from ..pipeline.formats import format_percent
from .price_list_updater import SUSPICIOUS_PERCENT

SHOWN_ROWS = 100

_ALERT = Markup("<div class='alert alert-%s' role='status'>%s</div>")
_TABLE = Markup(
    "<h3>%s</h3><div class='table-responsive'><table class='table table-sm'><thead><tr>%s</tr></thead>"
    "<tbody>%s</tbody></table></div>"
)
_HEAD = Markup("<th>%s</th>")
_CELL = Markup("<td>%s</td>")
_ROW = Markup("<tr class='%s'>%s</tr>")
_NOTES = Markup("<h3>%s</h3><ul>%s</ul>")
_NOTE = Markup("<li><strong>%s</strong> %s</li>")


class WorkbookPreview:
    """Renders notes, and what would become of sheets, price lists and recipes."""

    def __init__(self, env):
        self.env = env

    def sheet(self, updater):
        """What a `SheetUpdater` would do."""
        _t = self.env._
        changed, added, missing = updater.changed, updater.added, updater.missing
        same = len(updater.changes) - len(changed) - len(added)
        counts = [
            _t("Unchanged: %(count)s", count=same),
            _t("Changed: %(count)s", count=len(changed)),
            _t("New: %(count)s", count=len(added)),
        ]
        if missing and updater.is_removing:
            counts.append(_t("Removed: %(count)s", count=len(missing)))
        elif missing:
            counts.append(_t("Not in the workbook and kept: %(count)s", count=len(missing)))
        rows = [
            ("", [change.item.where, change.line._get_label(), label, before, after])
            for change in changed
            for label, before, after in change.shown
        ]
        parts = [self._list(counts)]
        heads = [_t("Cell"), _t("Item"), _t("Changed Field"), _t("Before"), _t("After")]
        parts.append(self._table(_t("Changes"), heads, rows))
        rows = [
            ("", [change.item.where, change.item.zone, change.item.name or change.item.code, change.item.unit])
            for change in added
        ]
        parts.append(self._table(_t("New items"), [_t("Cell"), _t("Zone"), _t("Item"), _t("Unit")], rows))
        if missing:
            title = _t("Removed") if updater.is_removing else _t("Not in the workbook")
            parts.append(self._table(title, [_t("Item")], [("", [line._get_label()]) for line in missing]))
        return Markup().join(parts)

    def prices(self, updater):
        """What a `PriceListUpdater` would do."""
        _t = self.env._
        counts = [
            _t("Unchanged: %(count)s", count=updater.same_count),
            _t("Changed: %(count)s", count=len(updater.changed)),
        ]
        if updater.made:
            counts.append(_t("New products: %(count)s", count=len(updater.made)))
        rows = []
        for change in updater.changed + updater.made:
            percent = change.percent
            is_odd = percent is not None and abs(percent) > SUSPICIOUS_PERCENT
            texts = [
                change.resource.where,
                change.product.display_name or change.resource.name or change.resource.code,
                self._amount(change.old_cost),
                "" if change.cost is None else self._amount(change.cost),
                "" if percent is None else format_percent(self.env, percent, digits=1, signed=True),
                str(change.date),
                "" if change.sales_price is None else self._amount(change.sales_price),
            ]
            rows.append(("table-warning" if is_odd else "", texts))
        heads = [
            _t("Cell"),
            _t("Product"),
            _t("Cost"),
            _t("New cost"),
            _t("Change"),
            _t("Valid from"),
            _t("New sales price"),
        ]
        return self._list(counts) + self._table(_t("Changes"), heads, rows)

    def recipes(self, draft, known):
        """What is in a workbook of recipes; `known` are the codes whose product has a recipe."""
        _t = self.env._
        recipes = [resource for resource in draft.resources.values() if resource.recipe]
        rows = [
            (
                "",
                [
                    resource.where,
                    resource.name or resource.code,
                    str(len(resource.recipe.rows)),
                    _t("has a recipe") if resource.code in known else _t("new"),
                ],
            )
            for resource in recipes
        ]
        counts = [
            _t("Recipes: %(count)s", count=len(recipes)),
            _t("Components: %(count)s", count=sum(len(resource.recipe.rows) for resource in recipes)),
        ]
        heads = [_t("Cell"), _t("Recipe"), _t("Components"), _t("In the catalogue")]
        return self._list(counts) + self._table(_t("Recipes"), heads, rows)

    def failure(self, message):
        """A file that cannot be read at all."""
        return _ALERT % ("danger", message)

    def sheet_summary(self, updater, filename):
        """What the chatter of a sheet keeps of an import."""
        counts = [
            self.env._("Changed: %(count)s", count=len(updater.changed)),
            self.env._("New: %(count)s", count=len(updater.added)),
        ]
        if updater.is_removing and updater.missing:
            counts.append(self.env._("Removed: %(count)s", count=len(updater.missing)))
        head = self.env._("Imported from %(file)s", file=(filename or self.env._("a workbook"))[:100])
        return Markup("<p>%s</p>") % head + self._list(counts)

    def notes(self, notes, left_out=0):
        """Errors first, each with its cell, then what is only pointed out."""
        _t = self.env._
        errors = [note for note in notes if note.is_error]
        warnings = [note for note in notes if not note.is_error]
        parts = []
        if errors:
            text = _t("Errors: %(count)s. Nothing is imported before they are corrected.", count=len(errors))
            parts += [_ALERT % ("danger", text), self._notes(_t("Errors"), errors)]
        if warnings:
            parts.append(self._notes(_t("Please check"), warnings, left_out))
        return Markup().join(parts)

    def _notes(self, title, notes, left_out=0):
        items = Markup().join(_NOTE % (note.where, note.message) for note in notes[:SHOWN_ROWS])
        more = max(len(notes) - SHOWN_ROWS, 0) + left_out
        if more:
            items += Markup("<li>%s</li>") % self.env._("… and %(count)s more", count=more)
        return _NOTES % (title, items)

    def _list(self, texts):
        return Markup("<p>%s</p>") % Markup(" · ").join(texts)

    def _table(self, title, heads, rows):
        if not rows:
            return Markup()
        body = Markup().join(
            _ROW % (style, Markup().join(_CELL % text for text in texts)) for style, texts in rows[:SHOWN_ROWS]
        )
        if len(rows) > SHOWN_ROWS:
            more = self.env._("… and %(count)s more", count=len(rows) - SHOWN_ROWS)
            body += _ROW % ("", _CELL % more)
        return _TABLE % (title, Markup().join(_HEAD % head for head in heads), body)

    def _amount(self, number):
        return formatLang(self.env, number, dp="Product Price")
