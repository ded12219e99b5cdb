from odoo import models
from odoo.exceptions import AccessError
from odoo.tools.misc import formatLang

from ..pipeline.formats import format_percent

# How many items of an analysis go to the printing engine at a time.
PIECE = 150


class ConstructionPrintMixin(models.AbstractModel):
    """What the prints have in common: who gets them, in which language, with figures gathered beforehand.

    The groups of a report action only hide its menu entry; whoever knows its address comes here.
    """

    _name = "construction.print.mixin"
    _description = "Construction Print"

    # The model printed, and who may print it.
    _print_model = None
    _print_groups = "base.group_user"

    def _get_report_values(self, docids, data=None):
        """Gather the figures of each document, by its id in `prints`.

        :raise AccessError: when the user may not read a document, or gets no print of this kind
        """
        docs = self.env[self._print_model].browse(docids)
        # The user's groups, not the environment's: a print made with sudo hides as much.
        if not self.env.user.has_groups(self._print_groups):
            raise AccessError(self.env._("You are not allowed to print this document. Ask an estimator for it."))
        docs.check_access("read")
        return {
            "doc_ids": docids,
            "doc_model": self._print_model,
            "docs": docs,
            "langs": {doc.id: self._get_lang(doc) for doc in docs},
            "prints": {doc.id: self._prepare_print(doc.with_context(lang=self._get_lang(doc))) for doc in docs},
        }

    def _prepare_print(self, doc):
        """Give the figures of a document with the functions that write them in its language.

        Plain functions: the field widgets of a template take several times as long, a thousand items would tell.
        """
        values = self._gather(doc)

        def number(value, digits):
            return formatLang(doc.env, value, digits=digits)

        # The printing engine dies of some hundred tables in one piece; pieces are numbered on.
        items = values.get("items", [])
        pieces = [items[place : place + PIECE] for place in range(0, len(items), PIECE)]
        price_digits = doc.env["decimal.precision"].precision_get("Product Price")
        return values | {
            "pieces": pieces or [[]],
            "price_digits": price_digits,
            "number": number,
            "percent": lambda value: format_percent(doc.env, value),
            "money": values["currency"].with_env(doc.env).format,
        }

    # === HOOKS === #

    def _get_lang(self, doc):
        """Give the language of a print: that of the company, unless it is for the client."""
        return doc.company_id.partner_id.lang or self.env.lang

    def _gather(self, doc):
        """Give the figures of one document, in its language."""
        raise NotImplementedError
