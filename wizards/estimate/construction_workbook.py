import base64
import re
from urllib.parse import quote

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...core.estimate import xlsx
from ...core.estimate.exchange import DraftError
from ...core.estimate.xlsx import layout, words
from ...core.estimate.xlsx.guard import MAX_BYTES
from ...models.estimate.draft_importer import DraftImporter, ImportOptions
from ...models.estimate.price_book import PRICE_GROUPS
from ...models.estimate.price_list_updater import PriceListUpdater
from ...models.estimate.sheet_updater import SheetUpdater
from ...models.estimate.workbook_drafts import (
    COST_GROUP,
    Translator,
    get_workbook_options,
    make_price_draft,
    make_recipe_draft,
    make_sheet_draft,
)
from ...models.estimate.workbook_preview import WorkbookPreview

KINDS = [("sheet", "Evaluation sheet"), ("recipes", "Recipes"), ("prices", "Price list")]
# Who keeps costs and recipes.
KEEPERS = "construction_crm.group_estimator,sales_team.group_sale_manager"


class ConstructionWorkbook(models.TransientModel):
    """A sheet, recipes or a price list as a workbook: download it, change it in a spreadsheet, import it back."""

    _name = "construction.workbook"
    _description = "Spreadsheet"

    kind = fields.Selection(KINDS, required=True, default="sheet")
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    evaluation_id = fields.Many2one("construction.evaluation", string="Evaluation Sheet")
    recipe_ids = fields.Many2many("construction.recipe", string="Recipes")
    product_ids = fields.Many2many("product.product", string="Products")
    can_fill = fields.Boolean(compute="_compute_can_import", export_string_translation=False)
    can_import = fields.Boolean(compute="_compute_can_import", export_string_translation=False)
    file = fields.Binary(
        string="Workbook",
        attachment=False,
        help="An .xlsx workbook: the one you downloaded here, or any other with one heading a column.",
    )
    filename = fields.Char()
    column_ids = fields.One2many(
        "construction.workbook.column",
        "workbook_id",
        string="Columns",
        compute="_compute_column_ids",
        store=True,
        readonly=False,
    )
    is_removing = fields.Boolean(
        string="Remove Items That Are Not in the Workbook",
        help="Otherwise they stay on the sheet as they are.",
    )
    existing = fields.Selection(
        [("keep", "Keep ours"), ("replace", "Make the next version of each that differs")],
        string="Recipes We Have",
        default="keep",
        required=True,
    )
    date = fields.Date(
        string="Valid From",
        default=fields.Date.context_today,
        help="From which day the costs hold, where the list does not say.",
    )
    is_making = fields.Boolean(
        string="Make Missing Products",
        help="Products of the list that are not in the catalogue are made; otherwise they are left aside.",
    )
    preview = fields.Html(compute="_compute_preview", sanitize=False)
    has_errors = fields.Boolean(compute="_compute_preview", export_string_translation=False)
    export_file = fields.Binary(attachment=False, readonly=True)

    # === COMPUTE === #

    @api.depends("kind", "evaluation_id")
    @api.depends_context("uid")
    def _compute_can_import(self):
        is_keeper = self.env.user.has_groups(KEEPERS)
        sees_prices = self.env.user.has_groups(PRICE_GROUPS)
        for wizard in self:
            sheet = wizard.evaluation_id._origin
            wizard.can_fill = bool(sheet) and sees_prices
            wizard.can_import = (sheet.has_access("write") and not sheet._is_locked()) if sheet else is_keeper

    @api.depends("file", "kind")
    def _compute_column_ids(self):
        for wizard in self:
            commands = [fields.Command.clear()]
            if wizard.file:
                try:
                    tabs = wizard._read(is_first=True).tabs
                except UserError:
                    tabs = []  # the preview says why
                commands += [
                    fields.Command.create(
                        {
                            "tab": tab.title,
                            "letter": column.letter,
                            "heading": column.heading,
                            "sample": column.sample,
                            "field_name": f"{tab.kind}.{column.field}" if column.field else False,
                        }
                    )
                    for tab in tabs
                    for column in tab.columns
                    if column.field != "key"
                ]
            wizard.column_ids = commands

    @api.depends("file", "kind", "column_ids.field_name", "is_removing", "existing", "date", "is_making")
    def _compute_preview(self):
        preview = WorkbookPreview(self.env)
        for wizard in self:
            wizard.preview, wizard.has_errors = False, False
            if not wizard.file:
                continue
            try:
                reader = wizard._read()
            except UserError as error:
                wizard.preview, wizard.has_errors = preview.failure(error.args[0]), True
                continue
            body, notes = wizard._plan(reader)
            wizard.has_errors = any(note.is_error for note in notes)
            wizard.preview = preview.notes(notes, reader.draft.notes_left_out) + body

    # === ACTION === #

    def action_import(self):
        """Do what the preview shows, wholly or not at all.

        :raise UserError: when the file has errors; then nothing is changed
        """
        self.ensure_one()
        reader = self._read()
        if self.kind == "sheet":
            return self._import_sheet(reader)
        self._check_keeper()
        if self.kind == "recipes":
            return self._import_recipes(reader)
        return self._import_prices(reader)

    def action_export(self):
        """Write the workbook and download it."""
        self.ensure_one()
        if self.kind == "sheet":
            sheet = self._get_sheet()
            draft, name = make_sheet_draft(sheet), sheet.display_name
        elif self.kind == "recipes":
            recipes = self.recipe_ids or self.env["construction.recipe"].search(
                [("state", "=", "active"), ("company_id", "=", self.company_id.id)]
            )
            draft, name = make_recipe_draft(recipes), self.env._("Recipes")
        else:
            draft, name = make_price_draft(self._get_products(), self.company_id), self.env._("Price list")
        keep = {"prices": ["cost"]}.get(self.kind, ()) if self.env.user.has_group(COST_GROUP) else ()
        return self._download(xlsx.write(draft, self.kind, self.env.lang, keep), name)

    def action_fill(self):
        """Write our unit prices into the workbook that was chosen, in its own layout, and download it.

        :raise UserError: when it has no column of prices, or none of its items is on the sheet
        """
        self.ensure_one()
        reader = self._read()
        updater = self._get_updater(reader)
        layout_of_items = next(tab for tab in reader.tabs if tab.kind == "items")
        if "price" not in layout_of_items.places:
            raise UserError(self.env._("Choose on the tab “Columns” which column takes the unit prices."))
        cells = updater.get_price_cells()
        if not cells:
            raise UserError(self.env._("None of the items of the workbook is on the sheet."))
        try:
            data = xlsx.fill(self._get_data(), {layout_of_items.title: cells}, Translator(self.env))
        except DraftError as error:
            raise UserError(str(error)) from error
        return self._download(data, (self.filename or "").rpartition(".")[0])

    def action_sample(self):
        """Download a small filled-in workbook to start from."""
        self.ensure_one()
        has_prices = self.env.user.has_groups(PRICE_GROUPS if self.kind == "sheet" else COST_GROUP)
        today = fields.Date.context_today(self)
        data = xlsx.make_sample(self.kind, self.env.lang, Translator(self.env), today, with_prices=has_prices)
        return self._download(data, self.env._("Sample"))

    # === BUSINESS === #

    def _read(self, is_first=False):
        """Read the workbook with the columns as chosen.

        :param is_first: nothing has been chosen yet
        :return: a `core.estimate.xlsx.Reader`
        :raise UserError: when the file is no such workbook
        """
        chosen = {}
        for column in () if is_first else self.column_ids:
            name = (column.field_name or "").rpartition(".")[2]
            chosen.setdefault(column.tab, {})[column.letter] = name
        options = get_workbook_options(self.env, self.kind, chosen)
        try:
            return xlsx.Reader(self._get_data(), options)
        except DraftError as error:
            raise UserError(str(error)) from error

    def _get_data(self):
        file = self.with_context(bin_size=False).file
        if not file:
            raise UserError(self.env._("Choose the workbook to import."))
        if len(file) * 3 // 4 > MAX_BYTES:
            raise UserError(self.env._("The file is larger than %(size)s MB. Divide it.", size=MAX_BYTES >> 20))
        try:
            return base64.b64decode(file, validate=False)
        except ValueError as error:
            raise UserError(self.env._("The file did not arrive whole. Choose it again.")) from error

    def _plan(self, reader):
        """Give the preview of what the import would do, and all notes."""
        preview, notes = WorkbookPreview(self.env), list(reader.draft.notes)
        if not self.can_import:
            return "", notes
        if self.kind == "recipes":
            return preview.recipes(reader.draft, self._get_known_recipes(reader.draft)), notes
        if self.kind == "sheet" and not self.evaluation_id:
            return "", notes
        updater = self._get_updater(reader)
        render = preview.sheet if self.kind == "sheet" else preview.prices
        return render(updater), notes + updater.notes

    def _get_updater(self, reader):
        if self.kind == "sheet":
            places = {tab.kind: tab.places for tab in reader.tabs}
            return SheetUpdater(
                self._get_sheet(),
                reader.draft,
                places["items"],
                has_rows="measurements" in places,
                is_removing=self.is_removing,
            )
        today = fields.Date.context_today(self)
        return PriceListUpdater(self.env, self.company_id, reader.draft, self.date or today, today, self.is_making)

    def _get_sheet(self):
        if not self.evaluation_id:
            raise UserError(self.env._("Open the evaluation sheet first, and choose “Spreadsheet” among its actions."))
        return self.evaluation_id._origin

    def _get_products(self):
        """The products of a price list: those chosen, else what recipes are made of."""
        if self.product_ids:
            return self.product_ids
        lines = self.env["construction.recipe.line"]._read_group(
            [("recipe_id.state", "=", "active"), ("company_id", "=", self.company_id.id)], ["product_id"]
        )
        products = self.env["product.product"].union(*(product for (product,) in lines))
        made = self.env["construction.recipe"]._get_active_by_product(products, self.company_id)
        return products.filtered(lambda product: product.id not in made)

    def _get_known_recipes(self, draft):
        codes = [resource.code for resource in draft.resources.values() if resource.recipe and resource.has_code]
        products = self.env["product.product"].search(
            [("default_code", "in", codes), ("company_id", "in", [self.company_id.id, False])]
        )
        active = self.env["construction.recipe"]._get_active_by_product(products, self.company_id)
        return {product.default_code for product in products if product.id in active}

    def _import_sheet(self, reader):
        sheet = self._get_sheet()
        sheet.check_access("write")
        sheet._check_lines_writable()
        # Two at once: the second one compares with what the first one made.
        sheet.lock_for_update()
        updater = self._get_updater(reader)
        self._check_no_errors(reader.draft.notes + updater.notes)
        updater.apply()
        if not (updater.changed or updater.added or (updater.missing and self.is_removing)):
            return self._notify(self.env._("The workbook says what the sheet says: nothing was changed."))
        sheet.message_post(body=WorkbookPreview(self.env).sheet_summary(updater, self.filename))
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _import_recipes(self, reader):
        draft = reader.draft
        self._check_no_errors(draft.notes)
        options = ImportOptions(existing=self.existing, with_costs=self.env.user.has_group(COST_GROUP))
        importer = DraftImporter(self.env, draft, options, self.company_id)
        importer.import_catalogue()
        counts = importer.counts
        return self._notify(
            self.env._(
                "Imported: %(recipes)s recipes with %(components)s components, %(products)s new products.",
                recipes=counts["recipes"],
                components=counts["components"],
                products=counts["products"],
            )
        )

    def _import_prices(self, reader):
        updater = self._get_updater(reader)
        self._check_no_errors(reader.draft.notes + updater.notes)
        changed, made = len(updater.changed), len(updater.made)
        updater.apply()
        return self._notify(
            self.env._(
                "Imported: %(changed)s prices changed, %(made)s products made.",
                changed=changed,
                made=made,
            )
        )

    def _check_keeper(self):
        if not self.env.user.has_groups(KEEPERS):
            raise AccessError(self.env._("Recipes and price lists are imported by estimators and sales managers."))

    def _check_no_errors(self, notes):
        errors = [note for note in notes if note.is_error]
        if errors:
            lines = [f"{note.where}: {note.message}" if note.where else note.message for note in errors[:20]]
            raise UserError(
                self.env._("Nothing was imported. Correct these cells first:\n%(errors)s", errors="\n".join(lines))
            )

    def _download(self, data, name):
        self.export_file = base64.b64encode(data)
        safe = re.sub(r"[^\w.-]+", "-", name).strip("-. ")[:80] or "workbook"
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/export_file/{quote(safe)}.xlsx?download=true",
            "target": "download",
        }

    def _notify(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "success", "message": message, "next": {"type": "ir.actions.act_window_close"}},
        }


class ConstructionWorkbookColumn(models.TransientModel):
    """What one column of a workbook holds."""

    _name = "construction.workbook.column"
    _description = "Spreadsheet Column"
    _order = "id"

    workbook_id = fields.Many2one("construction.workbook", required=True, ondelete="cascade", index=True)
    tab = fields.Char()
    letter = fields.Char(string="Column")
    heading = fields.Char()
    sample = fields.Char(string="First Value")
    field_name = fields.Selection("_selection_field_name", string="Holds")

    @api.model
    def _selection_field_name(self):
        lang = self.env.lang
        return [
            (f"{kind}.{name}", f"{words.tab_title(kind, lang)}: {words.heading(name, lang)}")
            for kind, names in layout.FIELDS.items()
            for name in names
            if name != "key"
        ]
