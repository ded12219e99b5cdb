from odoo import api, fields, models
from odoo.tools import SQL

from .construction_contact_record import CHANNELS

# Key of the context: what a contact added from a history starts with. The web client drops default_* for its buttons.
HISTORY_OF = "construction_history_of"


class ConstructionInteraction(models.Model):
    """The whole history with a client: our contact records beside the e-mails, meetings and calls of stock Odoo.

    Who may read a row is said by record rules, which follow those of the deal, project or person it comes from.
    """

    _name = "construction.interaction"
    _description = "History with a Client"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "summary"
    _depends = {
        "construction.contact.record": [
            "channel",
            "date",
            "date_next",
            "lead_id",
            "partner_id",
            "project_id",
            "summary",
            "user_id",
        ],
        "mail.message": [
            "author_id",
            "body",
            "date",
            "is_internal",
            "message_type",
            "model",
            "res_id",
            "subject",
            "subtype_id",
        ],
        "mail.notification": ["mail_message_id", "res_partner_id"],
        "calendar.event": [
            "active",
            "name",
            "opportunity_id",
            "partner_ids",
            "privacy",
            "res_id",
            "res_model",
            "start",
            "user_id",
        ],
        "mail.activity": [
            "active",
            "activity_type_id",
            "date_done",
            "feedback",
            "res_id",
            "res_model",
            "summary",
            "user_id",
        ],
        "crm.lead": ["partner_id"],
        "project.project": ["partner_id"],
    }

    date = fields.Datetime(readonly=True)
    channel = fields.Selection(CHANNELS, readonly=True)
    origin = fields.Selection(
        [("record", "Contact Record"), ("email", "E-mail"), ("meeting", "Meeting"), ("call", "Call Done")],
        string="Comes From",
        readonly=True,
    )
    summary = fields.Text(readonly=True)
    user_id = fields.Many2one("res.users", string="Who", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Contact", readonly=True)
    lead_id = fields.Many2one("crm.lead", string="Deal", readonly=True)
    project_id = fields.Many2one("project.project", readonly=True)
    date_next = fields.Date(string="Next Contact", readonly=True)
    res_model = fields.Char(string="Model", readonly=True, export_string_translation=False)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", readonly=True, export_string_translation=False
    )

    # === ACTION === #

    def action_open(self):
        """Open what this row stands for: the contact record, the meeting, or where the message was written."""
        self.ensure_one()
        if self.origin == "record":
            return self.env["construction.contact.record"].browse(self.res_id).action_open()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    def action_add_contact(self):
        """Ask for one contact with whom the history is of, no row is needed."""
        defaults = self.env.context.get(HISTORY_OF) or {}
        return self.env["construction.contact.record"]._prepare_quick_entry(**defaults)

    @api.model
    def _prepare_history(self, name, domain, **defaults):
        """The action that shows a history.

        :param str name: its title
        :param list domain: which rows
        :param defaults: values a contact added from there starts with
        """
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.construction_interaction_action")
        action["display_name"] = name
        action["domain"] = domain
        action["context"] = {HISTORY_OF: {key: value for key, value in defaults.items() if value}}
        return action

    # === QUERY === #

    @property
    def _table_query(self):
        parts = [self._query_records(), self._query_meetings()]
        for model in ("crm.lead", "project.project", "res.partner"):
            parts += [self._query_messages(model), self._query_calls(model)]
        return SQL(" UNION ALL ").join(parts)

    def _query_records(self):
        return SQL(
            """
            SELECT id * 4::bigint AS id, date, channel, 'record' AS origin, summary, user_id, partner_id, lead_id,
                   project_id, date_next, 'construction.contact.record' AS res_model, id AS res_id
              FROM construction_contact_record
            """
        )

    def _get_links(self, model, alias):
        """The columns partner, deal and project of what hangs on a record of ``model``, and its join."""
        record, table = SQL.identifier(alias, "res_id"), SQL.identifier(self.env[model]._table)
        if model == "res.partner":
            return SQL("%s, NULL::int, NULL::int", record), SQL()
        join = SQL("JOIN %s document ON document.id = %s", table, record)
        if model == "crm.lead":
            return SQL("document.partner_id, document.id, NULL::int"), join
        return SQL("document.partner_id, NULL::int, document.id"), join

    def _query_messages(self, model):
        """Messages between us and people outside; notes and what stock logs by itself are none."""
        links, join = self._get_links(model, "message")
        return SQL(
            """
            SELECT message.id * 4::bigint + 1, message.date,
                   CASE WHEN message.message_type = 'comment' AND author.id IS NULL THEN 'message' ELSE 'email' END,
                   'email',
                   -- stock fills the subject of what we write with the name of the document
                   LEFT(COALESCE(NULLIF(CONCAT_WS(
                       ': ',
                       CASE WHEN message.message_type = 'email' THEN NULLIF(message.subject, '') END,
                       NULLIF(TRIM(REGEXP_REPLACE(message.body, '<[^>]+>', ' ', 'g')), '')
                   ), ''), message.subject), 250),
                   author.id, %(links)s, NULL::date, message.model, message.res_id
              FROM mail_message message
              %(join)s
         LEFT JOIN mail_message_subtype subtype ON subtype.id = message.subtype_id
         LEFT JOIN LATERAL (SELECT id FROM res_users
                             WHERE partner_id = message.author_id AND NOT COALESCE(share, FALSE)
                          ORDER BY id LIMIT 1) author ON TRUE
             WHERE message.model = %(model)s
               AND message.message_type IN ('email', 'comment', 'email_outgoing')
               AND NOT COALESCE(message.is_internal, FALSE)
               AND NOT COALESCE(subtype.internal, FALSE)
               AND (author.id IS NULL
                    OR EXISTS (SELECT FROM mail_notification told
                                WHERE told.mail_message_id = message.id
                                  AND told.res_partner_id IS NOT NULL
                                  AND NOT EXISTS (SELECT FROM res_users own
                                                   WHERE own.partner_id = told.res_partner_id
                                                     AND NOT COALESCE(own.share, FALSE))))
            """,
            links=links,
            join=join,
            model=model,
        )

    def _query_calls(self, model):
        """Activities of the kind call that are done."""
        links, join = self._get_links(model, "activity")
        return SQL(
            """
            SELECT activity.id * 4::bigint + 3, activity.date_done + TIME '12:00', 'call', 'call',
                   COALESCE(NULLIF(activity.feedback, ''), NULLIF(activity.summary, ''), kind.name->>%(lang)s,
                            kind.name->>'en_US'),
                   activity.user_id, %(links)s, NULL::date, activity.res_model, activity.res_id
              FROM mail_activity activity
              JOIN mail_activity_type kind ON kind.id = activity.activity_type_id AND kind.category = 'phonecall'
              %(join)s
             WHERE activity.res_model = %(model)s
               AND NOT activity.active
               AND activity.date_done IS NOT NULL
            """,
            links=links,
            join=join,
            model=model,
            lang=self.env.lang or "en_US",
        )

    def _query_meetings(self):
        """Meetings that took place with a client; private ones stay private."""
        return SQL(
            """
            SELECT event.id * 4::bigint + 2, event.start, 'meeting', 'meeting', event.name, event.user_id,
                   COALESCE(lead.partner_id, project.partner_id, guest.id), lead.id, project.id, NULL::date,
                   'calendar.event', event.id
              FROM calendar_event event
         LEFT JOIN crm_lead lead ON lead.id = event.opportunity_id
         LEFT JOIN project_project project ON project.id = event.res_id AND event.res_model = 'project.project'
         LEFT JOIN res_users_settings setting ON setting.user_id = event.user_id
         LEFT JOIN LATERAL (SELECT MIN(rel.res_partner_id) AS id
                              FROM calendar_event_res_partner_rel rel
                             WHERE rel.calendar_event_id = event.id
                               AND NOT EXISTS (SELECT FROM res_users own
                                                WHERE own.partner_id = rel.res_partner_id
                                                  AND NOT COALESCE(own.share, FALSE))) guest ON TRUE
             WHERE event.active
               AND event.start <= NOW() AT TIME ZONE 'UTC'
               AND COALESCE(event.privacy, setting.calendar_default_privacy, 'public') != 'private'
               AND COALESCE(lead.id, project.id, guest.id) IS NOT NULL
            """
        )
