"""A progress certificate as a spreadsheet: chapters with quantities and amounts, and the account below them."""

import xlsxwriter

from .construction_position import AMOUNT_GROUPS

# What a spreadsheet could take for a formula: such texts stay texts even when a person edits them.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
WIDTHS = {"number": 8, "name": 48, "unit": 10, "reason": 40}
HEAD_ROW = 4


def write_certificate(file, certificate):
    """Write a certificate as XLSX, in the language of the client; amounts only for who may see them.

    :param file: a binary file open for writing
    :param certificate: one `construction.certificate`
    """
    workbook = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    _Sheet(workbook, certificate.with_context(lang=certificate._get_print_lang())).write_all()
    workbook.close()


class _Sheet:
    def __init__(self, workbook, certificate):
        self.env = certificate.env
        self.certificate = certificate
        self.has_amounts = self.env.su or self.env.user.has_groups(AMOUNT_GROUPS)
        self.sheet = workbook.add_worksheet(self.env._("Certificate")[:31])
        decimals = certificate.currency_id.decimal_places
        money = "#,##0" + (f".{'0' * decimals}" if decimals else "")
        styles = {
            "title": {"bold": True, "font_size": 14},
            "head": {"bold": True, "bottom": 1, "text_wrap": True},
            "text": {"text_wrap": True, "valign": "top"},
            "bold": {"bold": True},
            "quantity": {"num_format": "#,##0.00####"},
            "percent": {"num_format": "0.00"},
            "amount": {"num_format": money},
            "sum": {"num_format": money, "bold": True, "top": 1},
        }
        self.formats = {name: workbook.add_format(style) for name, style in styles.items()}
        self.formats |= {
            f"{name}_quoted": workbook.add_format({**style, "quote_prefix": True}) for name, style in styles.items()
        }
        self.columns = self._get_columns()
        self.places = {key: place for place, (key, _title, _style) in enumerate(self.columns)}

    def _get_columns(self):
        """List `(key, title, style)` of the columns."""
        columns = [
            ("number", "text"),
            ("name", "text"),
            ("unit", "text"),
            ("quantity_contracted", "quantity"),
            ("quantity_previous", "quantity"),
            ("quantity_period", "quantity"),
            ("quantity_cumulative", "quantity"),
            ("percent_cumulative", "percent"),
        ]
        if self.has_amounts:
            names = ("original", "variations", "contracted", "previous", "period", "cumulative", "remaining")
            columns += [(f"amount_{name}", "amount") for name in names]
        titles = self._get_titles()
        return [(key, titles[key], style) for key, style in [*columns, ("reason", "text")]]

    def _get_titles(self):
        # By names and not by strings: Odoo would offer strings beside a term to the translators.
        currency = self.certificate.currency_id.name
        return dict(  # noqa: C408
            number=self.env._("No."),
            name=self.env._("Works"),
            unit=self.env._("Unit"),
            quantity_contracted=self.env._("Contracted"),
            quantity_previous=self.env._("Previous"),
            quantity_period=self.env._("This Period"),
            quantity_cumulative=self.env._("Cumulative"),
            percent_cumulative=self.env._("Cumulative (%)"),
            amount_original=self.env._("Original Contract (%(currency)s)", currency=currency),
            amount_variations=self.env._("Variations (%(currency)s)", currency=currency),
            amount_contracted=self.env._("Contract Now (%(currency)s)", currency=currency),
            amount_previous=self.env._("Previous (%(currency)s)", currency=currency),
            amount_period=self.env._("This Period (%(currency)s)", currency=currency),
            amount_cumulative=self.env._("Cumulative (%(currency)s)", currency=currency),
            amount_remaining=self.env._("Remaining (%(currency)s)", currency=currency),
            reason=self.env._("Reason of the Change"),
        )

    def write_all(self):
        self._write_head()
        row = HEAD_ROW + 1
        for heading, lines in self.certificate._get_print_groups():
            if heading:
                self._write_text(row, self.places["name"], heading, "bold")
                row += 1
            for line in lines:
                self._write_line(row, line)
                row += 1
        if self.has_amounts:
            self._write_sums(row)
            self._write_account(row + 2)

    def _write_head(self):
        certificate = self.certificate
        self._write_text(0, 0, certificate.display_name, "title")
        facts = [certificate.partner_id.display_name, certificate._get_period()]
        self._write_text(1, 0, " · ".join(filter(None, facts)))
        if certificate.step != "approved":
            self._write_text(2, 0, dict(certificate._fields["step"]._description_selection(self.env))[certificate.step])
        for place, (key, title, _style) in enumerate(self.columns):
            self.sheet.set_column(place, place, WIDTHS.get(key, 14))
            self._write_text(HEAD_ROW, place, title, "head")
        self.sheet.freeze_panes(HEAD_ROW + 1, 2)
        self.sheet.repeat_rows(HEAD_ROW)
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)

    def _write_line(self, row, line):
        for place, (key, _title, style) in enumerate(self.columns):
            if style == "text":
                text = line.uom_id.name if key == "unit" else line[key]
                self._write_text(row, place, text, "text")
            elif not (line.is_follower and style in ("quantity", "percent")):
                self.sheet.write_number(row, place, line[key], self.formats[style])

    def _write_sums(self, row):
        """Amounts are added up by formulas, so that a person can go on working with them."""
        self._write_text(row, self.places["name"], self.env._("Total, tax excluded"), "bold")
        for place, (key, _title, style) in enumerate(self.columns):
            if style == "amount":
                letter = chr(ord("A") + place)
                formula = f"=SUM({letter}{HEAD_ROW + 2}:{letter}{row})"
                self.sheet.write_formula(row, place, formula, self.formats["sum"], self._get_sum(key))

    def _get_sum(self, key):
        return sum(self.certificate.line_ids.mapped(key))

    def _write_account(self, row):
        certificate = self.certificate
        names = ["amount_period", "amount_tax", "amount_period_taxed"]
        if certificate.sudo().instalment_id:  # reason of sudo: whether the plan pays this one
            names += ["amount_otherwise", "amount_recouped", "amount_billed", "amount_retained", "amount_net"]
        for name in names:
            self._write_text(row, self.places["name"], certificate._fields[name]._description_string(self.env))
            self.sheet.write_number(row, self.places["amount_period"], certificate[name], self.formats["amount"])
            row += 1

    def _write_text(self, row, place, text, style=None):
        if not text:
            return
        if text.startswith(FORMULA_SIGNS):
            style = f"{style or 'text'}_quoted"
        self.sheet.write_string(row, place, text[:32_767], self.formats[style] if style else None)
