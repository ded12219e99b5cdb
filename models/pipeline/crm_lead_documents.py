from odoo import api, models

# Rows of a section; the rest stands in its list.
ROWS = 20
# Of contacts and files the last ones are asked for.
LAST_ROWS = 10


class CrmLead(models.Model):
    """What was made from a deal, read when its tab Documents is opened and not before."""

    _inherit = "crm.lead"

    # === BUSINESS === #

    @api.readonly
    def get_deal_documents(self):
        """Give the documents of this construction deal, section by section, as far as the user may see them.

        :return: list of sections as of ``_read_documents``, none for a lead of stock
        :raises AccessError: the user may not read this deal
        """
        self.ensure_one()
        self.check_access("read")
        if not self.construction_type_id or self.type == "lead":
            return []
        sections = [section for section in self._get_document_sections() if section]
        sections.sort(key=lambda section: section["sequence"])
        return sections

    def _read_documents(self, model, domain, columns, *, limit=ROWS, extra=(), order=None, badges=None):
        """Read the rows of one section as the user: what he may not read is no row, and no column.

        :param str model: whose records they are
        :param dict columns: name of a field → its heading, or None for the field's own
        :param extra: fields that are read and not shown
        :param dict badges: field → dict of its values → colour; shown as badges
        :return: None without a right on the model, else dict ``model``, ``columns`` (name, label, type), ``rows``
            (id, ``values`` as read, ``cells`` as shown, ``note``, ``is_muted``, ``open``) and ``total``
        """
        records = self.env[model]
        if not records.has_access("read"):
            return None
        badges = badges or {}
        known = records.fields_get([*columns], ["string", "type", "selection", "currency_field"])
        shown = [name for name in columns if name in known]
        currencies = {name: known[name]["currency_field"] for name in shown if known[name]["type"] == "monetary"}
        names = list(dict.fromkeys([*shown, *currencies.values(), *extra]))
        found = records.search_fetch(domain, names, limit=limit + 1, order=order)
        total = len(found) if len(found) <= limit else records.search_count(domain)
        return {
            "model": model,
            "columns": [
                {
                    "name": name,
                    "label": columns[name] or known[name]["string"],
                    "type": "badge" if name in badges else known[name]["type"],
                }
                for name in shown
            ],
            "rows": [
                {
                    "id": values["id"],
                    "values": values,
                    "cells": {
                        name: self._prepare_document_cell(known[name], values, name, currencies.get(name), badges)
                        for name in shown
                    },
                    "note": "",
                    "is_muted": False,
                    "open": {},
                }
                # found with the rules of the user just now: to check each once more would load all of it
                for values in found[:limit]._read_format(names)
            ],
            "total": total,
        }

    @api.model
    def _prepare_document_cell(self, field, values, name, currency, badges):
        """What a cell shows: a text, a date, an amount with its currency, or a badge with its colour."""
        value = values[name]
        if field["type"] == "monetary":
            return {"amount": value, "currency_id": values[currency] and values[currency][0]}
        if field["type"] == "many2one":
            return value[1] if value else ""
        if field["type"] == "selection":
            text = dict(field["selection"]).get(value, "")
            return {"text": text, "color": badges[name].get(value, "secondary")} if name in badges else text
        return value or ""

    @api.model
    def _prepare_document_section(self, name, sequence, title, content, **options):
        """Make a section of what ``_read_documents`` gave, or None where that is nothing to the user.

        :param dict options: ``empty`` (what stands there instead of rows; without it the section is left out),
            ``show`` (method of the deal that opens the list), ``new`` (dict ``label``, ``method``, maybe ``model`` and
            ``id`` where it is not the deal's)
        """
        if content is None or not (content["total"] or options.get("empty")):
            return None
        for row in content["rows"]:
            # only what is shown leaves the server
            row.pop("values", None)
        section = {"show": "", "new": None, "upload": False, **content, **options, "empty": options.get("empty") or ""}
        return {**section, "name": name, "sequence": sequence, "title": title}

    def _can_add_documents(self, model):
        """Whether the user may make a document of this kind on this deal."""
        self.ensure_one()
        return self.active and self.won_status != "lost" and self.env[model].has_access("create")

    # === HOOKS === #

    def _get_document_sections(self):
        """The sections of the tab Documents; the rooms below add theirs.

        :return: list of sections as of ``_prepare_document_section``, in any order
        """
        self.ensure_one()
        return [self._get_contact_documents(), self._get_file_documents()]

    def _get_contact_documents(self):
        content = self._read_documents(
            "construction.interaction",
            [("lead_id", "=", self.id)],
            {"date": None, "channel": None, "partner_id": self.env._("With"), "summary": None, "user_id": None},
            limit=LAST_ROWS,
        )
        for row in content["rows"] if content else ():
            row["open"] = {"method": "action_open"}
        may_add = self._can_add_documents("construction.contact.record")
        return self._prepare_document_section(
            "contacts",
            80,
            self.env._("Contacts with the Client"),
            content,
            show="action_view_contacts",
            new={"label": self.env._("Add Contact"), "method": "action_add_contact"} if may_add else None,
            empty=may_add and self.env._("Nobody wrote down a contact with the client yet."),
        )

    def _get_file_documents(self):
        owners = self._get_file_owners()
        content = self._read_documents(
            "ir.attachment",
            self._get_file_domain(owners),
            {"name": None, "create_uid": self.env._("Added By"), "create_date": self.env._("Added On")},
            limit=LAST_ROWS,
            extra=("res_model", "res_id", "type"),
            order="id desc",
        )
        rows = content["rows"] if content else []
        names = self._name_file_owners(owners, rows)
        for row in rows:
            values = row["values"]
            # a link goes that way, too: it leads to where it points, and never runs a script as ours
            row["open"] = {"url": f"/web/content/{row['id']}", "is_link": values["type"] == "url"}
            row["note"] = names.get((values["res_model"], values["res_id"]), "")
        may_add = self.has_access("write")
        return self._prepare_document_section(
            "files",
            90,
            self.env._("Files"),
            content,
            show="action_view_files",
            upload=may_add,
            empty=may_add and self.env._("No file yet on this deal or on what was made from it."),
        )

    def _name_file_owners(self, owners, rows):
        """The names of the records files hang on, but for this deal: dict of (model, id) → name."""
        keys = {(row["values"]["res_model"], row["values"]["res_id"]) for row in rows}
        names = {}
        for records in owners:
            if records._name != self._name:
                used = records.browse(record.id for record in records if (records._name, record.id) in keys)
                names.update({(used._name, record.id): record.display_name for record in used})
        return names
