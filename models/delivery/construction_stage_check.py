from odoo import api, fields, models
from odoo.exceptions import UserError

# Written by ticking only.
TICK_FIELDS = {"done_by_id", "date_done"}


class ConstructionStageCheckTemplate(models.Model):
    """What has to be checked before a stage of works counts as reached, for every project."""

    _name = "construction.stage.check.template"
    _description = "Usual Check of a Stage"
    _order = "project_stage_id, sequence, id"

    project_stage_id = fields.Many2one("project.project.stage", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Check", required=True, translate=True)
    is_required = fields.Boolean(
        string="Required",
        default=True,
        help="The stage is not reached before this is ticked. A manager may go on with a written reason.",
    )

    def _prepare_check_values(self, milestone):
        """Values of this check on a stage of a project."""
        self.ensure_one()
        return {
            "milestone_id": milestone.id,
            "template_id": self.id,
            "sequence": self.sequence,
            "name": self.name,
            "is_required": self.is_required,
        }


class ConstructionStageCheck(models.Model):
    """One row of the checklist of a stage of a project."""

    _name = "construction.stage.check"
    _description = "Check of a Stage"
    _order = "milestone_id, sequence, id"

    milestone_id = fields.Many2one(
        "project.milestone",
        string="Stage",
        required=True,
        index=True,
        ondelete="cascade",
    )
    project_id = fields.Many2one(related="milestone_id.project_id")
    template_id = fields.Many2one(
        "construction.stage.check.template",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        export_string_translation=False,
    )
    sequence = fields.Integer(default=100)
    name = fields.Char(string="Check", required=True)
    is_required = fields.Boolean(string="Required", help="The stage is not reached before this is ticked.")
    is_done = fields.Boolean(string="Done", copy=False)
    done_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="set null")
    date_done = fields.Datetime(string="Done On", readonly=True, copy=False)
    note = fields.Char(help="What was found, a number of a document, where it is kept.")

    _template_uniq = models.UniqueIndex(
        "(milestone_id, template_id) WHERE template_id IS NOT NULL",
        "This check is already on the list of this stage.",
    )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        checks = super().create([self._add_tick(vals) for vals in vals_list])
        checks._check_open()
        return checks

    def write(self, vals):
        self._check_open()
        if "milestone_id" in vals and any(check.milestone_id.id != vals["milestone_id"] for check in self):
            raise UserError(self.env._("A check stays with its stage. Add it to the other one by hand."))
        if "is_done" not in vals:
            if vals.keys() & {"is_required", "name"}:
                self._check_may_loosen()
            return super().write(self._drop_ticks(vals))
        changed = self.filtered(lambda check: check.is_done != bool(vals["is_done"]))
        rest = self - changed
        if rest and (plain := {key: value for key, value in vals.items() if key != "is_done"}):
            rest.write(plain)
        return super(ConstructionStageCheck, changed).write(self._add_tick(vals))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_needed(self):
        self._check_open()
        self._check_may_loosen()

    # === ACTION === #

    def action_toggle_done(self):
        """Tick, or untick: one big button on a phone."""
        for check in self:
            check.is_done = not check.is_done
        return True

    # === BUSINESS === #

    @api.model
    def _drop_ticks(self, vals):
        return {key: value for key, value in vals.items() if key not in TICK_FIELDS}

    @api.model
    def _add_tick(self, vals):
        """Who ticked and when is noted by itself, never given."""
        vals = self._drop_ticks(vals)
        if "is_done" in vals:
            done = bool(vals["is_done"])
            vals["done_by_id"] = done and self.env.uid
            vals["date_done"] = done and fields.Datetime.now()
        return vals

    def _check_open(self):
        """The checklist of a stage that is reached stays as it was."""
        for milestone in self.milestone_id.filtered(lambda stage: stage.project_stage_id and stage.is_reached):
            raise UserError(
                self.env._(
                    "The stage %(stage)s is reached: its checklist stays as it is. Undo the stage first.",
                    stage=milestone.name,
                )
            )

    def _check_may_loosen(self):
        """What the firm requires of a stage is taken off by the manager of the project only."""
        required = self.filtered(lambda check: check.is_required and check.template_id)
        if required:
            required.milestone_id.project_id._check_is_manager()

    def _get_holds(self):
        """Sentences on the required checks that are not ticked."""
        return [
            self.env._("“%(check)s” is not ticked.", check=check.name)
            for check in self
            if check.is_required and not check.is_done
        ]
