from odoo import api, fields, models
from odoo.exceptions import ValidationError

QUESTION_KINDS = [
    ("yes_no", "Yes or No"),
    ("choice", "One of Several"),
    ("number", "Number"),
    ("text", "Text"),
]


class ConstructionSheetTemplateQuestion(models.Model):
    """A question whoever measures has to answer on site: access, power, asbestos…"""

    _name = "construction.sheet.template.question"
    _description = "Sheet Template Question"
    _order = "template_id, sequence, id"

    template_id = fields.Many2one("construction.sheet.template", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Question", required=True, translate=True)
    kind = fields.Selection(QUESTION_KINDS, string="Answer", default="yes_no", required=True)
    choices = fields.Text(translate=True, help="One a line.")
    is_mandatory = fields.Boolean(
        string="Mandatory", default=True, help="The sheet cannot be final before this question is answered."
    )

    @api.constrains("kind", "choices")
    def _check_choices(self):
        for question in self:
            if question.kind == "choice" and len((question.choices or "").split("\n")) < 2:
                raise ValidationError(
                    self.env._(
                        "The question “%(question)s” needs at least two choices, one a line.",
                        question=question.name,
                    )
                )

    def _prepare_answer_values(self):
        """Give the values of the answer to be filled in: a sheet keeps its questions as they were asked."""
        self.ensure_one()
        return {
            "sequence": self.sequence,
            "name": self.name,
            "kind": self.kind,
            "choices": self.choices if self.kind == "choice" else False,
            "is_mandatory": self.is_mandatory,
        }
