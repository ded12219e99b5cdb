from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

REQUIREMENTS = [("none", "Nothing"), ("summary", "A summary of a contact")]


class ConstructionStepType(models.Model):
    """A responsibility on the way to the contract, as the consultant configures it."""

    _name = "construction.step.type"
    _description = "Step Type"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=100, help="Steps follow one another in this order; a new one comes last.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Leave empty to use this step in every company.")
    construction_type_ids = fields.Many2many(
        "construction.type",
        check_company=True,
        help="Only deals of these types take this step. Leave empty for all of them.",
    )
    stage_id = fields.Many2one(
        "crm.stage",
        index="btree_not_null",
        ondelete="set null",
        help="Opening this step moves the deal to this stage, and moving the deal there opens this step.",
    )
    done_stage_id = fields.Many2one(
        "crm.stage",
        string="Stage When Done",
        index="btree_not_null",
        ondelete="set null",
        help="Closing this step moves the deal to this stage, unless the next step has a stage of its own.",
    )
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        index="btree_not_null",
        ondelete="set null",
        domain="['|', ('res_model', '=', False), ('res_model', '=', 'crm.lead')]",
        help="The activity its owner finds among his activities. Without one it is a to-do.",
    )
    delay_days = fields.Integer(
        string="Days",
        default=3,
        help="Days from opening this step to its deadline.",
    )
    requirement = fields.Selection(
        REQUIREMENTS,
        string="Done With",
        default="none",
        required=True,
        help="What there must be before this step can be closed.",
    )
    closes_itself = fields.Boolean(
        string="Closes by Itself",
        help="As soon as there is what it is done with, this step closes and the next one opens. "
        "Otherwise a note on the deal proposes it.",
    )
    is_gate = fields.Boolean(
        string="Gate",
        help="A deal cannot go beyond the stage of this step before there is what it is done with. "
        "Sales managers may let a deal pass, with a written reason.",
    )
    instructions = fields.Text(translate=True, help="What is to be done in this step; shown to its owner.")

    _delay_days_not_negative = models.Constraint(
        "CHECK(delay_days >= 0)",
        "The days of a step type cannot be negative.",
    )

    # === CONSTRAINT === #

    @api.constrains("is_gate", "requirement")
    def _check_gate(self):
        for kind in self:
            if kind.is_gate and kind.requirement == "none":
                raise ValidationError(
                    self.env._(
                        "“%(step)s” is a gate, so say what it is done with: without a condition every deal would pass.",
                        step=kind.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: a step the user may not see holds its type all the same
        step = self.env["construction.step"].sudo().search([("type_id", "in", self.ids)], limit=1)
        if step:
            raise UserError(
                self.env._(
                    "Deals have taken the step “%(step)s”. Archive it instead of deleting it.",
                    step=step.type_id.name,
                )
            )

    # === ACTION === #

    def action_link_stages(self):
        """Propose a stage for each step type without one: the stages of the pipeline in their order.

        Nothing that was chosen changes, and no stage is made.
        """
        kinds = self.search([("active", "=", True)])
        open_stages = self.env["crm.stage"].search([("is_won", "=", False), ("team_ids", "=", False)])
        free = open_stages - kinds.stage_id
        linked = self.browse()
        for kind in kinds.filtered(lambda kind: not kind.stage_id):
            before = kinds[: kinds.ids.index(kind.id)].stage_id
            floor = max(before.mapped("sequence"), default=None)
            stage = free.filtered(lambda stage, floor=floor: floor is None or stage.sequence > floor)[:1]
            if stage:
                kind.stage_id = stage
                free -= stage
                linked += kind
        if linked:
            message = self.env._(
                "Linked to stages: %(steps)s. Please check them.", steps=", ".join(linked.mapped("name"))
            )
        else:
            message = self.env._("There is no free stage left to propose.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "success" if linked else "warning",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # === BUSINESS === #

    def _applies_to(self, lead):
        """Whether deals like this one take this step."""
        self.ensure_one()
        kinds = self.construction_type_ids
        return (not kinds or lead.construction_type_id in kinds) and (
            not self.company_id or not lead.company_id or self.company_id == lead.company_id
        )

    def _stays_after_win(self):
        """Whether this step is still to be done on a deal that is won, as signing its contract is."""
        return False

    def _get_next(self, lead):
        """The step type after this one on that deal; empty after the last."""
        self.ensure_one()
        kinds = lead._get_step_types()
        later = kinds.filtered(lambda kind: (kind.sequence, kind.id) > (self.sequence, self.id))
        return later[:1]
