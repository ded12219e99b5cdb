from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.mail import is_html_empty

from .row_lock import touch


class ConstructionPin(models.Model):
    """A message of a job that stands on top of its history."""

    _name = "construction.pin"
    _description = "Pinned Message"
    _order = "date desc, id desc"

    message_id = fields.Many2one("mail.message", required=True, readonly=True, ondelete="cascade", index=True)
    lead_id = fields.Many2one("crm.lead", string="Deal", readonly=True, ondelete="cascade", index="btree_not_null")
    user_id = fields.Many2one("res.users", string="Pinned By", readonly=True, ondelete="set null")
    date = fields.Datetime(string="Pinned On", readonly=True, default=fields.Datetime.now)

    _message_uniq = models.UniqueIndex("(message_id)", "This message is pinned already.")


class ConstructionPinMixin(models.AbstractModel):
    """A record whose messages can be pinned on top of its history.

    Pins are set and taken away by who may write on the record, and shown to colleagues who may read it; portal users
    see none.
    """

    _name = "construction.pin.mixin"
    _description = "Record with Pinned Messages"

    pinned_events = fields.Json(
        string="Pinned",
        compute="_compute_pinned_events",
        groups="base.group_user",
        help="Messages and notes that stand on top of the history: a dict with the list `events`.",
    )

    # === COMPUTE === #

    @api.depends_context("uid", "lang", "tz")
    def _compute_pinned_events(self):
        users = self if self.env.user._is_internal() else self.browse()
        pins = users._get_pins()
        for record in self:
            # An empty list would be no value at all: where nothing is pinned yet, something can be.
            record.pinned_events = (
                {"events": record._prepare_pinned_events(pins.get(record, ()))} if record._can_have_pins() else False
            )

    # === ACTION === #

    def action_pin_message(self, message_id):
        """Pin one message of this record; pinning twice is pinning once.

        :return: what is pinned now, see `pinned_events`
        :raises AccessError: for whoever may not write on the record or not read the message
        :raises UserError: for a message of another record
        """
        self.ensure_one()
        message = self._check_can_pin(message_id)
        # Two at the same moment make one pin.
        touch(self)
        # sudo: nobody makes pins by hand; the rights were checked above
        pins = self.env["construction.pin"].sudo()
        if not pins.search([("message_id", "=", message.id)], limit=1):
            pins.create({"message_id": message.id, "user_id": self.env.uid, **self._prepare_pin_link()})
        return self._reload_pinned_events()

    def action_unpin_message(self, message_id):
        """Take a pin of this record away.

        :return: what is pinned now, see `pinned_events`
        """
        self.ensure_one()
        message = self._check_can_pin(message_id)
        # sudo: nobody deletes pins by hand; the rights were checked above
        self.env["construction.pin"].sudo().search([("message_id", "=", message.id)]).unlink()
        return self._reload_pinned_events()

    # === BUSINESS === #

    def _check_can_pin(self, message_id):
        self.check_access("write")
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Only colleagues can pin messages."))
        message = self.env["mail.message"].browse(int(message_id)).exists()
        # sudo: to say what is wrong; whether it may be read is checked next
        where = message.sudo()
        if not message or (where.model, where.res_id) != (self._name, self.id) or not self._can_have_pins():
            raise UserError(
                self.env._(
                    "This message does not belong to %(document)s: reload the page and pin one of its own.",
                    document=self.display_name,
                )
            )
        message.check_access("read")
        if where.message_type == "user_notification":
            raise UserError(self.env._("This message was sent to one person only: it cannot be pinned for all."))
        return message

    def _reload_pinned_events(self):
        self.invalidate_recordset(["pinned_events"])
        return self.pinned_events

    def _prepare_pinned_events(self, pins):
        """What the browser shows of these pins of one record."""
        self.ensure_one()
        return [event for pin in pins if (event := self._prepare_pinned_event(pin))]

    def _prepare_pinned_event(self, pin):
        """One pinned message as a dict; None where nothing is left of it to show.

        :param pin: a `construction.pin` that this user may see with this record
        """
        # sudo: who sees the record sees its messages; of a deal's ones, see who may see them at `_get_pins`
        message = pin.sudo().message_id
        is_own = (message.model, message.res_id) == (self._name, self.id)
        body = "" if is_html_empty(message.body) else str(message.body)
        title = message.subject or ""
        if not body and not title:
            title = message.subtype_id.description or (message.subtype_id.name if message.attachment_ids else "") or ""
        if not body and not title and not message.attachment_ids:
            return None
        return {
            "id": message.id,
            "author": message.author_id.name or message.email_from or "",
            "date": fields.Datetime.to_string(message.date),
            "title": title if title != (self.display_name or "") else "",
            "body": body,
            "files": [{"id": file.id, "name": file.name} for file in message.attachment_ids],
            "is_own": is_own,
            # reason of sudo: only the name
            "pinned_by": pin.sudo().user_id.name or "",
        }

    # === HOOKS === #

    def _can_have_pins(self):
        """Whether messages can be pinned here: on construction records. Costs no query."""
        self.ensure_one()
        return bool(self._origin.id and self.construction_type_id)

    def _get_pins(self):
        """The pins to show on each of these records: dict of record → pins, newest first."""
        raise NotImplementedError

    def _prepare_pin_link(self):
        """Values that tie a new pin to this record."""
        raise NotImplementedError
