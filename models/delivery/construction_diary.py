from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import format_date

from ..pipeline.construction_reason_mixin import ReasonStep
from ..pipeline.row_lock import take

WEATHER = [
    ("sunny", "Sunny"),
    ("cloudy", "Cloudy"),
    ("fog", "Fog"),
    ("rain", "Rain"),
    ("storm", "Storm"),
    ("wind", "Strong wind"),
    ("snow", "Snow"),
    ("frost", "Frost"),
]


class ConstructionDiary(models.Model):
    """One day on one site: who was there, what was done, what held the works up."""

    _name = "construction.diary"
    _description = "Site Diary"
    _inherit = ["construction.site.record", "construction.reason.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _rec_names_search = ["project_id", "work_done"]
    _check_company_auto = True
    _step_defaults = {"state": "draft", "confirmed_by_id": False, "date_confirmed": False}

    project_id = fields.Many2one(
        "project.project",
        default=lambda self: self._get_last_project(),
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('construction_type_id', '!=', False), ('is_template', '=', False)]",
    )
    # Stored: record rules ask for it.
    company_id = fields.Many2one(related="project_id.company_id", store=True, precompute=True, index=True)
    date = fields.Date(required=True, default=fields.Date.context_today, index=True, tracking=True)
    user_id = fields.Many2one(
        "res.users",
        string="Written By",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("confirmed", "Confirmed")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    confirmed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    date_confirmed = fields.Datetime(string="Confirmed On", readonly=True, copy=False)
    weather_morning = fields.Selection(WEATHER, string="Weather, Morning")
    weather_afternoon = fields.Selection(WEATHER, string="Weather, Afternoon")
    temperature_morning = fields.Integer(string="Morning °C")
    temperature_afternoon = fields.Integer(string="Afternoon °C")
    presence_ids = fields.One2many("construction.diary.presence", "diary_id", string="Present", copy=True)
    people = fields.Integer(compute="_compute_presence", store=True)
    hours_total = fields.Float(string="Hours Worked", compute="_compute_presence", store=True)
    work_done = fields.Text(help="What was done today, and where.")
    deliveries = fields.Text(help="What was delivered, and by whom.")
    visitors = fields.Text(help="Who visited the site: client, architect, authorities…")
    accidents = fields.Text(help="Accidents and near misses, with who was told.")
    delay_ids = fields.One2many("construction.diary.delay", "diary_id", string="Delays")
    delay_days = fields.Float(
        compute="_compute_delay_days",
        store=True,
        help="Days lost on this day's account, hours counted by the working day of the company.",
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "construction_diary_attachment_rel",
        string="Photos",
        copy=False,
        # the files become the diary's own, see `_adopt_files`
        bypass_search_access=True,
    )

    _project_date_uniq = models.UniqueIndex(
        "(project_id, date)",
        "The site diary of this project already has a page for this day. Open that one and write there.",
    )

    # === COMPUTE === #

    @api.depends("project_id", "date")
    def _compute_display_name(self):
        for diary in self:
            day = format_date(self.env, diary.date) if diary.date else ""
            diary.display_name = ", ".join(part for part in (diary.project_id.name, day) if part)

    @api.depends("presence_ids.people", "presence_ids.hours_total")
    def _compute_presence(self):
        for diary in self:
            diary.people = sum(diary.presence_ids.mapped("people"))
            diary.hours_total = sum(diary.presence_ids.mapped("hours_total"))

    @api.depends("delay_ids.days_total")
    def _compute_delay_days(self):
        for diary in self:
            diary.delay_days = sum(diary.delay_ids.mapped("days_total"))

    # === ONCHANGE === #

    @api.onchange("project_id", "date")
    def _onchange_project_id(self):
        """Propose who was there on the last day written, as long as nobody is entered."""
        if self.project_id and not self.presence_ids:
            self.presence_ids = self._prepare_presence_commands()

    def _prepare_presence_commands(self):
        """Commands for the people of the last page before this one."""
        domain = [("project_id", "=", self.project_id.id), ("presence_ids", "!=", False)]
        if self.date:
            domain.append(("date", "<", self.date))
        last = self.search(domain, limit=1)
        return [Command.create(line._prepare_copy_values()) for line in last.presence_ids]

    # === CONSTRAINT === #

    @api.constrains("date")
    def _check_date(self):
        for diary in self:
            if diary.date > fields.Date.context_today(diary):
                raise ValidationError(
                    self.env._("The site diary tells what happened: %(date)s is still to come.", date=diary.date)
                )

    @api.constrains("project_id")
    def _check_project(self):
        for diary in self:
            if not diary.project_id.construction_type_id:
                raise ValidationError(
                    self.env._(
                        "“%(project)s” is no construction project: it has no site diary.", project=diary.project_id.name
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        diaries = super().create(vals_list)
        diaries._adopt_files("attachment_ids")
        return diaries

    def write(self, vals):
        if not self.env.su:
            self._check_open(vals)
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._adopt_files("attachment_ids")
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_confirmed(self):
        self._check_open()

    # === ACTION === #

    def action_confirm(self):
        """Lock these pages: what they tell counts from now on. Those confirmed already stay as they are.

        :raises AccessError: not the manager of the project
        """
        for project in self.project_id:
            project._check_is_manager()
        take(self)
        drafts = self.filtered(lambda diary: diary.state == "draft")
        drafts._write_step(
            {"state": "confirmed", "confirmed_by_id": self.env.uid, "date_confirmed": fields.Datetime.now()}
        )
        return True

    def action_ask_correct(self):
        """Ask why a confirmed page is opened again."""
        return self._ask_reason("correct")

    @api.model
    def _get_reason_steps(self):
        correct = ReasonStep(
            method="_correct",
            title=self.env._("Correct a Confirmed Page"),
            button=self.env._("Confirm"),
            hint=self.env._(
                "The page becomes a draft again and no longer counts until it is confirmed anew.",
            ),
            placeholder=self.env._("Why?"),
        )
        return {**super()._get_reason_steps(), "correct": correct}

    # === BUSINESS === #

    def _correct(self, reason):
        """Open confirmed pages again and say why.

        :raises AccessError: not the manager of the project
        """
        for project in self.project_id:
            project._check_is_manager()
        take(self)
        for diary in self.filtered(lambda diary: diary.state == "confirmed"):
            diary._write_step({"state": "draft", "confirmed_by_id": False, "date_confirmed": False})
            diary.message_post(body=self.env._("Opened for correction: %(reason)s", reason=reason))

    def _check_open(self, vals=None):
        """Refuse changes of what is confirmed.

        :param vals: the values to be written, any change when left out
        """
        free = {"message_follower_ids", "activity_ids", "message_main_attachment_id"}
        if vals is not None and not vals.keys() - free - self._step_defaults.keys():
            return
        for diary in self:
            if diary.state == "confirmed":
                raise UserError(
                    self.env._(
                        "The page %(page)s is confirmed and can no longer be changed. The project manager can open "
                        "it for correction, with a reason.",
                        page=diary.display_name,
                    )
                )

    def _get_weather_text(self):
        """Weather and temperature of the day in one line, for prints."""
        self.ensure_one()
        labels = dict(self._fields["weather_morning"]._description_selection(self.env))
        morning = labels.get(self.weather_morning)
        afternoon = labels.get(self.weather_afternoon)
        parts = []
        if morning:
            degrees = self.temperature_morning
            parts.append(self.env._("morning: %(weather)s, %(degrees)s °C", weather=morning, degrees=degrees))
        if afternoon:
            degrees = self.temperature_afternoon
            parts.append(self.env._("afternoon: %(weather)s, %(degrees)s °C", weather=afternoon, degrees=degrees))
        return "; ".join(parts)

    def _get_photo_rows(self):
        """The pictures, three a row; the last row is filled up with nothing."""
        photos = list(self._get_photos())
        photos += [None] * (-len(photos) % 3)
        return [photos[start : start + 3] for start in range(0, len(photos), 3)]

    def _get_photos(self):
        """The pictures among the files, for prints."""
        return self.attachment_ids.filtered(lambda file: (file.mimetype or "").startswith("image/"))
