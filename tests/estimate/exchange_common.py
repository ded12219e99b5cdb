import base64

from ..quote.common import QuoteCommon

# A small budget of our own: two chapters, one in the other, percentages, measured lines, prices beyond the components.
BUDGET = """~V||FIEBDC-3/2016|tests|Small house|ANSI|
~K|\\2\\2\\3\\3\\2\\2\\2\\2\\USD\\|2\\13\\6\\\\21|
~C|HOUSE##||Small house|1075.40||
~D|HOUSE#|01#\\1\\1\\|
~C|01#||Walls|1075.40||
~D|01#|01.1#\\1\\1\\W1\\1\\12.345\\|
~C|01.1#||Roof|306.00||
~T|01.1#|All of the roof|
~D|01.1#|R1\\1\\10\\|
~M|01#\\W1|1\\2\\|12.345|\\North\\1\\4.115\\\\3\\2\\Sum\\\\\\\\\\|
~C|W1|m2|Brick wall|61.10|010420|0|
~T|W1|Brick wall, pointed.|
~D|W1|MO1\\1\\1.5\\MT1\\1\\50\\%MO\\1\\0.03\\AUX\\1\\0.1\\|
~C|R1|m2|Roof tiles|30.00|010420|0|
~D|R1|MO1\\1\\0.5\\MT2\\\\\\|
~C|AUX|m3|Mortar|80|010420|0|
~D|AUX|MT3\\1\\300\\|
~C|MO1|h|Bricklayer|20.00|010420|1|
~C|MT1|u|Brick|0.45|010420|3|
~C|MT2|m2|Roof tile|20.00|010420|3|
~C|MT3|kg|Cement|0.20|010420|3|
~C|%MO|%|Small tools|0||%|
"""


class ExchangeCommon(QuoteCommon):
    """Reads and writes files through the wizards, as an estimator."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead.company_id = cls.env.company

    @classmethod
    def wizard(cls, text, user=None, filename="house.bc3", **values):
        """Choose a file; a text is written as BC3 files are."""
        data = text.encode("cp1252") if isinstance(text, str) else text
        wizards = cls.env["construction.import"].with_user(user or cls.estimator)
        return wizards.create({"file": base64.b64encode(data), "filename": filename, **values})

    @classmethod
    def load(cls, text=BUDGET, lead=None, **values):
        """Import a budget for the deal; the sheet."""
        wizard = cls.wizard(text, lead_id=(lead or cls.lead).id, **values)
        if wizard.asks_currency and not wizard.currency_mode:
            wizard.currency_mode = "as_is"
        action = wizard.action_import()
        return cls.env["construction.evaluation"].browse(action["res_id"])

    @classmethod
    def dump(cls, user=None, **values):
        """Export a record; the bytes."""
        values.setdefault("bc3_charset", "UTF-8")
        wizard = cls.env["construction.export"].with_user(user or cls.estimator).create(values)
        wizard.action_export()
        return base64.b64decode(wizard.file)

    @classmethod
    def product_of(cls, code):
        return cls.env["product.product"].search([("default_code", "=", code)])

    @classmethod
    def recipe_of(cls, code):
        product = cls.product_of(code)
        return cls.env["construction.recipe"].search(
            [("product_tmpl_id", "=", product.product_tmpl_id.id), ("state", "=", "active")]
        )

    @classmethod
    def with_digits(cls, digits):
        """Let quantities of quotes have so many decimals."""
        cls.env["decimal.precision"].search([("name", "=", "Product Unit")]).digits = digits

    @classmethod
    def picture(cls, sheet):
        """All that an import makes, without ids: the sheet, its products, its recipes."""
        products = sheet.sudo().price_base_ids.sorted("default_code")
        recipes = cls.env["construction.recipe"].search([("product_tmpl_id", "in", products.product_tmpl_id.ids)])
        return {
            "zones": [
                (zone.code, zone.name, zone.complete_name, zone.description, zone.amount_total)
                for zone in sheet.zone_ids
            ],
            "items": [cls.picture_item(line) for line in sheet.line_ids],
            "markups": [(row.name, row.base, row.percent, row.role) for row in sheet.markup_ids],
            "totals": (sheet.amount_total, sheet.amount_contract, sheet.price_source),
            "products": [
                (one.default_code, one.name, one.description_sale, one.uom_id.name, one.standard_price)
                + (one.cost_nature, one.type, one.taxes_id.ids)
                for one in products
            ],
            "recipes": {
                recipe.product_tmpl_id.default_code: (
                    recipe.version,
                    recipe.stated_cost,
                    [
                        (row.product_id.default_code, row.kind, row.quantity, row.percent, row.percent_base)
                        + (row.percent_code, row.uom_id.name, row.cost_nature, row.use_recipe)
                        for row in recipe.line_ids
                    ],
                )
                for recipe in recipes
            },
        }

    @classmethod
    def picture_item(cls, line):
        rows = [
            (row.name, row.kind, row.count, row.length, row.width, row.height, row.formula, row.is_deduction)
            + (row.quantity,)
            for row in line.measurement_ids
        ]
        return (
            (line.product_id.default_code, line.name, line.zone, line.quantity, line.uom_id.name)
            + (
                line.price_given,
                line.amount_correction,
                line.price_subtotal,
                line.recipe_id.product_tmpl_id.default_code,
            )
            + (rows,)
        )

    @classmethod
    def undone(cls, function):
        """Do something and take it back; what it gave."""
        cls.env.flush_all()
        with cls.env.cr.savepoint() as savepoint:
            result = function()
            cls.env.flush_all()
            savepoint.rollback()
        cls.env.invalidate_all()
        cls.env.registry.clear_cache()
        return result

    @classmethod
    def make_foreign(cls, name, rate):
        """A currency with a rate of today."""
        currency = cls.env["res.currency"].with_context(active_test=False).search([("name", "=", name)])
        currency.active = True
        cls.env["res.currency.rate"].create(
            {"currency_id": currency.id, "name": "2026-01-01", "rate": rate, "company_id": cls.env.company.id}
        )
        return currency
