from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core.estimate import answers
from .construction_sheet_template_question import QUESTION_KINDS
from .fault import Fault


class ConstructionEvaluationAnswer(models.Model):
    """A question of an evaluation sheet and what was found on site."""

    _name = "construction.evaluation.answer"
    _inherit = ["construction.evaluation.part"]
    _description = "Evaluation Sheet Answer"
    _order = "evaluation_id, sequence, id"

    evaluation_id = fields.Many2one(
        "construction.evaluation",
        string="Evaluation Sheet",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Question", required=True)
    kind = fields.Selection(QUESTION_KINDS, default="text", required=True)
    choices = fields.Text(help="One a line.")
    is_mandatory = fields.Boolean(string="Mandatory")
    value = fields.Char(
        string="What Was Found",
        help="What was found: “yes” or “no”, one of the choices, a number or a text.",
    )
    answer = fields.Char(compute="_compute_answer")

    # === COMPUTE === #

    @api.depends("kind", "value")
    def _compute_answer(self):
        words = {"yes": self.env._("Yes"), "no": self.env._("No")}
        for answer in self:
            answer.answer = words.get(answer.value, answer.value) if answer.kind == "yes_no" else answer.value

    # === CONSTRAINTS === #

    @api.constrains("kind", "value", "choices")
    def _check_value(self):
        for answer in self.filtered("value"):
            if not answers.is_answer(answer.kind, answer.value, answers.split_choices(answer.choices)):
                raise ValidationError(answer._get_value_message())

    def _get_value_message(self):
        self.ensure_one()
        if self.kind == "number":
            return self.env._("“%(value)s” is no number: %(question)s", value=self.value, question=self.name)
        return self.env._(
            "“%(value)s” is none of the answers to choose from: %(question)s",
            value=self.value,
            question=self.name,
        )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._clean_values(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._clean_values(vals))

    # === BUSINESS === #

    def _get_faults(self):
        """List the mandatory questions nobody has answered."""
        return [
            Fault("question", answer, self.env._("Not answered yet: %(question)s", question=answer.name))
            for answer in self
            if answer.is_mandatory and not answer.value
        ]

    @api.model
    def _clean_values(self, vals):
        if isinstance(vals.get("value"), str):
            return dict(vals, value=vals["value"].strip() or False)
        return vals
