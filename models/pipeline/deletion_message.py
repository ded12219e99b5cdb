import re

from psycopg2.errors import ForeignKeyViolation

from odoo import models

OURS = "construction."
KEY = re.compile(r"=\((\d+)\)")


class Base(models.AbstractModel):
    """What is used by one of our documents cannot be deleted: the database says so in its words, users need others."""

    _inherit = "base"

    def _sql_error_to_message_generic(self, exc):
        if isinstance(exc, ForeignKeyViolation) and self._name.startswith(OURS) and not self._transient:
            message = self._get_deletion_message(exc.diag)
            if message:
                return message
        return super()._sql_error_to_message_generic(exc)

    def _get_deletion_message(self, diagnostics):
        """Name what could not be deleted, and where it is used; None when something else went wrong."""
        field = next(
            (
                field
                for field in self._fields.values()
                if field.type == "many2one"
                and field.store
                and diagnostics.constraint_name == f"{self._table}_{field.name}_fkey"
            ),
            None,
        )
        key = KEY.search(diagnostics.message_detail or "")
        if not field or not key:
            return None
        # sudo: whoever tried to delete it may know its name; how many of ours use it is no secret either
        used = self.env[field.comodel_name].sudo().browse(int(key[1])).exists()
        if not used:
            return None
        documents = self.sudo().with_context(active_test=False)  # as above
        values = {
            "name": used.display_name,
            "count": documents.search_count([(field.name, "=", used.id)]),
            "document": self.env["ir.model"]._get(self._name).name,
            "field": field._description_string(self.env),
        }
        if "active" in used._fields:
            return self.env._(
                "“%(name)s” cannot be deleted, it is used: %(document)s, “%(field)s” (%(count)s). Archive it instead, "
                "or put another in its place there first.",
                **values,
            )
        return self.env._(
            "“%(name)s” cannot be deleted, it is used: %(document)s, “%(field)s” (%(count)s). "
            "Put another in its place there first.",
            **values,
        )
