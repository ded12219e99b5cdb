from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..pipeline.construction_reason_mixin import ReasonStep
from ..pipeline.row_lock import take

OPEN_STATES = ("draft", "returned")


class ConstructionProgress(models.Model):
    """What was done on a site since the last report, chapter by chapter: reported there, approved by the manager."""

    _name = "construction.progress"
    _description = "Progress Report"
    _inherit = ["construction.reason.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _mail_post_access = "read"

    project_id = fields.Many2one(
        "project.project",
        required=True,
        default=lambda self: self.env["construction.diary"]._get_last_project(),
        index=True,
        ondelete="restrict",
        domain="[('is_template', '=', False), ('lead_id', '!=', False)]",
    )
    # stored: reports are protected by it
    company_id = fields.Many2one("res.company", compute="_compute_company_id", store=True, index=True)
    date = fields.Date(
        required=True,
        default=fields.Date.context_today,
        help="The day up to which the works are reported.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Reported By",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        index=True,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "To Approve"),
            ("approved", "Approved"),
            ("returned", "Returned"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    line_ids = fields.One2many("construction.progress.line", "report_id", string="Chapters")
    changed_line_ids = fields.One2many(
        "construction.progress.line",
        "report_id",
        domain=[("quantity", "!=", 0)],
        string="Reported Chapters",
    )
    changed_count = fields.Integer(string="Chapters Reported", compute="_compute_changed_count")
    progress_percent = fields.Float(
        string="Progress of Works (%)",
        compute="_compute_progress_percent",
        digits=(5, 2),
        help="How far all the works of the project would be with this report.",
    )
    note = fields.Text(string="Notes")
    photo_ids = fields.Many2many("ir.attachment", string="Photos", copy=False)
    is_correction = fields.Boolean(
        string="Correction",
        copy=False,
        help="Takes back what was reported before, or tells more than was contracted. It needs a reason.",
    )
    correction_reason = fields.Char(string="Reason of the Correction", copy=False, tracking=True)
    return_reason = fields.Char(string="Returned Because", readonly=True, copy=False, tracking=True)
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    date_approved = fields.Datetime(string="Approved On", readonly=True, copy=False)
    certificate_ids = fields.Many2many("construction.certificate", string="Certificates", readonly=True, copy=False)
    can_approve = fields.Boolean(compute="_compute_can_approve", export_string_translation=False)

    _open_report_uniq = models.UniqueIndex(
        "(project_id, date) WHERE state IN ('draft', 'returned')",
        "This project has an open report of this day already: go on with that one.",
    )

    # === COMPUTE === #

    @api.depends("project_id", "date")
    def _compute_display_name(self):
        for report in self:
            # reason of sudo: only the name of the project
            project = report.sudo().project_id
            day = format_date(self.env, report.date)
            report.display_name = f"{project.name} · {day}" if project else self.env._("New report")

    @api.depends("project_id.company_id")
    def _compute_company_id(self):
        for report in self:
            report.company_id = report.project_id.company_id or report.project_id.lead_id.company_id

    @api.depends("line_ids.quantity")
    def _compute_changed_count(self):
        for report in self:
            report.changed_count = len(report.line_ids.filtered("quantity"))

    @api.depends("line_ids.quantity", "state")
    def _compute_progress_percent(self):
        for report in self:
            done = {line.position_id.id: line.quantity_cumulative for line in report.line_ids}
            # reason of sudo: the share of all the works counts by amounts a foreman does not see
            percent = report.line_ids.position_id.sudo()._get_progress(done)
            report.progress_percent = percent or 0.0

    @api.depends_context("uid")
    @api.depends("project_id", "state")
    def _compute_can_approve(self):
        for report in self:
            report.can_approve = report.project_id._is_manager()

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        # the database looks for another open report: it must know which ones are none any more
        self.flush_model(["state", "date", "project_id"])
        reports = super().create(vals_list)
        reports._add_lines()
        return reports

    def write(self, vals):
        if vals.keys() & self._get_content_fields():
            self._check_open()
        if "project_id" in vals and any(report.project_id.id != vals["project_id"] for report in self):
            raise UserError(self.env._("The project of a report cannot be changed: make a new report."))
        if "state" in vals and not self.env.su:
            raise UserError(self.env._("A report is submitted, approved and returned by its buttons only."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        self._check_open()

    # === ACTION === #

    def action_submit(self):
        """Give the report to the manager of the project; he is told.

        :raises UserError: nothing reported, or more than contracted without a correction
        """
        reports = self.filtered(lambda report: report.state in OPEN_STATES)
        reports.check_access("write")
        for report in reports:
            if not report.changed_count:
                raise UserError(self.env._("Nothing is reported yet: say how much of a chapter was done."))
        reports.line_ids._check_plausible()
        reports._write_step({"state": "submitted", "return_reason": False})
        for report in reports:
            # opened by the manager, filled in on site: whoever gives it in reports
            if report.user_id != self.env.user and report.user_id == report.project_id.user_id:
                report._write_step({"user_id": self.env.uid})
            report._ask_manager()
        return True

    def action_approve(self):
        """Take what was reported as done. Twice is once.

        :raises AccessError: the user does not decide on the project
        :raises UserError: draft or returned reports, more than contracted or backwards without a correction
        """
        self.project_id._check_is_manager()
        take(self)
        reports = self.filtered(lambda report: report.state != "approved").sorted(
            lambda report: (report.date, report.id)
        )
        for report in reports:
            if report.state == "returned":
                raise UserError(
                    self.env._("%(report)s was returned: it must be submitted again.", report=report.display_name)
                )
        positions = reports.line_ids.position_id
        # reason of sudo: positions are written by the system, for whoever approves
        take(positions.sudo())
        for report in reports:
            report.line_ids._check_plausible()
            report.line_ids._freeze()
            report._write_step(
                {"state": "approved", "approved_by_id": self.env.uid, "date_approved": fields.Datetime.now()}
            )
            report._finish_approval()
        reports.project_id._tell_progress()
        return True

    def action_return(self, reason):
        """Give submitted reports back to whoever reported.

        :param str reason: what to mend
        """
        self.project_id._check_is_manager()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the report is returned."))
        take(self)
        for report in self:
            if report.state != "submitted":
                raise UserError(self.env._("%(report)s does not wait for an approval.", report=report.display_name))
            report._write_step({"state": "returned", "return_reason": reason})
            report._finish_approval()
            report.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=report.user_id.id,
                summary=self.env._("Progress report returned"),
                note=reason,
            )
        return True

    def action_ask_return(self):
        """Ask why the report is returned."""
        self.ensure_one()
        self.project_id._check_is_manager()
        return self._ask_reason("return")

    @api.model
    def _get_reason_steps(self):
        step = ReasonStep(
            method="action_return",
            title=self.env._("Return the Report"),
            button=self.env._("Return"),
            hint=self.env._("Whoever reported gets it back as a task, with your words."),
            placeholder=self.env._("e.g. The roof is not watertight yet"),
        )
        return {**super()._get_reason_steps(), "return": step}

    def action_withdraw(self):
        """Take an approval back, while no certificate stands on it.

        :raises UserError: naming the certificate, or the invoiced instalment, in the way
        """
        self.project_id._check_is_manager()
        take(self)
        reports = self.filtered(lambda report: report.state == "approved")
        # reason of sudo: positions and certificates are no concern of whoever withdraws
        take(reports.line_ids.position_id.sudo())
        for report in reports:
            if certificates := report.sudo().certificate_ids:  # as above
                raise UserError(
                    self.env._(
                        "%(report)s stands in certificate %(certificate)s: withdraw that one first, "
                        "or report a correction.",
                        report=report.display_name,
                        certificate=", ".join(certificates.mapped("display_name")),
                    )
                )
        reports._write_step({"state": "submitted", "approved_by_id": False, "date_approved": False})
        for position in reports.line_ids.position_id:
            if position.quantity_done < -1e-6:
                raise UserError(
                    self.env._(
                        "Less than nothing of “%(chapter)s” would be done: withdraw the later reports first.",
                        chapter=position.display_name,
                    )
                )
        reports.project_id._tell_progress()
        return True

    def action_open_chapters(self):
        """The chapters to report, by stage of works: the screen of the foreman."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "construction_crm.construction_progress_line_action_enter"
        )
        action["display_name"] = self.display_name
        action["domain"] = [("report_id", "=", self.id)]
        action["context"] = {"progress_report_id": self.id, "search_default_unfinished": 1}
        if all(line.project_stage_id for line in self.line_ids):
            # the column of chapters without a stage would be folded: they are not to be missed
            action["context"]["search_default_group_stage"] = 1
        return action

    # === BUSINESS === #

    @api.model
    def _get_content_fields(self):
        return {"date", "line_ids", "changed_line_ids", "is_correction", "correction_reason", "project_id", "user_id"}

    def _check_open(self):
        """Refuse to change what was approved, and let only the manager change what was submitted."""
        if self.env.su:
            return
        for report in self:
            if report.state == "approved":
                raise UserError(
                    self.env._(
                        "%(report)s is approved: report a correction, or have the approval withdrawn.",
                        report=report.display_name,
                    )
                )
            if report.state == "submitted" and not report.project_id._is_manager():
                raise UserError(
                    self.env._(
                        "%(report)s waits for its approval: only the manager of the project changes it now.",
                        report=report.display_name,
                    )
                )

    def _write_step(self, vals):
        # reason of sudo: nobody else passes the guard of write()
        self.sudo().write(vals)

    def _add_lines(self):
        """Give the reports the chapters of their projects they lack."""
        # reason of sudo: the chapters of the works are the same for everybody, and show no amounts here
        for project, reports in self.sudo().grouped("project_id").items():
            works = project._sync_positions().sudo().filtered(lambda position: not position.is_follower)  # as above
            if not works:
                raise UserError(
                    self.env._(
                        "%(project)s has no works to report: its deal has no confirmed order with chapters.",
                        project=project.name,
                    )
                )
            self.env["construction.progress.line"].sudo().create(  # as above
                [
                    {"report_id": report.id, "position_id": position.id}
                    for report in reports
                    for position in works - report.line_ids.position_id
                ]
            )

    def _ask_manager(self):
        """Tell the manager of the project that a report waits."""
        manager = self.project_id.user_id
        if manager and manager != self.env.user:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=manager.id,
                summary=self.env._("Progress to approve"),
            )

    def _finish_approval(self):
        # reason of sudo: the activities are those of others
        self.sudo().activity_ids.unlink()
