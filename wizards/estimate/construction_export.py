import base64
import re

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core.estimate import fiebdc, xlsx
from ...core.estimate.exchange.to_fiebdc import to_fiebdc
from ...models.estimate.draft_exporter import DraftExporter
from ...models.estimate.workbook_drafts import make_recipe_draft, make_sheet_draft

# Formats by name; `_write_<name>` gives the bytes of a draft. The name is the ending of the file too.
FORMATS = [
    ("bc3", "BC3 (FIEBDC-3)"),
    ("xlsx", "Spreadsheet (.xlsx)"),
    ("x84", "GAEB X84: offer with prices"),
    ("x83", "GAEB X83: tender without prices"),
]


class ConstructionExport(models.TransientModel):
    """Write a sheet, a quote or recipes to an exchange file."""

    _name = "construction.export"
    _description = "Export to an Exchange File"

    state = fields.Selection([("choose", "Choose"), ("done", "Done")], default="choose", readonly=True)
    evaluation_id = fields.Many2one("construction.evaluation", string="Evaluation Sheet", readonly=True)
    recipe_ids = fields.Many2many("construction.recipe", string="Recipes", readonly=True)
    format = fields.Selection(FORMATS, default="bc3", required=True)
    with_analysis = fields.Boolean(
        string="With Recipes and Costs",
        compute="_compute_with_analysis",
        store=True,
        readonly=False,
        groups="construction_crm.group_cost",
        help="Whoever gets the file sees what the items are made of and what that costs.",
    )
    bc3_charset = fields.Selection(
        [("ANSI", "ANSI (most programs)"), ("UTF-8", "UTF-8 (any letters)"), ("850", "850 (old programs)")],
        string="Character Set",
        default="ANSI",
        required=True,
    )
    bc3_version = fields.Selection(
        [
            ("FIEBDC-3/2020", "FIEBDC-3/2020"),
            ("FIEBDC-3/2016", "FIEBDC-3/2016"),
            ("FIEBDC-3/2012", "FIEBDC-3/2012"),
            ("FIEBDC-3/2004", "FIEBDC-3/2004"),
            ("FIEBDC-3/2002", "FIEBDC-3/2002"),
        ],
        string="Version",
        default="FIEBDC-3/2016",
        required=True,
    )
    file = fields.Binary(readonly=True, attachment=False)
    filename = fields.Char(readonly=True)

    # === COMPUTE === #

    @api.depends("evaluation_id", "recipe_ids")
    def _compute_with_analysis(self):
        for wizard in self:
            # A quote goes to the client: what it costs us does not, unless somebody says so.
            wizard.with_analysis = bool(wizard.evaluation_id or wizard.recipe_ids)

    # === ACTION === #

    def action_export(self):
        """Write the file and offer it for download.

        :raise UserError: when there is nothing to export
        """
        self.ensure_one()
        draft = self._make_draft()
        if not draft.items and not draft.resources:
            raise UserError(self.env._("There is nothing to export yet."))
        data = getattr(self, f"_write_{self.format}")(draft)
        self.write({"state": "done", "file": base64.b64encode(data), "filename": self._get_filename(draft)})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Export"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    # === BUSINESS === #

    def _make_draft(self):
        """Read what is exported, as far as the user may see it."""
        record = self._get_record()
        # The field itself needs the cost group.
        may_see = self.env.user.has_group("construction_crm.group_cost")
        exporter = DraftExporter(self.env, record.company_id[:1], with_analysis=may_see and self.with_analysis)
        if self.evaluation_id:
            return exporter.from_sheet(self.evaluation_id)
        return exporter.from_recipes(self.recipe_ids)

    def _get_record(self):
        record = self.evaluation_id or self.recipe_ids
        if not record:
            raise UserError(self.env._("Choose what to export: a sheet, a quote or recipes."))
        if len(record.company_id) > 1:
            raise UserError(self.env._("Export the recipes of one company at a time."))
        return record

    def _get_filename(self, draft):
        name = re.sub(r"[^\w .-]+", "_", draft.title or self.env._("export")).strip(". ")[:80]
        return f"{name or 'export'}.{self.format}"

    # === WRITING === #

    def _write_bc3(self, draft):
        digits = self._get_record().company_id[:1].currency_id.decimal_places
        budget = to_fiebdc(draft, digits)
        return fiebdc.write(budget, charset=self.bc3_charset, version=self.bc3_version)

    def _write_xlsx(self, draft):
        if self.evaluation_id:
            draft = make_sheet_draft(self.evaluation_id)
        elif self.recipe_ids:
            draft = make_recipe_draft(self.recipe_ids)
        return xlsx.write(draft, language=self.env.lang)
