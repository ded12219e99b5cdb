from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class ConstructionEvaluation(models.Model):
    """A sheet starts with the items and the questions of a template."""

    _inherit = "construction.evaluation"

    sheet_template_id = fields.Many2one(
        "construction.sheet.template",
        compute="_compute_sheet_template_id",
        store=True,
        readonly=False,
        copy=False,
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The items to measure and the questions to ask that this sheet started with.",
    )
    answer_ids = fields.One2many("construction.evaluation.answer", "evaluation_id", string="Questions", copy=True)

    # === COMPUTE === #

    @api.depends("construction_type_id")
    def _compute_sheet_template_id(self):
        """Propose the template of the type as long as nothing was put on the sheet."""
        for sheet in self:
            if not (sheet._is_locked() or sheet.sheet_template_id or sheet.line_ids or sheet.answer_ids):
                # sudo: a surveyor has no right on the deal; which template its type has, is no secret.
                template = sheet.lead_id.sudo().construction_type_id.sheet_template_id
                fits = template.active and template.company_id in (sheet.company_id, template.company_id.browse())
                sheet.sheet_template_id = template.sudo(False) if fits else False

    # === ONCHANGE === #

    @api.onchange("sheet_template_id")
    def _onchange_sheet_template_id(self):
        """Show what a new sheet starts with before it is saved."""
        if not self._origin and self.sheet_template_id and not self.line_ids and not self.answer_ids:
            self.update(self._prepare_template_values())

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        sheets = super().create(vals_list)
        for sheet, vals in zip(sheets, vals_list, strict=True):
            # What is given stands: a copy, an import or a form that showed the template already.
            if sheet.sheet_template_id and not vals.get("line_ids") and not vals.get("answer_ids"):
                sheet.write(sheet._prepare_template_values())
        return sheets

    # === ACTION === #

    def action_load_template(self):
        """Add the items and questions of the template that are not on the sheet yet."""
        self.ensure_one()
        self.check_access("write")
        self._check_lines_writable()
        if not self.sheet_template_id:
            raise UserError(self.env._("Choose a template for %(sheet)s first.", sheet=self.display_name))
        self._lock_sheets()
        self.invalidate_recordset(["line_ids", "answer_ids"])
        values = self._prepare_template_values()
        if any(values.values()):
            self.write(values)
        return True

    def action_save_as_template(self):
        """Make a template of what stands on the sheet, without its quantities and answers."""
        self.ensure_one()
        template = self.env["construction.sheet.template"].create(self._prepare_sheet_template_values())
        return {
            "type": "ir.actions.act_window",
            "res_model": template._name,
            "res_id": template.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    # === BUSINESS === #

    def _prepare_template_values(self):
        """Give what the template adds to the sheet: what is not there yet."""
        self.ensure_one()
        items = {(line.product_id.id, (line.zone or "").strip().casefold()) for line in self.line_ids}
        template = self.sheet_template_id.with_context(lang=self.user_id.lang or self.env.lang)
        return {
            "line_ids": template._prepare_sheet_lines(items),
            "answer_ids": template._prepare_sheet_answers(set(self.answer_ids.mapped("name"))),
        }

    def _prepare_sheet_template_values(self):
        return {
            "name": self.env._(
                "%(type)s, as on %(sheet)s",
                type=self.construction_type_id.name or self.env._("Works"),
                sheet=self.display_name,
            ),
            "company_id": self.company_id.id,
            "line_ids": [
                Command.create(line._prepare_template_line_values())
                for line in self.line_ids.sorted(lambda line: (line.sequence, line.id))
                if line.product_id
            ],
            "question_ids": [
                Command.create(
                    {
                        "sequence": answer.sequence,
                        "name": answer.name,
                        "kind": answer.kind,
                        "choices": answer.choices,
                        "is_mandatory": answer.is_mandatory,
                    }
                )
                for answer in self.answer_ids
            ],
        }

    def _get_faults(self):
        return super()._get_faults() + self.answer_ids._get_faults()


class ConstructionEvaluationLine(models.Model):
    _inherit = "construction.evaluation.line"

    def write(self, vals):
        if "product_id" in vals and "is_proposed" not in vals:
            # Another item than the template proposed: somebody wants it.
            vals = dict(vals, is_proposed=False)
        return super().write(vals)

    def _prepare_template_line_values(self):
        self.ensure_one()
        return {
            "sequence": self.sequence,
            "product_id": self.product_id.id,
            "zone": self.zone,
            "uom_id": self.uom_id.id,
            "is_required": False,
        }
