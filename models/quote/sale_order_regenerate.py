"""Generating a quote again from its sheet, without losing what a person did to it."""

import hashlib
import json

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...core.quote import merging, numbering
from .construction_evaluation import SEQUENCE_STEP
from .construction_evaluation_sources import LEVELS

# What is generated and what a person may change: compared one by one.
MERGED_FIELDS = (
    "display_type",
    "product_id",
    "name",
    "product_uom_qty",
    "product_uom_id",
    "price_unit",
    "discount",
    "tax_ids",
    "chapter_product_id",
    "chapter_quantity",
    "chapter_uom_id",
)
# Where a line comes from: nobody edits it, it follows the sheet.
ORIGIN_FIELDS = ("evaluation_line_id", "recipe_id", "cost_nature", "has_sheet_price", "is_percentage")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # A quote of 4,000 lines keeps a megabyte here: read it when asked for only.
    generated_lines = fields.Json(
        prefetch=False,
        readonly=True,
        groups="sales_team.group_sale_salesman",
        help="The lines as they were generated, to tell what a person changed since.",
    )

    # === ACTION === #

    def action_regenerate(self):
        """Show what generating this quote again from its sheet would change.

        :return: the action of the screen that asks, line by line, what to keep and what to take
        :raise UserError: when the quote is not a draft made from a sheet, or nothing would change
        """
        self.ensure_one()
        self._check_can_regenerate()
        wizard = self.env["construction.quote.regenerate"]._open_for(self)
        if not wizard.line_ids:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "success",
                    "message": self.env._("%(quote)s says what its evaluation sheet says.", quote=self.name),
                },
            }
        return wizard._get_records_action(name=self.env._("Regenerate from the Sheet"), target="new")

    # === BUSINESS === #

    def _check_can_regenerate(self):
        self.check_access("write")
        if not self.evaluation_id:
            raise UserError(self.env._("%(quote)s was not made from an evaluation sheet.", quote=self.name))
        if self.state != "draft" or self._is_read_only_offer():
            raise UserError(
                self.env._(
                    "%(quote)s is no draft any more. Make its next revision, then regenerate that one.",
                    quote=self.name,
                )
            )

    def _remember_generated(self):
        """Keep the lines as they have just been generated."""
        for order in self:
            lines = order.order_line.filtered("generation_key")
            # sudo: whoever may generate the quote need not be a salesperson.
            order.sudo().generated_lines = {line.generation_key: line._get_merge_values() for line in lines}

    def _get_source_sheets(self):
        """Give the sheets to generate from: the newest final version of each."""
        return self._get_sheets()._get_newest_final()

    def _prepare_regenerated_lines(self):
        """List the complete values of the lines as they would be generated now."""
        vals_list = self._get_source_sheets()._prepare_keyed_lines()
        for vals in vals_list:
            vals["order_id"] = self.id
        # sudo: costs belong to the line even when the person generating may not see them.
        self.env["sale.order.line"].sudo()._add_shared_values(vals_list)
        return {vals["generation_key"]: vals for vals in vals_list}

    def _compare_with_sheet(self, prepared):
        """List what generating again would change.

        :param dict prepared: what `_prepare_regenerated_lines` gives
        :return: a list of `core.quote.merging.Change`
        """
        lines = self.order_line.filtered("generation_key")
        now = {line.generation_key: line._get_merge_values() for line in lines}
        # sudo: see `_remember_generated`.
        base = self.sudo().generated_lines or now
        new = {key: lines._get_merge_values_of(vals) for key, vals in prepared.items()}
        return merging.merge(base, now, new)

    def _get_merge_token(self, changes):
        """Give a token of what was shown: what is applied must be that."""
        shown = [(change.key, change.kind, change.now, change.taken) for change in changes]
        return hashlib.sha256(json.dumps(shown, sort_keys=True, default=str).encode()).hexdigest()

    def _regenerate(self, token, taken_keys):
        """Apply the changes that were chosen, and say so in the chatter.

        :param str token: of what the person was shown
        :param set taken_keys: keys of the changes to take
        :raise UserError: when the quote or its sheet has changed since
        """
        self.ensure_one()
        self._lock_for_revision()
        self.invalidate_recordset()
        self._check_can_regenerate()
        prepared = self._prepare_regenerated_lines()
        changes = self._compare_with_sheet(prepared)
        if self._get_merge_token(changes) != token:
            raise UserError(
                self.env._(
                    "%(quote)s or its evaluation sheet has changed since this was worked out. Close this window and "
                    "regenerate again.",
                    quote=self.name,
                )
            )
        taken = [change for change in changes if change.key in taken_keys]
        before = self.amount_untaxed
        dropped = self._apply_changes(taken, prepared)
        self._follow_sheet(prepared)
        self._post_regenerated(taken, dropped, before)

    def _apply_changes(self, changes, prepared):
        """Create, change and remove lines; give the names of those removed."""
        lines = {line.generation_key: line for line in self.order_line if line.generation_key}
        created, written, removed = [], {}, []
        last = max(self.order_line.mapped("sequence"), default=0)
        for change in changes:
            line = lines.get(change.key)
            if change.taken is None:
                removed.append(line.id)
            elif line is None:
                # Numbered and arranged with the others: until then it stands where nothing of a person's follows it.
                created.append(prepared[change.key] | {"chapter_number": False, "sequence": last + 1})
            else:
                written[line] = line._prepare_taken_values(change)
        self.order_line._write_alike(written)
        to_remove = self.order_line.browse(removed)
        names = to_remove.mapped("name")
        to_remove.unlink()
        self.env["sale.order.line"].create(created)
        self.invalidate_recordset(["order_line"])
        return names

    def _follow_sheet(self, prepared):
        """Bring origin, order and numbers of all lines in line with the sheet, and remember what it said."""
        lines = self.order_line.filtered("generation_key")
        lines._write_alike({line: line._prepare_origin_values(prepared.get(line.generation_key)) for line in lines})
        lines = self._arrange(prepared)
        lines._number(keep=bool(self.revision))
        new = {key: lines._get_merge_values_of(vals) for key, vals in prepared.items()}
        # sudo: see `_remember_generated`.
        self.sudo().generated_lines = new
        sheets = self._get_source_sheets()
        if sheets != self._get_sheets():
            self.write({"evaluation_id": sheets[:1].id, "extra_evaluation_ids": [Command.set(sheets[1:].ids)]})
        self._apply_presentation()

    def _arrange(self, prepared):
        """Put the lines in the order of the sheet; a person's own stay behind the line they followed."""
        following, heads, anchor = {}, [], None
        for line in self.order_line.sorted(lambda line: (line.sequence, line.id)):
            if line.generation_key in prepared:
                anchor = line.generation_key
            elif anchor is None:
                heads.append(line)
            else:
                following.setdefault(anchor, []).append(line)
        by_key = {line.generation_key: line for line in self.order_line if line.generation_key}
        arranged, own = list(heads), {1: [], 2: []}
        for key, vals in prepared.items():
            level = LEVELS.get(vals.get("display_type"), 3)
            # A person's own chapter does not swallow what the chapter above it gets.
            for ending in (2, 1):
                if level <= ending:
                    arranged += own[ending]
                    own[ending] = []
            if key in by_key:
                arranged.append(by_key[key])
            place = arranged
            for line in following.get(key, ()):
                if line.display_type in LEVELS and place is not own[1]:
                    place = own[LEVELS[line.display_type]]
                place.append(line)
        arranged += own[2] + own[1]
        for place, line in enumerate(arranged, start=1):
            if line.sequence != place * SEQUENCE_STEP:
                line.sequence = place * SEQUENCE_STEP
        return self.order_line.browse([line.id for line in arranged])

    def _post_regenerated(self, changes, dropped, before):
        """Leave word of what was taken."""
        counts = {kind: sum(change.kind == kind for change in changes) for kind in {c.kind for c in changes}}
        added = counts.get(merging.ADDED, 0) + counts.get(merging.DROPPED, 0)
        body = self.env._(
            "Regenerated from %(sheet)s: %(added)s lines added, %(changed)s changed, %(removed)s removed. "
            "Untaxed amount: %(before)s, now %(after)s.",
            sheet=self.evaluation_id.display_name,
            added=added,
            removed=len(dropped),
            changed=len(changes) - added - len(dropped),
            before=self.currency_id.format(before),
            after=self.currency_id.format(self.amount_untaxed),
        )
        if dropped:
            body += "\n" + self.env._("Removed: %(names)s", names="; ".join(dropped[:50]))
        self.message_post(body=body)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    generation_key = fields.Char(
        readonly=True,
        help="Tells a generated line from one generation of the quote to the next.",
        export_string_translation=False,
    )

    def _get_merge_values(self):
        """Give what is compared of a line, as plain values."""
        self.ensure_one()
        values = {name: self[name] for name in MERGED_FIELDS}
        # An option that is not chosen is compared by what it is offered with.
        return self._get_merge_values_of(values | {"product_uom_qty": self._get_offered_quantity()})

    def _get_merge_values_of(self, vals):
        """Give the same of values a line would be created with."""
        result = {}
        for name in MERGED_FIELDS:
            field, value = self._fields[name], vals.get(name)
            if isinstance(value, models.BaseModel):
                result[name] = sorted(value.ids) if field.type == "many2many" else value.id
            elif field.type == "many2many":
                result[name] = sorted(id_ for command in value or () for id_ in command[2])
            elif field.type == "float":
                result[name] = field.convert_to_cache(value or 0.0, self)
            else:
                result[name] = value or False
        return result

    def _prepare_taken_values(self, change):
        """Give what to write to take a change; a price that goes with it stays a price of the sheet."""
        self.ensure_one()
        values = {name: change.taken[name] for name in change.fields}
        if "tax_ids" in values:
            values["tax_ids"] = [Command.set(values["tax_ids"])]
        # All at once, or stock would work out anew what is not given.
        if "product_id" in values:
            values["name"] = change.taken["name"]
            values.setdefault("tax_ids", [Command.set(change.taken["tax_ids"])])
        if values.keys() & {"product_id", "product_uom_qty", "product_uom_id", "price_unit", "discount"}:
            values |= {name: change.taken[name] for name in ("price_unit", "discount", "product_uom_id")}
            if "price_unit" not in change.clashes and "price_unit" in change.fields:
                values["technical_price_unit"] = values["price_unit"]
        if self.display_type:
            for name in ("price_unit", "discount", "product_uom_id", "tax_ids"):
                values.pop(name, None)
        if "product_uom_qty" in values and self.offered_quantity and not self.product_uom_qty:
            values["offered_quantity"] = values.pop("product_uom_qty")
        return values

    def _prepare_origin_values(self, vals):
        """Give what to write for the line to come from where the sheet has it now.

        :param vals: the values it would be generated with; none where the sheet has it no more
        """
        self.ensure_one()
        if vals is None:
            # Kept although the sheet has it no more: from now on a line of the person's own.
            return {"generation_key": False}
        values = {name: vals.get(name, False) for name in ORIGIN_FIELDS}
        return {name: value for name, value in values.items() if self._is_changed_by(name, value)}

    def _write_alike(self, values):
        """Write each line its values, those with the same ones at once.

        :param dict values: line → values
        """
        alike = {}
        for line, vals in values.items():
            if vals:
                alike.setdefault(repr(sorted(vals.items())), (vals, []))[1].append(line.id)
        for vals, ids in alike.values():
            self.browse(ids).with_prefetch(self._prefetch_ids).write(dict(vals))

    def _number(self, keep):
        """Number these lines, in their order.

        :param keep: whether the numbers given stay, as after sending
        """
        rows, depth = [], 0
        for line in self:
            if line.display_type in LEVELS:
                depth = level = LEVELS[line.display_type]
            else:
                level = depth + 1
            rows.append((level, line.chapter_number or ""))
        numbered = [index for index, line in enumerate(self) if line.display_type in (*LEVELS, False)]
        numbers = numbering.renumber([rows[index] for index in numbered], keep)
        for index, number in zip(numbered, numbers):
            if self[index].chapter_number != number:
                self[index].chapter_number = number
