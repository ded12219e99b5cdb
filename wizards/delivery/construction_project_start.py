from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


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
    user_id = fields.Many2one(
        "res.users",
        string="Project Manager",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    date_start = fields.Date(
        string="Start Date",
        required=True,
        default=fields.Date.context_today,
        help="Changing it moves the stages along.",
    )
    date_base = fields.Date(default=fields.Date.context_today, export_string_translation=False)
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

    @api.depends("lead_id")
    def _compute_answers(self):
        for wizard in self:
            wizard.name = wizard.project_id.name or wizard.lead_id.name
            wizard.template_id = not wizard.project_id and wizard.lead_id.construction_type_id.project_template_id

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

    @api.depends("lead_id")
    def _compute_task_line_ids(self):
        hour = self.env.ref("uom.product_uom_hour")
        for wizard in self:
            chapters = wizard.lead_id and wizard.lead_id._get_chapters_without_task(wizard.project_id)
            wizard.task_line_ids = [Command.clear()] + [
                Command.create(
                    {
                        "sequence": sequence,
                        "chapter_line_id": section.id,
                        "name": section._get_chapter_task_name(),
                        "quantity": section.chapter_quantity,
                        "uom_name": section.chapter_uom_id.name,
                        "allocated_hours": components._get_labour_hours(hour),
                        "project_stage_id": wizard._get_stage_of_chapter(section).id,
                    }
                )
                for sequence, (section, components) in enumerate(chapters or [])
            ]

    @api.depends("template_id")
    def _compute_role_line_ids(self):
        for wizard in self:
            roles = wizard.template_id.with_context(active_test=False).tasks.role_ids.filtered("active")
            known = {line.role_id: line.user_ids.ids for line in wizard.role_line_ids}
            wizard.role_line_ids = [Command.clear()] + [
                Command.create({"role_id": role.id, "user_ids": [Command.set(known.get(role, []))]}) for role in roles
            ]

    @api.depends("task_line_ids.allocated_hours")
    def _compute_totals(self):
        for wizard in self:
            wizard.chapter_count = len(wizard.task_line_ids)
            wizard.hours_total = sum(wizard.task_line_ids.mapped("allocated_hours"))

    # ------------------------------------------------------------
    # ONCHANGE
    # ------------------------------------------------------------

    @api.onchange("date_start")
    def _onchange_date_start(self):
        """Move the dates of the stages with the start."""
        if self.date_start and self.date_base:
            shift = self.date_start - self.date_base
            for line in self.stage_line_ids:
                line.date_start = line.date_start and line.date_start + shift
                line.deadline = line.deadline and line.deadline + shift
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
        ends = [line.deadline for line in stages if line.deadline]
        return {
            "name": self.name,
            "user_id": self.user_id.id,
            "date_start": self.date_start,
            "date": max([self.date_start, *ends]) if ends else False,
            "template_id": self.template_id.id,
            "stages": [line._prepare_row() for line in stages],
            "roles": {line.role_id.id: line.user_ids.ids for line in self.role_line_ids},
            # sudo: only the id of the chapter is taken
            "tasks": {
                line.sudo().chapter_line_id.id: {
                    "name": line.name,
                    "allocated_hours": line.allocated_hours,
                    "project_stage_id": line.project_stage_id.id,
                }
                for line in self.task_line_ids
            },
        }

    def _get_stage_of_chapter(self, section):
        """Return the stage of works of the chapter's item when the project goes through it."""
        self.ensure_one()
        stages = self.project_id.milestone_ids.project_stage_id or self.stage_line_ids.project_stage_id
        return section.chapter_product_id.construction_stage_id & stages


class ConstructionProjectStartStage(models.TransientModel):
    _name = "construction.project.start.stage"
    _description = "Stage of a Project to Start"
    _order = "sequence, id"

    wizard_id = fields.Many2one("construction.project.start", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    project_stage_id = fields.Many2one("project.project.stage", string="Stage", required=True, ondelete="cascade")
    date_start = fields.Date(string="Start")
    deadline = fields.Date(string="End")
    weight = fields.Float(
        string="Weight (%)",
        digits=(5, 2),
        help="Share of the whole works. The weights are scaled to 100 % when the project starts.",
    )

    def _prepare_row(self):
        self.ensure_one()
        return {
            "project_stage_id": self.project_stage_id.id,
            "date_start": self.date_start,
            "deadline": self.deadline,
            "weight": self.weight,
        }


class ConstructionProjectStartTask(models.TransientModel):
    _name = "construction.project.start.task"
    _description = "Task of a Project to Start"
    _order = "sequence, id"

    wizard_id = fields.Many2one("construction.project.start", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    chapter_line_id = fields.Many2one("sale.order.line", string="Chapter", required=True, ondelete="cascade")
    name = fields.Char(string="Task", required=True)
    quantity = fields.Float(digits="Product Unit", readonly=True)
    uom_name = fields.Char(string="Unit", readonly=True)
    allocated_hours = fields.Float(string="Hours", help="Proposed from the labour in the chapter, in hours.")
    project_stage_id = fields.Many2one("project.project.stage", string="Stage", ondelete="cascade")


class ConstructionProjectStartRole(models.TransientModel):
    _name = "construction.project.start.role"
    _description = "Role in a Project to Start"

    wizard_id = fields.Many2one("construction.project.start", required=True, index=True, ondelete="cascade")
    role_id = fields.Many2one("project.role", required=True, ondelete="cascade")
    user_ids = fields.Many2many("res.users", string="People", domain="[('share', '=', False)]")
