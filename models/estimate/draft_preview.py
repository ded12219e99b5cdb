"""A draft as a person sees it before it is imported, and the report that is kept of it."""

from markupsafe import Markup

from odoo.tools.misc import formatLang

from ...core.estimate.exchange.summary import summarize_draft
from ..pipeline.formats import format_percent

# Rows of a long list that are shown; the report that is kept has all of them.
SHOWN_CHAPTERS = 200
SHOWN_NOTES = 100

_ROW = Markup("<tr><td>%s</td><td>%s</td><td class='text-end'>%s</td><td class='text-end'>%s</td></tr>")
_COUNT = Markup("<tr><td>%s</td><td class='text-end'>%s</td></tr>")
_TABLE = Markup("<h3>%s</h3><table class='table table-sm'><tbody>%s</tbody></table>")
_NOTES = Markup("<h3>%s</h3><ul>%s</ul>")
_NOTE = Markup("<li><span class='text-muted'>%s</span> %s</li>")


class Preview:
    """Renders a draft; texts of the file are escaped, whatever they are."""

    def __init__(self, env, draft, digits=2):
        self.env = env
        self.draft = draft
        self.summary = summarize_draft(draft, digits)
        self.digits = digits

    def render(self, known=None):
        """The preview.

        :param known: how many products of the file are in the catalogue already
        """
        parts = [self._head(), self._counts(known)]
        if self.summary["chapters"] or self.draft.items:
            parts.append(self._chapters())
        return Markup().join([*parts, self.render_notes(self.draft.notes, self.draft.notes_left_out)])

    def render_notes(self, notes, left_out=0, shown=SHOWN_NOTES):
        """What was not taken as it stands, and where."""
        if not notes:
            return Markup("<p>%s</p>") % self.env._("Everything in the file was understood.")
        items = Markup().join(_NOTE % (note.where, note.message) for note in notes[:shown])
        more = len(notes) - shown + left_out if len(notes) > shown else left_out
        if more > 0:
            items += Markup("<li>%s</li>") % self.env._("… and %(count)s more", count=more)
        return _NOTES % (self.env._("Not taken as it stands (%(count)s)", count=len(notes) + left_out), items)

    def _head(self):
        draft = self.draft
        words = [draft.title, draft.program, draft.client, draft.currency]
        return Markup("<p><strong>%s</strong></p>") % " · ".join(word for word in words if word)

    def _counts(self, known):
        counts, _t = self.summary["counts"], self.env._
        rows = [
            (_t("Products"), counts["products"]),
            (_t("Recipes"), counts["recipes"]),
            (_t("Components"), counts["components"]),
            (_t("Chapters"), counts["chapters"]),
            (_t("Items"), counts["items"]),
            (_t("Measured rows"), counts["measurement_lines"]),
        ]
        if known is not None:
            rows.insert(1, (_t("of these in the catalogue already"), known))
        return _TABLE % (_t("What is in the file"), Markup().join(_COUNT % row for row in rows))

    def _chapters(self):
        _t = self.env._
        chapters = self.summary["chapters"]
        rows = [
            _ROW
            % (
                chapter["code"],
                "\u2003" * min(chapter["depth"], 8) + chapter["name"],
                chapter["items"] or "",
                self.amount(chapter["total"]),
            )
            for chapter in chapters[:SHOWN_CHAPTERS]
        ]
        if len(chapters) > SHOWN_CHAPTERS:
            rows.append(_ROW % ("", _t("… and %(count)s more", count=len(chapters) - SHOWN_CHAPTERS), "", ""))
        rows += [_ROW % ("", name, "", self.amount(amount)) for name, amount in self.totals()]
        return _TABLE % (_t("Chapters"), Markup().join(rows))

    def totals(self):
        """List `(name, amount)` from the total of the works to the contract price."""
        _t, total = self.env._, self.summary["total"]
        rows = [(_t("Total of the works"), total)]
        running = total
        for markup in self.draft.markups:
            if markup.base in ("works", "running"):
                amount = round((total if markup.base == "works" else running) * markup.percent / 100, self.digits)
                rows.append((f"{markup.name} ({format_percent(self.env, float(markup.percent), 6)})", amount))
                running += amount
        if running != total:
            rows.append((_t("Contract price, tax excluded"), running))
        stated = self.draft.stated_total
        if stated is not None and abs(stated - total) >= 1:
            rows.append((_t("What the file states as its total"), stated))
        return rows

    def amount(self, number):
        """An amount in the format of the user's language."""
        return formatLang(self.env, float(number), digits=self.digits)


def report_text(notes, left_out=0):
    """The whole report as plain text, a note a line."""
    lines = [f"{note.where}: {note.message}" if note.where else note.message for note in notes]
    if left_out:
        lines.append(f"… +{left_out}")
    return "\n".join(lines) + "\n"
