from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date

from ...models.delivery.construction_type import TASK_DETAILS
from ...models.delivery.work_days import WorkDays


class ConstructionProjectStart(models.TransientModel):
    """Shows what starting a project will make, and asks. ``crm.lead._start_project`` does it."""

    _name = "construction.project.start"
    _description = "Start Project"

    # What is shown of the deal is computed with sudo: a project manager may not read deals and orders. Each row of
    # this wizard belongs to who opened it, after the deal checked that they may start its project.
    lead_id = fields.Many2one("crm.lead", string="Deal", required=True, ondelete="cascade")
    project_id = fields.Many2one(
        "project.project",
        string="Existing Project",
        compute="_compute_project_id",
        compute_sudo=True,
        help="The project this deal has already, or that its order made: it gets what it lacks.",
    )
    is_top_up = fields.Boolean(compute="_compute_project_id", compute_sudo=True)
    company_id = fields.Many2one("res.company", compute="_compute_deal", compute_sudo=True)
    partner_id = fields.Many2one("res.partner", string="Client", compute="_compute_deal", compute_sudo=True)
    site_id = fields.Many2one("res.partner", compute="_compute_deal", compute_sudo=True)
    construction_type_id = fields.Many2one("construction.type", compute="_compute_deal", compute_sudo=True)
    order_names = fields.Char(string="Orders", compute="_compute_deal", compute_sudo=True)
    name = fields.Char(
        string="Project Name",
        compute="_compute_answers",
        compute_sudo=True,
        store=True,
        readonly=False,
        precompute=True,
    )
    template_id = fields.Many2one(
        "project.project",
        string="Project Template",
        compute="_compute_answers",
        compute_sudo=True,
        store=True,
        readonly=False,
        precompute=True,
        domain="[('is_template', '=', True), ('company_id', 'in', [company_id, False])]",
        help="Its tasks and settings are copied into the project.",
    )
    template_task_count = fields.Integer(compute="_compute_template_task_count", compute_sudo=True)
    template_dates = fields.Char(compute="_compute_template_dates", compute_sudo=True)
    user_id = fields.Many2one(
        "res.users",
        string="Project Manager",
        compute="_compute_answers",
        compute_sudo=True,
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        domain="[('share', '=', False)]",
        help="Leads the works: accepts the job transfer, approves stages and is asked to open the works with the team.",
    )
    date_start = fields.Date(
        string="Start Date",
        compute="_compute_answers",
        compute_sudo=True,
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="Changing it moves all dates along, by as many working days.",
    )
    # The start the dates of the stages stand for now.
    date_base = fields.Date(
        compute="_compute_answers",
        compute_sudo=True,
        store=True,
        readonly=False,
        precompute=True,
        export_string_translation=False,
    )
    date_end = fields.Date(string="End Date", compute="_compute_date_end")
    task_detail = fields.Selection(
        TASK_DETAILS,
        string="Tasks Are Made",
        compute="_compute_answers",
        compute_sudo=True,
        store=True,
        readonly=False,
        precompute=True,
        help="What becomes a task. Parts are the recipes inside a chapter's item; what the item takes directly stays "
        "one task.",
    )
    has_parts = fields.Boolean(compute="_compute_deal", compute_sudo=True, export_string_translation=False)
    counts_calendar_days = fields.Boolean(
        related="company_id.construction_calendar_days", export_string_translation=False
    )
    available_stage_ids = fields.Many2many(
        "project.project.stage",
        compute="_compute_available_stage_ids",
        compute_sudo=True,
        export_string_translation=False,
    )
    promise_count = fields.Integer(compute="_compute_deal", compute_sudo=True)
    stage_line_ids = fields.One2many(
        "construction.project.start.stage",
        "wizard_id",
        string="Stages",
        compute="_compute_stage_line_ids",
        compute_sudo=True,
        store=True,
        readonly=False,
    )
    task_line_ids = fields.One2many(
        "construction.project.start.task",
        "wizard_id",
        string="Tasks",
        compute="_compute_task_line_ids",
        compute_sudo=True,
        store=True,
        readonly=False,
    )
    role_line_ids = fields.One2many(
        "construction.project.start.role",
        "wizard_id",
        string="Roles",
        compute="_compute_role_line_ids",
        compute_sudo=True,
        store=True,
        readonly=False,
    )
    chapter_count = fields.Integer(compute="_compute_totals")
    hours_total = fields.Float(string="Planned Hours", compute="_compute_totals")
    unstaged_count = fields.Integer(string="Tasks Without a Stage", compute="_compute_totals")

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("lead_id")
    def _compute_project_id(self):
        for wizard in self:
            lead = wizard.lead_id
            wizard.is_top_up = bool(lead.construction_project_id)
            wizard.project_id = lead.construction_project_id or (
                lead and self.env["project.project"]._find_orders_project(lead, lead._get_orders_to_start())
            )

    @api.depends("lead_id")
    def _compute_deal(self):
        for wizard in self:
            orders = wizard.lead_id._get_orders_to_start()
            wizard.company_id = orders.company_id[:1]
            wizard.partner_id = orders.partner_id[:1]
            wizard.site_id = wizard.lead_id.site_id
            wizard.construction_type_id = wizard.lead_id.construction_type_id
            wizard.order_names = ", ".join(orders.mapped("name"))
            promises = wizard.lead_id.promise_ids
            wizard.promise_count = len(promises.filtered(lambda promise: promise.state == "open"))
            wizard.has_parts = any(line.display_type == "line_subsection" for line in orders.order_line)

    @api.depends("lead_id")
    def _compute_answers(self):
        for wizard in self:
            project, lead = wizard.project_id, wizard.lead_id
            wizard.name = project.name or lead.name
            wizard.template_id = not project and lead.construction_type_id.project_template_id
            wizard.user_id = project.user_id or lead.planned_manager_id or self.env["res.users"].browse(self.env.uid)
            wizard.task_detail = project.task_detail or lead.construction_type_id.task_detail or "chapter"
            start = lead._get_start_to_propose() if lead else fields.Date.context_today(wizard)
            wizard.date_start = wizard.date_base = (wizard.is_top_up and project.date_start) or start

    @api.depends("stage_line_ids.project_stage_id", "project_id")
    def _compute_available_stage_ids(self):
        for wizard in self:
            stages = wizard.project_id.milestone_ids.project_stage_id | wizard.stage_line_ids.project_stage_id
            wizard.available_stage_ids = stages

    @api.depends("stage_line_ids.deadline", "date_start")
    def _compute_date_end(self):
        for wizard in self:
            ends = [line.deadline for line in wizard.stage_line_ids if line.deadline]
            wizard.date_end = max([wizard.date_start, *ends]) if ends and wizard.date_start else False

    @api.depends("template_id", "date_start")
    def _compute_template_dates(self):
        """Say between which days the tasks of the template fall, moved to the start of this project."""
        for wizard in self:
            days = wizard.template_id and wizard.date_start and wizard._get_template_days()
            wizard.template_dates = bool(days) and self.env._(
                "due from %(first)s to %(last)s",
                first=format_date(self.env, days[0]),
                last=format_date(self.env, days[-1]),
            )

    @api.depends("template_id")
    def _compute_template_task_count(self):
        for wizard in self:
            wizard.template_task_count = self.env["project.task"].search_count(
                [("project_id", "=", wizard.template_id.id), ("project_id", "!=", False)]
            )

    @api.depends("lead_id")
    def _compute_stage_line_ids(self):
        for wizard in self:
            rows = []
            if wizard.lead_id and not wizard.project_id.stage_milestone_count:
                rows = wizard.lead_id._prepare_stage_rows(wizard.date_start)
            wizard.stage_line_ids = [Command.clear()] + [
                Command.create({**row, "sequence": sequence}) for sequence, row in enumerate(rows)
            ]

    @api.depends("lead_id", "task_detail")
    def _compute_task_line_ids(self):
        for wizard in self:
            rows = wizard._prepare_task_rows() if wizard.lead_id else []
            wizard.task_line_ids = [Command.clear()] + [
                Command.create({**row, "sequence": sequence}) for sequence, row in enumerate(rows)
            ]

    @api.depends("template_id", "lead_id")
    def _compute_role_line_ids(self):
        for wizard in self:
            lead = wizard.lead_id
            # A project that runs has its people.
            roles = self.env["project.role"] if wizard.is_top_up else lead._get_roles_to_fill(wizard.template_id)
            people = lead._propose_people(roles) if lead else {}
            known = {line.role_id: line.user_ids.ids for line in wizard.role_line_ids}
            wizard.role_line_ids = [Command.clear()] + [
                Command.create(
                    {
                        "role_id": role.id,
                        "user_ids": [Command.set(known.get(role) or people[role].ids)],
                        "without_user": lead._name_people_without_user(
                            lead.member_ids.filtered(lambda member: member.role_id == role and not member.user_id)  # noqa: B023
                        ),
                    }
                )
                for role in roles
            ]

    @api.depends("task_line_ids.allocated_hours", "task_line_ids.project_stage_id")
    def _compute_totals(self):
        for wizard in self:
            wizard.chapter_count = len(wizard.task_line_ids)
            wizard.unstaged_count = len(wizard.task_line_ids.filtered(lambda line: not line.project_stage_id))
            wizard.hours_total = sum(wizard.task_line_ids.mapped("allocated_hours"))

    # ------------------------------------------------------------
    # ONCHANGE
    # ------------------------------------------------------------

    @api.onchange("date_start")
    def _onchange_date_start(self):
        """Move the dates of the stages with the start, by as many working days."""
        if self.date_start and self.date_base and self.date_start != self.date_base:
            days = WorkDays(self.company_id or self.env.company)
            for line in self.stage_line_ids:
                line.date_start = days.move(line.date_start, self.date_base, self.date_start)
                line.deadline = days.move(line.deadline, self.date_base, self.date_start)
        self.date_base = self.date_start or self.date_base

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_start(self):
        """Start the project, or add to it, and open it."""
        self.ensure_one()
        if not (self.name or "").strip():
            raise UserError(self.env._("The project needs a name."))
        project = self.lead_id._start_project(self._prepare_answers())
        return project.action_view_construction_project()

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _prepare_answers(self):
        """Return what was asked, as ``crm.lead._start_project`` takes it."""
        self.ensure_one()
        stages = self.stage_line_ids.sorted(lambda line: (line.sequence, line.id))
        return {
            "name": self.name,
            "user_id": self.user_id.id,
            "date_start": self.date_start,
            "date": self.date_end,
            "template_id": self.template_id.id,
            "task_detail": self.task_detail,
            "stages": [line._prepare_row() for line in stages],
            "roles": {line.role_id.id: line.user_ids.ids for line in self.role_line_ids},
            # sudo: only the id of the chapter, or of its part, is taken
            "tasks": {
                (line.sudo().part_line_id or line.sudo().chapter_line_id).id: {
                    "name": line.name,
                    "allocated_hours": line.allocated_hours,
                    "project_stage_id": line.project_stage_id.id,
                }
                for line in self.task_line_ids
            },
        }

    def _prepare_task_rows(self):
        """List the tasks that will be made for chapters, stage after stage."""
        self.ensure_one()
        chapters = self.lead_id._get_chapters_without_task(self.project_id)
        units = self.project_id._get_units_without_task(chapters, self.task_detail)
        components = self.env["sale.order.line"].union(*(own for _chapter, _part, own in units))
        hours = components._get_hours_by_line()
        stages = self.available_stage_ids or self.stage_line_ids.project_stage_id
        place = {stage.id: number for number, stage in enumerate(stages)}
        rows = []
        for chapter, part, own in units:
            line = part or chapter
            quantity, uom = line._get_works_quantity()
            rows.append(
                {
                    "chapter_line_id": chapter.id,
                    "part_line_id": part.id,
                    "name": line._get_chapter_task_name(),
                    "quantity": quantity,
                    "uom_name": uom.name,
                    "allocated_hours": max(sum(hours.get(component, 0.0) for component in own), 0.0),
                    "project_stage_id": (chapter._get_stage_of_works(part) & stages).id,
                }
            )
        self._complete_task_rows(rows, units)
        return sorted(rows, key=lambda row: place.get(row["project_stage_id"], len(place)))

    def _complete_task_rows(self, rows, units):
        """Add to the rows of tasks what other files ask about them.

        :param list rows: values, changed in place
        :param list units: what each of them carries out: ``(chapter line, part line, component lines)``
        """

    def _get_template_days(self):
        """List the days the tasks of the template fall on, in order."""
        start = self.template_id._get_template_start()
        tasks = self.env["project.task"].with_context(active_test=False)
        dated = tasks.search([("project_id", "=", self.template_id.id), ("date_deadline", "!=", False)])
        days = WorkDays(self.company_id or self.env.company)
        return sorted(
            days.move(fields.Datetime.context_timestamp(task, task.date_deadline).date(), start, self.date_start)
            for task in dated
        )
