import base64
import hashlib
import re
from dataclasses import replace
from decimal import Decimal

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError

from ...core.estimate.exchange.summary import item_amount
from ...models.estimate.draft_importer import DraftImporter, ImportOptions
from ...models.estimate.draft_preview import Preview, report_text
from .import_formats import FORMATS

# What files call currencies, where that is not the code of today.
CURRENCIES = {"PTA": "ESP", "PTS": "ESP", "PESETAS": "ESP", "PESETA": "ESP", "EUROS": "EUR", "EURO": "EUR", "€": "EUR"}
# Pesetas went over to euros at this rate for good.
PESETAS_PER_EURO = 166.386


class ConstructionImport(models.TransientModel):
    """Read an exchange file: see what is in it, choose, and import it."""

    _name = "construction.import"
    _description = "Import a Budget or Price List"

    state = fields.Selection([("choose", "Choose"), ("done", "Done")], default="choose", readonly=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    file = fields.Binary(attachment=False, help="A BC3 file of any year, or another exchange file.")
    filename = fields.Char()
    format = fields.Selection(FORMATS, compute="_compute_preview", store=True)
    target = fields.Selection(
        [("sheet", "An evaluation sheet"), ("library", "Products and recipes only")],
        string="Make",
        compute="_compute_target",
        store=True,
        readonly=False,
    )
    lead_id = fields.Many2one(
        "crm.lead",
        string="Deal",
        check_company=True,
        domain="[('type', '=', 'opportunity')]",
        help="Empty: a new deal is made for the budget.",
    )
    partner_id = fields.Many2one("res.partner", string="Client", help="Of the new deal; can be set later.")
    construction_type_id = fields.Many2one("construction.type", check_company=True)
    evaluation_id = fields.Many2one("construction.evaluation", string="Into Sheet", readonly=True)
    has_items = fields.Boolean(compute="_compute_has_items", export_string_translation=False)
    items_mode = fields.Selection(
        [("add", "Add to the items there are"), ("replace", "Replace the items there are")],
        string="Items",
        default="add",
        required=True,
    )
    prices = fields.Selection(
        [("given", "Of the file"), ("ours", "Ours")],
        default="given",
        required=True,
        help="Of the file: each item costs the client what the file says. Ours: the catalogue or cost and markups.",
    )
    with_markups = fields.Boolean(
        string="Add General Costs and Profit",
        help="The prices of the file are those of the works: raise each by the general costs and the profit the "
        "file states, so that the sheet comes to the contract price.",
    )
    existing = fields.Selection(
        [("keep", "Keep ours"), ("replace", "Take cost, description and recipe of the file")],
        string="Products We Have",
        default="keep",
        required=True,
    )
    kind = fields.Char(compute="_compute_preview", store=True, export_string_translation=False)
    file_currency = fields.Char(compute="_compute_preview", store=True)
    asks_currency = fields.Boolean(compute="_compute_preview", store=True, export_string_translation=False)
    currency_mode = fields.Selection(
        [("rate", "Convert at this rate"), ("as_is", "Take the figures as they are")],
        string="Other Currency",
    )
    currency_rate = fields.Float(
        string="Rate",
        digits=(16, 6),
        compute="_compute_currency_rate",
        store=True,
        readonly=False,
        help="How much of the currency of the file makes one of the company's.",
    )
    digits_needed = fields.Integer(compute="_compute_preview", store=True, export_string_translation=False)
    can_raise_digits = fields.Boolean(compute="_compute_can_raise_digits", export_string_translation=False)
    raise_digits = fields.Boolean(
        string="Raise the Accuracy of Quantities",
        help="Quote lines hold quantities with the decimals of “Product Unit”: raise them so that the quote comes to "
        "the same total.",
    )
    existing_sheet_id = fields.Many2one(
        "construction.evaluation", string="Imported Before", compute="_compute_existing_sheet_id"
    )
    made_sheet_id = fields.Many2one("construction.evaluation", readonly=True, export_string_translation=False)
    is_again = fields.Boolean(string="Import Again", help="As one more sheet, beside the one there is.")
    preview = fields.Html(compute="_compute_preview", store=True, sanitize=False)
    result = fields.Html(readonly=True, sanitize=False)

    # === COMPUTE === #

    @api.depends("file", "filename", "company_id")
    def _compute_preview(self):
        for wizard in self:
            wizard.update(wizard._prepare_nothing_read())
            if not wizard.file:
                continue
            try:
                draft = wizard._read_draft()
            except UserError as error:
                wizard.preview = Markup("<div class='alert alert-danger'>%s</div>") % error.args[0]
                continue
            wizard.update(wizard._prepare_read(draft))

    @api.depends("kind")
    def _compute_target(self):
        for wizard in self:
            if wizard.kind:
                wizard.target = "sheet" if wizard.kind == "sheet" else "library"
            else:
                wizard.target = wizard.target or "sheet"

    @api.depends("file_currency", "company_id")
    def _compute_currency_rate(self):
        for wizard in self:
            wizard.currency_rate = wizard._guess_rate(wizard.file_currency) if wizard.asks_currency else 0.0

    @api.depends("evaluation_id")
    def _compute_has_items(self):
        for wizard in self:
            wizard.has_items = bool(wizard.evaluation_id.line_ids)

    @api.depends("digits_needed")
    def _compute_can_raise_digits(self):
        has_right = self.env.user.has_group("base.group_system")
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        for wizard in self:
            wizard.can_raise_digits = has_right and wizard.digits_needed > digits

    @api.depends("file", "lead_id", "target")
    def _compute_existing_sheet_id(self):
        for wizard in self:
            wizard.existing_sheet_id = wizard._find_existing_sheet()

    # === ACTION === #

    def action_import(self):
        """Import the file as chosen.

        :return: the action that opens the sheet, or the report of what was made
        :raise UserError: when the file or the choices do not allow it; then nothing is made
        """
        self.ensure_one()
        self._check_can_import()
        self._lock_wizard()
        if self.made_sheet_id:
            return self.made_sheet_id._get_form_action()
        data, draft = self._get_data(), self._read_draft()
        self._check_choices(draft)
        existing = self._find_existing_sheet()
        if existing and not self.is_again:
            return self._get_notice_action(existing)
        if self.raise_digits:
            self._raise_digits()
        if self.target == "library" or not draft.items:
            return self._import_library(draft)
        self.made_sheet_id = self._import_sheet(draft, data)
        return self.made_sheet_id._get_form_action()

    # === BUSINESS === #

    def _lock_wizard(self):
        try:  # Pressed twice, the button imports once.
            self.lock_for_update()
        except LockError as error:
            raise UserError(self.env._("The file is being imported. Wait a moment.")) from error

    def _import_library(self, draft):
        importer = DraftImporter(self.env, draft, self._prepare_options(draft), self.company_id)
        importer.import_catalogue()
        self.write({"state": "done", "result": self._render_result(importer), "file": False})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Imported"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _import_sheet(self, draft, data):
        sheet = self.evaluation_id or self._make_sheet(draft)
        sheet._check_can_check()
        sheet._check_lines_writable()
        if self.evaluation_id and self.items_mode == "replace":
            sheet.line_ids.unlink()
            sheet.zone_ids.unlink()
        importer = DraftImporter(self.env, draft, self._prepare_options(draft, sheet), self.company_id)
        importer.import_sheet(sheet)
        sheet.write(
            {
                "import_file": base64.b64encode(data),
                "import_filename": self._get_safe_filename(),
                "import_report": report_text(importer.notes, draft.notes_left_out),
            }
        )
        sheet.message_post(body=self._render_counts(importer))
        return sheet

    def _make_sheet(self, draft):
        lead = self.lead_id or self._make_lead(draft)
        # The file says what is on the sheet, not the template of its type.
        return self.env["construction.evaluation"].create(
            {"lead_id": lead.id, "company_id": self.company_id.id, "sheet_template_id": False}
        )

    def _make_lead(self, draft):
        name = draft.title or (self.filename or "").rpartition(".")[0] or self.env._("Imported budget")
        return self.env["crm.lead"].create(
            {
                "name": name[:200],
                "type": "opportunity",
                "partner_id": self.partner_id.id,
                "construction_type_id": self.construction_type_id.id,
                "company_id": self.company_id.id,
                "user_id": self.env.uid,
            }
        )

    def _prepare_options(self, draft, sheet=None):
        rate = cost_rate = Decimal(1)
        if self.asks_currency and self.currency_mode == "rate":
            rate = cost_rate = Decimal(repr(self.currency_rate))
            rate *= self._get_sheet_rate(sheet)
        return ImportOptions(
            existing=self.existing,
            prices=self.prices,
            with_markups=self.with_markups and self.prices == "given",
            rate=rate,
            cost_rate=cost_rate,
            checksum=self._get_checksum(),
            with_costs=self.env.user.has_group("construction_crm.group_cost"),
        )

    def _get_sheet_rate(self, sheet):
        """How much of the company's currency makes one of the sheet's."""
        currency = self.company_id.currency_id
        if not sheet or sheet.currency_id == currency:
            return Decimal(1)
        today = fields.Date.context_today(self)
        return Decimal(repr(sheet.currency_id._convert(1.0, currency, self.company_id, today, round=False)))

    def _render_result(self, importer):
        """What was made, and the report."""
        return self._render_counts(importer) + Preview(self.env, importer.draft).render_notes(
            importer.notes, importer.draft.notes_left_out, shown=30
        )

    def _render_counts(self, importer):
        """How much was made; no figure of money, for whoever reads the sheet reads this."""
        counts, _t = importer.counts, self.env._
        labels = [
            ("products", _t("products made")),
            ("products_changed", _t("products changed")),
            ("recipes", _t("recipes made")),
            ("recipes_changed", _t("of these as the next version")),
            ("components", _t("components")),
            ("zones", _t("chapters")),
            ("items", _t("items")),
            ("free_items", _t("of these free lines without a product")),
            ("measurements", _t("measured rows")),
        ]
        rows = Markup().join(Markup("<li>%s %s</li>") % (counts[name], label) for name, label in labels if counts[name])
        if not rows:
            rows = Markup("<li>%s</li>") % _t("Nothing: all of it is here already.")
        head = Markup("<p>%s</p><ul>%s</ul>") % (
            _t("Imported from %(file)s", file=self._get_safe_filename()),
            rows,
        )
        return head

    def _get_notice_action(self, sheet):
        """Nothing was made: say so and open what is there."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "Nothing was made: %(sheet)s was imported from this file. Tick “Import Again” for one more.",
                    sheet=sheet.display_name,
                ),
                "next": sheet._get_form_action(),
            },
        }

    # === CHECKS === #

    def _check_can_import(self):
        if not self.env.user.has_groups("construction_crm.group_estimator,sales_team.group_sale_manager"):
            raise AccessError(self.env._("Budgets and price lists are imported by estimators and sales managers."))

    def _check_choices(self, draft):
        """Refuse what is not chosen yet, and files with nothing in them; faults of the file are the importer's."""
        if any(note.is_error for note in draft.notes):
            return
        if self.asks_currency and not self.currency_mode:
            raise UserError(
                self.env._(
                    "The file is in %(currency)s and the company works in %(own)s. Choose whether to convert the "
                    "figures or to take them as they are.",
                    currency=self.file_currency,
                    own=self.company_id.currency_id.name,
                )
            )
        if self.asks_currency and self.currency_mode == "rate" and not 0 < self.currency_rate < 1e9:
            raise UserError(self.env._("Give the rate to convert at: above zero."))
        if not draft.items and not draft.resources:
            raise UserError(self.env._("There is nothing in the file that can be imported."))

    def _find_existing_sheet(self):
        """The sheet this file was imported to before, on the same deal; none for a sheet of its own choice."""
        sheets = self.env["construction.evaluation"]
        if not self.file or self.target == "library" or not self.lead_id or self.evaluation_id:
            return sheets
        return sheets.search(
            [
                ("import_checksum", "=", self._get_checksum()),
                ("lead_id", "=", self.lead_id._origin.id),
                ("state", "!=", "cancelled"),
            ],
            limit=1,
        )

    def _get_checksum(self):
        return hashlib.sha256(self._get_data()).hexdigest()

    def _get_safe_filename(self):
        """The name of the file without any folder or control character."""
        name = re.split(r"[/\\]", self.filename or "")[-1]
        return re.sub(r"[\x00-\x1f\x7f]", "", name).strip(". ")[:100] or self.env._("budget")

    def _raise_digits(self):
        if not self.can_raise_digits:
            raise AccessError(self.env._("The accuracy of quantities is for whoever has the Settings."))
        precision = self.env["decimal.precision"].search([("name", "=", "Product Unit")], limit=1)
        precision.digits = min(self.digits_needed, 6)

    # === PREVIEW === #

    def _prepare_nothing_read(self):
        return {
            "format": False,
            "kind": False,
            "file_currency": False,
            "asks_currency": False,
            "digits_needed": 0,
            "preview": False,
        }

    def _prepare_read(self, draft):
        currency = CURRENCIES.get(draft.currency.upper(), draft.currency.upper())
        own = self.company_id.currency_id
        return {
            "format": self._guess_format(self._get_data()),
            "kind": "sheet" if draft.items else "library",
            "file_currency": currency,
            "asks_currency": bool(currency) and currency != own.name,
            "digits_needed": self._get_digits_needed(draft),
            "preview": Preview(self.env, draft, own.decimal_places).render(self._count_known(draft)),
        }

    def _guess_rate(self, currency):
        own = self.company_id.currency_id
        if (currency, own.name) == ("ESP", "EUR"):
            return PESETAS_PER_EURO
        found = self.env["res.currency"].search([("name", "=", currency)], limit=1) if currency else own
        if not found or found == own:
            return 0.0
        return own._convert(1.0, found, self.company_id, fields.Date.context_today(self), round=False)

    def _count_known(self, draft):
        codes = [code for code in draft.resources if code]
        domain = [("default_code", "in", codes), ("company_id", "in", [self.company_id.id, False])]
        # sudo: just how many.
        return self.env["product.product"].sudo().search_count(domain)

    def _get_digits_needed(self, draft):
        """How many decimals a quote line needs, so that no amount of the sheet changes."""
        needed = 0
        for item in draft.items:
            amount = item_amount(item)
            while needed < 6 and item_amount(replace(item, quantity=round(item.quantity or 0, needed))) != amount:
                needed += 1
        return needed
