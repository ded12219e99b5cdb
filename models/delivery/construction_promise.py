from odoo import api, fields, models
from odoo.exceptions import UserError


class ConstructionPromise(models.Model):
    """What was promised to the client by word of mouth, so that whoever builds knows of it."""

    _name = "construction.promise"
    _description = "Promise to the Client"
    _order = "lead_id, date, id"

    lead_id = fields.Many2one("crm.lead", string="Deal", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="lead_id.company_id")
    handoff_id = fields.Many2one(
        "construction.handoff",
        string="Job Transfer",
        compute="_compute_handoff_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="set null",
    )
    project_id = fields.Many2one(related="lead_id.construction_project_id", string="Project")
    name = fields.Char(string="Promise", required=True)
    user_id = fields.Many2one(
        "res.users",
        string="Promised By",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    date = fields.Date(default=fields.Date.context_today)
    date_due = fields.Date(string="Until", help="When the client expects it.")
    state = fields.Selection(
        [("open", "Open"), ("kept", "Kept"), ("dropped", "No Longer Valid")],
        default="open",
        required=True,
    )
    task_id = fields.Many2one(
        "project.task",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The task that keeps this promise, made when the job transfer was accepted.",
    )

    # === COMPUTE === #

    @api.depends("lead_id.handoff_ids")
    def _compute_handoff_id(self):
        for promise in self:
            promise.handoff_id = promise.lead_id.handoff_ids[:1]

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        self._fill_deals(vals_list)
        promises = super().create(vals_list)
        # What is promised after the job transfer was accepted would else be lost again.
        # sudo: a salesperson promises, the task belongs to those who build
        accepted = promises.sudo().handoff_id.filtered(lambda handoff: handoff.state == "accepted")
        accepted._make_promise_tasks()
        return promises

    def _fill_deals(self, vals_list):
        """A promise written in a job transfer belongs to the deal of that job transfer."""
        for vals in vals_list:
            if vals.get("handoff_id") and not vals.get("lead_id"):
                handoff = self.env["construction.handoff"].browse(vals["handoff_id"])
                handoff.check_access("read")
                # sudo: a project manager may not read the deal; only the link is taken
                vals["lead_id"] = handoff.sudo().lead_id.id

    @api.ondelete(at_uninstall=False)
    def _unlink_except_task(self):
        for promise in self:
            if promise.task_id:
                raise UserError(
                    self.env._(
                        "The promise “%(promise)s” has a task in the project. Set it to No Longer Valid instead of "
                        "deleting it.",
                        promise=promise.name,
                    )
                )

    # === BUSINESS === #

    def _relink_lead(self, lead):
        """Carry these promises over to another deal."""
        self.lead_id = lead

    def _prepare_task_values(self):
        """Values of the task that keeps this promise."""
        self.ensure_one()
        # sudo: the name of a colleague
        who = self.sudo().user_id.name
        said = (
            self.env._("Promised to the client by %(user)s on %(date)s.", user=who, date=self.date)
            if who and self.date
            else self.env._("Promised to the client.")
        )
        return {
            "name": self.env._("Promise: %(promise)s", promise=self.name),
            "description": said,
            "date_deadline": self.date_due and fields.Datetime.to_datetime(self.date_due).replace(hour=15),
            "user_ids": [],
        }
