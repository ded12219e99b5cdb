from odoo import api, fields, models


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
    task_count = fields.Integer(string="Tasks", compute="_compute_load")
    hours = fields.Float(compute="_compute_load", help="Planned hours of the chapters built in this stage.")

    @api.depends(
        "project_stage_id", "wizard_id.task_line_ids.project_stage_id", "wizard_id.task_line_ids.allocated_hours"
    )
    def _compute_load(self):
        for line in self:
            tasks = line.wizard_id.task_line_ids.filtered(
                lambda task: task.project_stage_id and task.project_stage_id == line.project_stage_id  # noqa: B023
            )
            line.task_count = len(tasks)
            line.hours = sum(tasks.mapped("allocated_hours"))

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
    part_line_id = fields.Many2one("sale.order.line", string="Part", ondelete="cascade")
    name = fields.Char(string="Task", required=True)
    quantity = fields.Float(digits="Product Unit", min_display_digits=2, readonly=True)
    uom_name = fields.Char(string="Unit", readonly=True)
    allocated_hours = fields.Float(string="Hours", help="Proposed from the labour in the chapter, in hours.")
    project_stage_id = fields.Many2one("project.project.stage", string="Stage", ondelete="cascade")
    date_start = fields.Date(string="Start", compute="_compute_dates", compute_sudo=True)
    deadline = fields.Date(string="End", compute="_compute_dates", compute_sudo=True)

    @api.depends(
        "project_stage_id",
        "wizard_id.stage_line_ids.project_stage_id",
        "wizard_id.stage_line_ids.date_start",
        "wizard_id.stage_line_ids.deadline",
        "wizard_id.project_id",
    )
    def _compute_dates(self):
        """A task is carried out in its stage: one being planned here, or one the project has."""
        for wizard, lines in self.grouped("wizard_id").items():
            dates = {m.project_stage_id: (m.date_start, m.deadline) for m in wizard.project_id.milestone_ids}
            dates |= {stage.project_stage_id: (stage.date_start, stage.deadline) for stage in wizard.stage_line_ids}
            for line in lines:
                found = dates.get(line.project_stage_id) if line.project_stage_id else None
                line.date_start, line.deadline = found or (False, False)


class ConstructionProjectStartRole(models.TransientModel):
    _name = "construction.project.start.role"
    _description = "Role in a Project to Start"

    wizard_id = fields.Many2one("construction.project.start", required=True, index=True, ondelete="cascade")
    role_id = fields.Many2one("project.role", required=True, ondelete="cascade")
    user_ids = fields.Many2many("res.users", string="People", domain="[('share', '=', False)]")
    without_user = fields.Char(
        string="Without a Login",
        readonly=True,
        help="People of the deal's team who do not work in Odoo: tasks of the role stay unassigned unless you choose "
        "somebody.",
    )
