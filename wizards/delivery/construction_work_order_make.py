from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import float_is_zero

from ...models.pipeline.row_lock import take


class ConstructionWorkOrderMake(models.TransientModel):
    """Chooses the chapters of a work order: those of a stage, of tasks, or all that are left."""

    _name = "construction.work.order.make"
    _description = "Make Work Order"

    project_id = fields.Many2one("project.project", required=True, readonly=True, ondelete="cascade")
    stage_ids = fields.Many2many(
        "project.project.stage",
        compute="_compute_stage_ids",
        export_string_translation=False,
    )
    project_stage_id = fields.Many2one(
        "project.project.stage",
        string="Stage of Works",
        domain="[('id', 'in', stage_ids)]",
        help="Lists the chapters of this stage only.",
    )
    task_ids = fields.Many2many("project.task", string="Tasks")
    crew_id = fields.Many2one(
        "construction.crew",
        compute="_compute_crew_id",
        store=True,
        readonly=False,
        domain="[('company_id', 'in', [company_id, False])]",
    )
    company_id = fields.Many2one(related="project_id.company_id")
    user_id = fields.Many2one(
        "res.users",
        string="Foreman",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        domain="[('share', '=', False)]",
    )
    date_start = fields.Date(
        string="Start",
        compute="_compute_dates",
        # proposed: when these works are planned
        store=True,
        readonly=False,
    )
    date_end = fields.Date(
        string="End",
        compute="_compute_dates",
        # as above
        store=True,
        readonly=False,
    )
    line_ids = fields.One2many(
        "construction.work.order.make.line",
        "make_id",
        string="Chapters",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    work_order_id = fields.Many2one(
        "construction.work.order",
        readonly=True,
        help="The order this dialog has made: pressed twice, it is one.",
    )

    # === COMPUTE === #

    @api.depends("project_id")
    def _compute_stage_ids(self):
        for wizard in self:
            wizard.stage_ids = wizard.project_id._get_work_positions().project_stage_id

    @api.depends("project_id", "project_stage_id", "task_ids")
    def _compute_crew_id(self):
        """Propose the crew of the tasks, where it is just one."""
        for wizard in self:
            crews = wizard._get_positions().task_ids.crew_id
            wizard.crew_id = crews if len(crews) == 1 else wizard.crew_id

    @api.depends("crew_id")
    def _compute_user_id(self):
        for wizard in self:
            wizard.user_id = wizard.crew_id.leader_id or wizard.user_id

    @api.depends("project_id", "project_stage_id", "task_ids")
    def _compute_dates(self):
        """Propose the days the chosen works are planned on, but none that has passed; of all works, today."""
        today = fields.Date.context_today(self)
        for wizard in self:
            start, end = wizard._get_planned_days()
            wizard.date_start = max(start or today, today)
            wizard.date_end = end and end >= wizard.date_start and end

    @api.depends("project_id", "project_stage_id", "task_ids")
    def _compute_line_ids(self):
        for wizard in self:
            positions = wizard._get_positions()
            rows = [
                {"position_id": position.id, "quantity_left": left, "quantity": left}
                for position, left in positions._get_quantities_left().items()
                if left or wizard.task_ids
            ]
            wizard.line_ids = [Command.clear(), *(Command.create(row) for row in rows)]

    # === ACTION === #

    def action_make(self):
        """Make the work order, once, and open it.

        :raises UserError: when nothing was chosen
        """
        self.ensure_one()
        # Whoever waited here runs again, and finds the order.
        take(self)
        if not self.work_order_id:
            self.work_order_id = self.env["construction.work.order"].create(self._prepare_work_order_values())
        return {
            "type": "ir.actions.act_window",
            "res_model": "construction.work.order",
            "res_id": self.work_order_id.id,
            "views": [(False, "form")],
        }

    # === BUSINESS === #

    def _get_positions(self):
        self.ensure_one()
        positions = self.project_id._get_work_positions()
        if self.task_ids:
            positions = positions.filtered(lambda position: position.chapter_line_id in self.task_ids.chapter_line_id)
        if self.project_stage_id:
            positions = positions.filtered(lambda position: position.project_stage_id == self.project_stage_id)
        return positions

    def _get_planned_days(self):
        """The first and the last day planned for the chosen tasks or the stage; False where none is known."""
        self.ensure_one()
        if not self.task_ids and not self.project_stage_id:
            return False, False
        tasks = self.task_ids or self._get_positions().task_ids
        stages = tasks.milestone_id or self.project_id.milestone_ids.filtered(
            lambda stage: stage.project_stage_id == self.project_stage_id
        )
        starts = [day for day in tasks.mapped("date_work_start") if day]
        starts = starts or [day for day in stages.mapped("date_start") if day]
        ends = [day.date() for day in tasks.mapped("date_deadline") if day]
        ends = ends or [day for day in stages.mapped("deadline") if day]
        return min(starts, default=False), max(ends, default=False)

    def _prepare_work_order_values(self):
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        chosen = self.line_ids.filtered(lambda line: not float_is_zero(line.quantity, precision_digits=digits))
        if not chosen:
            raise UserError(self.env._("Choose at least one chapter, and say how much of it is to be done."))
        commands = self.env["construction.work.order"]._prepare_line_commands(
            {line.position_id: line.quantity for line in chosen}
        )
        return {
            "project_id": self.project_id.id,
            "crew_id": self.crew_id.id,
            "user_id": self.user_id.id,
            "date_start": self.date_start,
            "date_end": self.date_end,
            "line_ids": commands,
        }


class ConstructionWorkOrderMakeLine(models.TransientModel):
    """A chapter that can be put on the work order; 0 leaves it out."""

    _name = "construction.work.order.make.line"
    _description = "Chapter for a Work Order"

    make_id = fields.Many2one("construction.work.order.make", required=True, ondelete="cascade")
    position_id = fields.Many2one("construction.position", string="Chapter", required=True, ondelete="cascade")
    uom_id = fields.Many2one(related="position_id.uom_id")
    project_stage_id = fields.Many2one(related="position_id.project_stage_id")
    quantity_left = fields.Float(string="Left", digits="Product Unit", min_display_digits=2, readonly=True)
    quantity = fields.Float(
        string="To Do", digits="Product Unit", min_display_digits=2, help="0 leaves the chapter out."
    )
