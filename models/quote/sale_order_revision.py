"""Revisions of a quote: the next issue under the same number. The old one holds until the new one is sent."""

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.fields import Command, Domain

from ...core.quote import revisions
from ..pipeline.row_lock import touch

# Carried over to a revision although stock leaves them out of copies.
CARRIED_FIELDS = ("commitment_date", "client_order_ref")
NO_VARIANT_FIELDS = ("product_no_variant_attribute_value_ids", "product_custom_attribute_value_ids")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    revision = fields.Integer(
        readonly=True,
        copy=False,
        help="How often this quote was revised; the first issue is 0.",
    )
    original_id = fields.Many2one(
        "sale.order",
        string="First Issue",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    previous_revision_id = fields.Many2one(
        "sale.order",
        string="Revision Of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    next_revision_ids = fields.One2many("sale.order", "previous_revision_id", string="Revised By", readonly=True)
    superseded_by_id = fields.Many2one(
        "sale.order",
        string="Replaced By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The issue that was sent after this one: this one can no longer be accepted.",
    )
    revision_reason = fields.Text(string="Reason for Revision", readonly=True, copy=False)
    open_revision_id = fields.Many2one("sale.order", compute="_compute_open_revision_id")
    issue_count = fields.Integer(string="Issues", compute="_compute_issue_count")

    # Two people revising the same quote make one revision.
    _one_open_revision = models.UniqueIndex(
        "(previous_revision_id) WHERE previous_revision_id IS NOT NULL AND state != 'cancel'",
        "This quote is being revised already: reload the page to see its revision.",
    )

    # === COMPUTE === #

    @api.depends("next_revision_ids.state", "next_revision_ids.date_sent")
    def _compute_open_revision_id(self):
        # sudo: that a revision is being made is no secret to who may see the quote.
        revised = self.sudo().filtered(lambda order: order._may_be_revised())
        found = {
            revision.previous_revision_id.id: revision.id
            for revision in revised.next_revision_ids
            if revision.state == "draft"
        }
        for order in self:
            order.open_revision_id = found.get(order.id, False)

    @api.depends("original_id", "next_revision_ids")
    def _compute_issue_count(self):
        chains = self.filtered(lambda order: order.original_id or order._may_be_revised())
        counts = {}
        if chains:
            originals = chains._get_originals()
            counts = dict(
                self.env["sale.order"]._read_group([("original_id", "in", originals.ids)], ["original_id"], ["__count"])
            )
        for order in self:
            count = counts.get(order.original_id or order._origin, 0)
            order.issue_count = count + 1 if count else 0

    # === ACTION === #

    def action_ask_revise(self):
        """Ask the reason for a revision, or open the revision there is.

        :return: the action to go on with
        :raise UserError: when the quote cannot be revised
        """
        self.ensure_one()
        self.check_access("write")
        revision = self._find_revision()
        if revision:
            return revision._get_quote_action()
        self._check_can_revise()
        action = self._ask_reason("revise")
        return {**action, "name": self.env._("Revise %(quote)s", quote=self.name)}

    def action_revise(self, reason=None):
        """Make the next revision of a sent or declined quote, or open the one it has.

        The quote stays valid until its revision is sent.

        :param str reason: why it is revised, kept on the revision
        :return: the action that opens the revision
        :raise UserError: when the quote is still a draft or confirmed already
        """
        self.ensure_one()
        self.check_access("write")
        self._lock_for_revision()
        revision = self._find_revision() or self._revise(reason)
        return revision._get_quote_action()

    def action_view_issues(self):
        """Open all issues of this quote."""
        self.ensure_one()
        action = self._get_issues()._get_records_action(name=self.env._("Issues of %(quote)s", quote=self.name))
        return {**action, "context": {**self.env.context, "create": False}}

    def action_draft(self):
        for order in self._get_construction_quotes():
            if order.date_sent:
                raise UserError(
                    self.env._(
                        "%(quote)s was sent to the client and stays as sent. Use Revise to make its next revision.",
                        quote=order.name,
                    )
                )
            order._check_previous_free()
        return super().action_draft()

    # === BUSINESS === #

    def _get_originals(self):
        """Give the first issues of these quotes, each once."""
        return self.original_id | self.filtered(lambda order: not order.original_id)

    def _get_issues(self):
        """Give all issues of these quotes, the first one first."""
        originals = self._get_originals()
        domain = Domain("id", "in", originals.ids) | Domain("original_id", "in", originals.ids)
        return self.search(domain, order="id")

    def _lock_for_revision(self):
        """Lock the row, then look: two clicks make one revision."""
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is working on %(quote)s right now. Try again in a moment.",
                    quote=", ".join(self.mapped("name")),
                )
            ) from error
        self.invalidate_recordset(["state", "superseded_by_id", "next_revision_ids", "open_revision_id"])

    def _find_revision(self):
        """Give the revision that follows this quote: the open one, or the one that replaced it."""
        self.ensure_one()
        # sudo: there is one revision of a quote, whoever made it.
        revision = self.sudo().superseded_by_id or self.sudo().next_revision_ids.filtered(
            lambda order: order.state == "draft"
        )
        return revision[:1].with_env(self.env)

    def _revise(self, reason=None):
        self._check_can_revise()
        touch(self)
        self._discard_twins()
        revision = self._copy_whole(self._prepare_revision_values())
        revision._write_life_cycle(self._prepare_revision_life_cycle(reason))
        self._tell_revised(revision)
        return revision

    def _tell_revised(self, revision):
        if revision.revision_reason:
            self.message_post(
                body=self.env._(
                    "The revision %(revision)s is being made: %(reason)s",
                    revision=revision._get_html_link(),
                    reason=revision.revision_reason,
                )
            )
        else:
            self.message_post(
                body=self.env._("The revision %(revision)s is being made.", revision=revision._get_html_link())
            )

    def _may_be_revised(self):
        """Tell whether this quote may have revisions: orders of stock are not asked for any."""
        return bool(self.date_sent) or (self.state == "cancel" and self._is_construction_quote())

    def _check_can_revise(self):
        if not self._is_construction_quote():
            raise UserError(self.env._("%(quote)s is not a construction quote: change it as it is.", quote=self.name))
        if self.state == "sale":
            raise UserError(
                self.env._(
                    "%(quote)s is confirmed. Cancel the order before you revise its quote.",
                    quote=self.name,
                )
            )
        if self.state == "draft" and not self.date_sent:
            raise UserError(self.env._("%(quote)s was not sent yet: change it as it is.", quote=self.name))

    def _prepare_revision_values(self):
        """Give what the next revision has beside the content of this quote: its name under the same base number."""
        self.ensure_one()
        base = self.original_id or self
        carried = {name: self._get_plain(name) for name in CARRIED_FIELDS}
        return {**carried, "name": revisions.issue_name(base.name, self._get_next_number())}

    def _prepare_revision_life_cycle(self, reason=None):
        """Give what makes an order the next revision of this quote."""
        self.ensure_one()
        return {
            "revision": self._get_next_number(),
            "revision_reason": reason and reason.strip(),
            "original_id": (self.original_id or self).id,
            "previous_revision_id": self.id,
        }

    def _get_next_number(self):
        """Give the number of the next revision: drafts that were cancelled do not count."""
        # sudo: numbers go on, whoever made the issues.
        issues = self.sudo()._get_issues() - self.filtered(lambda order: not order.date_sent and order.original_id)
        counted = issues.filtered(lambda issue: issue.date_sent or issue.state != "cancel")
        return 1 + max(counted.mapped("revision"), default=0)

    def _discard_twins(self):
        """Take its number from a cancelled revision that was never sent: the next one gets it."""
        # sudo: numbers go on, whoever made the issues.
        discarded = (
            self.sudo()
            ._get_issues()
            .filtered(lambda issue: issue.state == "cancel" and not issue.date_sent and issue.previous_revision_id)
        )
        for issue in discarded:
            issue._write_life_cycle({"name": f"{issue.original_id.name}-X{issue.id}", "revision": 0})

    def _copy_whole(self, default):
        """Copy this quote with its costs as they were frozen; today's are for a repriced quote.

        :param dict default: values that are other than those of this quote
        """
        self.ensure_one()
        self.check_access("create")
        # sudo: costs belong to the quote even when the person copying it may not see them; so do its taxes.
        quote = self.sudo()
        values = quote.copy_data(default)[0]
        for source, command in zip(quote._get_copiable_order_lines(), values["order_line"]):
            vals = command[2]
            vals["purchase_price"] = source.purchase_price
            for name in NO_VARIANT_FIELDS:
                # Said to be empty, they would have stock compute every line by itself.
                if vals.get(name) == [Command.set([])]:
                    del vals[name]
        copied = quote.create(values)
        # Markups came to the prices of the lines already; the copy keeps them to be changed.
        copied._take_markups(quote.markup_ids._prepare_copy_values())
        return copied.with_env(self.env)

    def _check_previous_free(self):
        """Refuse to bring back a revision whose predecessor went another way."""
        # sudo: there is one revision of a quote, whoever made it.
        previous = self.sudo().previous_revision_id
        others = previous.next_revision_ids.filtered(lambda issue: issue.state != "cancel") - self
        if previous.state == "sale" or previous.superseded_by_id - self or others:
            raise UserError(
                self.env._(
                    "%(quote)s cannot come back: %(previous)s has gone another way since.",
                    quote=self.name,
                    previous=previous.name,
                )
            )

    def _get_quote_action(self):
        """Give the action that opens this quote."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Quote"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
