from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# What only the buttons, winning and losing set.
STATE_FIELDS = {"state", "date_done", "done_by_id"}


class ConstructionDealTask(models.Model):
    """Something to do on a deal beside its steps, by people of its own choice."""

    _name = "construction.deal.task"
    _description = "To-Do on a Deal"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "state, date_deadline, id"
    _check_company_auto = True

    name = fields.Char(string="To-Do", required=True)
    lead_id = fields.Many2one("crm.lead", string="Deal", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="lead_id.company_id")
    partner_id = fields.Many2one(related="lead_id.partner_id", string="Client")
    user_ids = fields.Many2many(
        "res.users",
        string="Assignees",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        help="Who has to do it; need not be allowed to see the deal.",
    )
    date_deadline = fields.Date(string="Deadline", index=True, help="With one, it appears among the assignees' activities.")
    note = fields.Text()
    on_win = fields.Selection(
        [("carry", "Goes On in the Project"), ("close", "Is Closed")],
        string="When Won",
        default="carry",
        required=True,
        help="What becomes of it when the deal is won: a task of its project, or nothing.",
    )
    state = fields.Selection(
        [("open", "Open"), ("done", "Done"), ("carried", "In the Project"), ("dropped", "Dropped")],
        default="open",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    date_done = fields.Datetime(string="Closed", readonly=True, copy=False)
    done_by_id = fields.Many2one("res.users", string="Closed By", readonly=True, copy=False, ondelete="set null")
    is_overdue = fields.Boolean(compute="_compute_is_overdue", search="_search_is_overdue")

    # === COMPUTE === #

    @api.depends("date_deadline", "state")
    @api.depends_context("tz")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for task in self:
            task.is_overdue = bool(task.state == "open" and task.date_deadline and task.date_deadline < today)

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("state", "=", "open"), ("date_deadline", "<", fields.Date.context_today(self))]

    # === CONSTRAINT === #

    @api.constrains("user_ids")
    def _check_user_ids(self):
        for task in self:
            if not task.user_ids:
                raise ValidationError(self.env._("Say who has to do “%(task)s”.", task=task.name))

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(STATE_FIELDS & vals.keys() for vals in vals_list):
            raise UserError(self._get_state_message())
        tasks = super().create(vals_list)
        if not self.env.su:
            tasks.lead_id.check_access("read")
        tasks._sync_activities()
        return tasks

    def write(self, vals):
        if not self.env.su and (STATE_FIELDS & vals.keys() or any(vals.get("lead_id", t.lead_id.id) != t.lead_id.id for t in self)):
            raise UserError(self._get_state_message())
        res = super().write(vals)
        if vals.keys() & {"user_ids", "date_deadline", "name", "state"}:
            self._sync_activities()
        return res

    def _get_state_message(self):
        return self.env._("A to-do stays on its deal, and is closed by its buttons: Done or Reopen.")

    # === ACTION === #

    def action_done(self):
        """Close these to-dos; those closed already stay as they are."""
        self.check_access("write")
        # sudo: nobody else passes the guard of write()
        self.sudo().filtered(lambda task: task.state == "open")._set_state("done")
        return True

    def action_reopen(self):
        """Take up again what was closed by mistake."""
        self.check_access("write")
        # sudo: nobody else passes the guard of write()
        self.sudo().filtered(lambda task: task.state in ("done", "dropped"))._set_state("open")
        return True

    def action_open_lead(self):
        """Open the deal of this to-do."""
        self.ensure_one()
        return self.lead_id._get_records_action(name=self.env._("Deal"), views=[(False, "form")])

    # === BUSINESS === #

    def _set_state(self, state):
        closed = state != "open"
        self.write(
            {
                "state": state,
                "date_done": closed and fields.Datetime.now(),
                "done_by_id": closed and self.env.uid,
            }
        )

    def _sync_activities(self):
        """One activity for each assignee of an open to-do with a deadline, none otherwise."""
        todo = self.env["ir.model.data"]._xmlid_to_res_id("mail.mail_activity_data_todo")
        # sudo: whoever gives a colleague something to do puts it among his activities
        for task in self.sudo():
            wanted = task.user_ids if task.state == "open" and task.date_deadline else task.user_ids.browse()
            activities = task.activity_ids
            activities.filtered(lambda activity, wanted=wanted: activity.user_id not in wanted).unlink()
            activities = activities.exists()
            moved = activities.filtered(
                lambda activity, task=task: (activity.date_deadline, activity.summary) != (task.date_deadline, task.name)
            )
            moved.write({"date_deadline": task.date_deadline, "summary": task.name})
            for user in wanted - activities.user_id:
                task.activity_schedule(
                    activity_type_id=todo, date_deadline=task.date_deadline, summary=task.name, user_id=user.id
                )
