from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date, html_escape

CHANNELS = [
    ("call", "Call"),
    ("meeting", "Meeting"),
    ("visit", "Visit"),
    ("email", "E-mail"),
    ("message", "Message"),
    ("other", "Other"),
]
# What moves the activity of the next contact.
FOLLOWED = {"date_next", "user_id", "lead_id", "project_id", "partner_id", "channel_next"}


class ConstructionContactRecord(models.Model):
    """One contact with the client: when, by which road, who, what was said, and when the next one is."""

    _name = "construction.contact.record"
    _description = "Contact with a Client"
    _order = "date desc, id desc"
    _check_company_auto = True

    date = fields.Datetime(required=True, default=fields.Datetime.now, index=True)
    channel = fields.Selection(CHANNELS, required=True, default="call")
    user_id = fields.Many2one(
        "res.users",
        string="Who",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        index=True,
        help="Who of us spoke or wrote to the client.",
    )
    summary = fields.Text(required=True, help="What was said and agreed.")
    lead_id = fields.Many2one(
        "crm.lead",
        string="Deal",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )
    project_id = fields.Many2one(
        "project.project",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        domain="[('is_template', '=', False)]",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        compute="_compute_partner_id",
        # a proposal, changed by hand
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="With whom: the client, or one of the client's people.",
    )
    company_id = fields.Many2one("res.company", compute="_compute_company_id", search="_search_company_id")
    date_next = fields.Date(
        string="Next Contact",
        index="btree_not_null",
        help="Puts an activity on the deal or the project for this day.",
    )
    channel_next = fields.Selection(
        CHANNELS,
        string="Next By",
        default="call",
        help="How the next contact is planned.",
    )
    activity_id = fields.Many2one(
        "mail.activity",
        string="Planned Activity",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
        help="The activity that stands for the next contact.",
    )

    _belongs_somewhere = models.Constraint(
        "CHECK(lead_id IS NOT NULL OR project_id IS NOT NULL OR partner_id IS NOT NULL)",
        "Say with whom the contact was, or for which deal or project.",
    )

    # === COMPUTE === #

    @api.depends("channel", "date", "partner_id")
    def _compute_display_name(self):
        labels = dict(self._fields["channel"]._description_selection(self.env))
        for record in self:
            day = record.date and fields.Datetime.context_timestamp(record, record.date).date()
            parts = [labels.get(record.channel), format_date(self.env, day), record.partner_id.name]
            record.display_name = " · ".join(part for part in parts if part)

    @api.depends("lead_id", "project_id")
    def _compute_partner_id(self):
        for record in self:
            document = record.lead_id or record.project_id
            if document and not record.partner_id:
                record.partner_id = document.partner_id

    @api.depends("lead_id.company_id", "project_id.company_id", "partner_id.company_id")
    def _compute_company_id(self):
        for record in self:
            source = record.lead_id or record.project_id or record.partner_id
            # sudo: only the company, of a document the reader of this record may not open
            record.company_id = source.sudo().company_id

    def _search_company_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        by_lead = [("lead_id", "!=", False), ("lead_id.company_id", "in", value)]
        by_project = [("lead_id", "=", False), ("project_id", "!=", False), ("project_id.company_id", "in", value)]
        by_partner = [("lead_id", "=", False), ("project_id", "=", False), ("partner_id.company_id", "in", value)]
        return Domain.OR([by_lead, by_project, by_partner])

    # === CONSTRAINT === #

    @api.constrains("date")
    def _check_date(self):
        # a day of grace: clocks and time zones of those who write differ
        latest = fields.Datetime.now() + timedelta(days=1)
        for record in self:
            if record.date > latest:
                raise ValidationError(
                    self.env._(
                        "A contact record tells what has happened, and %(day)s has not come yet. "
                        "For a contact that is planned, fill in the next contact.",
                        day=format_date(self.env, record.date.date()),
                    )
                )

    @api.constrains("date", "date_next")
    def _check_date_next(self):
        for record in self:
            day = fields.Datetime.context_timestamp(record, record.date).date()
            if record.date_next and record.date_next < day:
                raise ValidationError(
                    self.env._(
                        "The next contact (%(next)s) would be before this one (%(day)s). Choose a later day.",
                        next=format_date(self.env, record.date_next),
                        day=format_date(self.env, day),
                    )
                )

    @api.constrains("summary")
    def _check_summary(self):
        for record in self:
            if not (record.summary or "").strip():
                raise ValidationError(self.env._("Write in a few words what was said."))

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create([self._complete_links(vals) for vals in vals_list])
        records._check_documents()
        records.filtered("date_next")._follow_up()
        return records

    def write(self, vals):
        if vals.keys() & {"lead_id", "project_id"}:
            vals = self._complete_links(vals)
        res = super().write(vals)
        if vals.keys() & {"lead_id", "project_id", "partner_id"}:
            self._check_documents()
        if vals.keys() & FOLLOWED or ("summary" in vals and self.activity_id):
            self._follow_up()
        return res

    def unlink(self):
        # sudo: the planned contact goes with the record it came from, whoever it is assigned to
        planned = self.sudo().activity_id.filtered("active")
        res = super().unlink()
        planned.unlink()
        return res

    # === ACTION === #

    def action_open(self):
        """Open this record in a dialog, to read or correct it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Contact"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(self.env.ref("construction_crm.construction_contact_record_view_form_open").id, "form")],
            "target": "new",
        }

    def action_delete(self):
        """Delete this record, and the next contact planned with it."""
        self.unlink()
        return {"type": "ir.actions.act_window_close"}

    @api.model
    def _prepare_quick_entry(self, **defaults):
        """The action of the small dialog.

        :param defaults: values the new record starts with
        :return: an action
        """
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add Contact"),
            "res_model": self._name,
            "views": [(self.env.ref("construction_crm.construction_contact_record_view_form_quick").id, "form")],
            "target": "new",
            "context": {f"default_{name}": value for name, value in defaults.items() if value},
        }

    # === BUSINESS === #

    def _check_documents(self):
        """A contact is only written for deals, projects and people its author may read.

        Of a deal and the project that carries it out, one is enough.

        :raises AccessError: for any other
        """
        if self.env.su:
            return
        jobs = self.filtered(lambda record: record.lead_id and record._is_same_job())
        leads = jobs.lead_id._filtered_access("read")
        projects = jobs.project_id._filtered_access("read")
        hidden = jobs.filtered(lambda record: record.lead_id not in leads and record.project_id not in projects)
        others = self - jobs
        for documents in (self.partner_id, others.lead_id, others.project_id, hidden.lead_id):
            if documents:  # an empty set is checked for the right on the model
                documents.check_access("read")

    def _follow_up(self):
        """Bring the activity of the next contact in line: made, moved, reassigned or dropped."""
        # sudo: to schedule the next contact comes with the right to record this one; plain project users may not
        # write on their project.
        for record in self.sudo():
            activity = record.activity_id.filtered("active")
            document = record._get_activity_document()
            moved = activity and (activity.res_model, activity.res_id) != (document._name, document.id)
            if activity and (moved or not record.date_next):
                activity.unlink()
                activity = activity.browse()
            if not record.date_next:
                continue
            values = record._prepare_activity_values()
            if activity:
                activity.write(values)
            else:
                record.activity_id = document.activity_schedule(**values)

    def _get_activity_document(self):
        """Where the next contact is planned: on the deal if its user may read it, else on the project."""
        self.ensure_one()
        user = self.user_id
        lead = self.lead_id.with_user(user)
        if self.lead_id and (lead.has_access("read") or not (self.project_id or self.partner_id)):
            return self.lead_id
        return self.project_id or self.partner_id

    def _prepare_activity_values(self):
        """Values of the activity of the next contact."""
        self.ensure_one()
        labels = dict(self._fields["channel"]._description_selection(self.env))
        kind = {"call": "mail.mail_activity_data_call", "email": "mail.mail_activity_data_email"}
        kind["meeting"] = kind["visit"] = "mail.mail_activity_data_meeting"
        name = kind.get(self.channel_next, "mail.mail_activity_data_todo")
        activity_type = self.env.ref(name, raise_if_not_found=False) or self.env.ref("mail.mail_activity_data_todo")
        summary = labels.get(self.channel_next) or self.env._("Next contact")
        if self.partner_id:
            summary = self.env._("%(what)s: %(who)s", what=summary, who=self.partner_id.name)
        return {
            "activity_type_id": activity_type.id,
            "date_deadline": self.date_next,
            "user_id": self.user_id.id,
            "summary": summary,
            "note": html_escape(self.summary or ""),
        }

    @api.model
    def _fill_last_contact(self, documents, link):
        """Set ``last_contact_date`` of deals or projects from their contacts, one query for all.

        :param documents: records with that field
        :param str link: our field that leads to them
        """
        known = documents._origin
        latest = {}
        if known:
            # reason of sudo: the date is the same for whoever sees the document
            latest = dict(self.sudo()._read_group([(link, "in", known.ids)], [link], ["date:max"]))
        by_id = {document.id: date for document, date in latest.items()}
        for document in documents:
            document.last_contact_date = by_id.get(document._origin.id, False)

    def _relink_lead(self, lead):
        """Move the contacts of merged deals to the one that stays."""
        self.lead_id = lead

    # === HOOK === #

    @api.model
    def _complete_links(self, vals):
        """Return values with what follows from the deal or the project among them."""
        return dict(vals)

    def _is_same_job(self):
        """Whether the project of this record carries out its deal."""
        return False
