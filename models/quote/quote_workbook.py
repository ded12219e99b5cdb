"""A quote as a spreadsheet: what the client sees in print, as numbers."""

import xlsxwriter

# What a spreadsheet could take for a formula: such texts stay texts even when a person edits them.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
TEXT_LIMIT = 32_767
WIDTHS = {"number": 8, "name": 56, "quantity": 12, "unit": 10}


def write_quote(file, order):
    """Write a quote as XLSX, in the language of the client and as its presentation shows it.

    Amounts of chapters are sums of their components where those show prices, else plain numbers.

    :param file: a binary file open for writing
    :param order: the quote, one `sale.order`
    """
    workbook = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    lang = order.partner_id.lang or order.env.lang
    _Sheet(workbook, order.with_context(lang=lang)).write_all()
    workbook.close()


class _Sheet:
    def __init__(self, workbook, order):
        self.env = order.env
        self.order = order
        self.lines = order._get_order_lines_to_report()
        self.hides_all = order._hides_all_amounts()
        self.sheet = workbook.add_worksheet(self.env._("Quote")[:31])
        self.formats = _Formats(workbook, order.currency_id.decimal_places)
        self.columns = self._get_columns()
        self.places = {key: column for column, (key, _title) in enumerate(self.columns)}
        self.row = 0
        self.first_row = 0

    def _get_columns(self):
        """List `(key, title)` of the columns."""
        currency = self.order.currency_id.name
        columns = [
            ("number", self.env._("No.")),
            ("name", self.env._("Description")),
            ("quantity", self.env._("Quantity")),
            ("unit", self.env._("Unit")),
            ("price", self.env._("Unit Price")),
        ]
        if any(self.lines.mapped("discount")):
            columns.append(("discount", self.env._("Discount %")))
        columns.append(("amount", self.env._("Amount (%(currency)s)", currency=currency)))
        if any(self.lines.mapped("chapter_choice")):
            columns.append(("offered", self.env._("Not in the total (%(currency)s)", currency=currency)))
        return columns

    def write_all(self):
        self._write_head()
        self.first_row = self.row
        ends = self._get_section_ends()
        for place, line in enumerate(self.lines):
            self._write_line(line, self._get_section(line), self.lines[place + 1 : ends.get(place, place) + 1])
            self.row += 1
        self._write_totals()

    def _write_head(self):
        order = self.order
        self._write_text(0, order.display_name, "title")
        self.row = 1
        self._write_text(0, order.partner_id.display_name)
        self.row = 3
        for column, (key, title) in enumerate(self.columns):
            self.sheet.set_column(column, column, WIDTHS.get(key, 14))
            self._write_text(column, title, "head")
        self.row = 4
        self.sheet.freeze_panes(4, 0)
        self.sheet.repeat_rows(3)
        self.sheet.fit_to_pages(1, 0)

    # === LINES === #

    def _get_section_ends(self):
        """Give the place of the last line of each section, by the place of its title."""
        ends, section, subsection = {}, None, None
        for place, line in enumerate(self.lines):
            if line.display_type == "line_section":
                section, subsection = place, None
            elif line.display_type == "line_subsection":
                subsection = place
            for title in (section, subsection):
                if title is not None:
                    ends[title] = place
        return ends

    @staticmethod
    def _get_section(line):
        return line if line.display_type in ("line_section", "line_subsection") else line.parent_id

    def _write_line(self, line, section, parts):
        is_title = line.display_type in ("line_section", "line_subsection")
        self._write_text(self.places["number"], line.chapter_number or "", "bold" if is_title else None)
        self._write_text(self.places["name"], self._get_name(line), "bold" if is_title else "text")
        if line.display_type == "line_note":
            return
        if is_title:
            self._write_title(line, parts)
        else:
            self._write_product(line, self._hides_prices(section))

    def _get_name(self, line):
        if line.chapter_choice == "optional":
            return self.env._("%(name)s (option)", name=line.name)
        if line.chapter_choice:
            return self.env._("%(name)s (alternative %(group)s)", name=line.name, group=line.alternative_group)
        return line.name or ""

    def _hides_prices(self, section):
        """Tell whether the prices of what stands in this section are hidden."""
        upper = section.parent_id if section.display_type == "line_subsection" else section.browse()
        return self.hides_all or any(part._get_shown_flags()[0] for part in section | upper)

    def _write_title(self, line, parts):
        if line._is_chapter():
            self._write_number("quantity", line.chapter_quantity, "quantity")
            self._write_text(self.places["unit"], line.chapter_uom_id.name or "")
        if self.hides_all or self._is_hidden_part(line):
            return
        if line.chapter_choice and not line.is_chosen:
            self._write_number("price", line.chapter_price_unit, "price")
            self._write_number("offered", line.chapter_offered_subtotal, "amount")
            return
        if line._is_chapter():
            self._write_number("price", line.chapter_price_unit, "price")
        self._write_sum(line, parts)

    def _is_hidden_part(self, line):
        """Tell whether this is a part of a chapter whose prices are hidden."""
        return line.display_type == "line_subsection" and self._hides_prices(line.parent_id)

    def _write_sum(self, line, parts):
        """Write the amount of a title: the sum of what stands below it, or the number where that shows no amounts."""
        shown = parts.filtered(lambda part: not part.display_type and not self._hides_prices(part.parent_id))
        difference = sum(shown.mapped("price_subtotal")) - line.chapter_subtotal
        if not parts or not self.order.currency_id.is_zero(difference):
            self._write_number("amount", line.chapter_subtotal, "sum")
            return
        self._write_formula(self.row + 1, self.row + len(parts), line.chapter_subtotal)

    def _write_product(self, line, hides_prices):
        self._write_number("quantity", line.product_uom_qty, "quantity")
        self._write_text(self.places["unit"], line.product_uom_id.name or "")
        if hides_prices or line.is_downpayment:
            return
        self._write_number("price", line.price_unit, "price")
        if "discount" in self.places and line.discount:
            self._write_number("discount", line.discount, "percent")
        self._write_number("amount", line.price_subtotal, "amount")

    # === TOTALS === #

    def _write_totals(self):
        order = self.order
        if not self.hides_all and order.rounding_difference:
            self._write_text(self.places["name"], self.env._("Rounding"))
            self._write_number("amount", order.rounding_difference, "amount")
            self.row += 1
        self._write_text(self.places["name"], self.env._("Untaxed Amount"), "bold")
        untaxed_row = self.row
        if self.hides_all or self.row == self.first_row:
            self._write_number("amount", order.amount_untaxed, "sum")
        else:
            self._write_formula(self.first_row, self.row - 1, order.amount_untaxed)
        self.row += 1
        self._write_text(self.places["name"], self.env._("Taxes"))
        self._write_number("amount", order.amount_tax, "amount")
        self.row += 1
        self._write_text(self.places["name"], self.env._("Total"), "bold")
        letter = self._get_letter()
        self.sheet.write_formula(
            self.row,
            self.places["amount"],
            f"={letter}{untaxed_row + 1}+{letter}{untaxed_row + 2}",
            self.formats["sum"],
            order.amount_total,
        )

    # === CELLS === #

    def _get_letter(self):
        return chr(ord("A") + self.places["amount"])

    def _write_formula(self, first, last, value):
        """Add up rows; SUBTOTAL leaves out sums inside of what it adds up."""
        letter = self._get_letter()
        formula = f"=SUBTOTAL(9,{letter}{first + 1}:{letter}{last + 1})"
        self.sheet.write_formula(self.row, self.places["amount"], formula, self.formats["sum"], value)

    def _write_number(self, key, value, style):
        self.sheet.write_number(self.row, self.places[key], value, self.formats[style])

    def _write_text(self, column, text, style=None):
        if not text:
            return
        text = text[:TEXT_LIMIT]
        style = f"{style or 'plain'}_quoted" if text.startswith(FORMULA_SIGNS) else style
        self.sheet.write_string(self.row, column, text, self.formats[style] if style else None)


class _Formats(dict):
    """The formats of the cells, by name; `<name>_quoted` for texts that look like a formula."""

    def __init__(self, workbook, decimals):
        super().__init__()
        money = "#,##0" + (f".{'0' * decimals}" if decimals else "")
        styles = {
            "plain": {},
            "text": {"text_wrap": True, "valign": "top", "indent": 1},
            "bold": {"bold": True, "text_wrap": True, "valign": "top"},
            "title": {"bold": True, "font_size": 14},
            "head": {"bold": True, "bottom": 1, "text_wrap": True},
            "quantity": {"num_format": "#,##0.00##"},
            "percent": {"num_format": "0.##"},
            "price": {"num_format": "#,##0.00##"},
            "amount": {"num_format": money},
            "sum": {"num_format": money, "bold": True},
        }
        for name, style in styles.items():
            self[name] = workbook.add_format(style)
            self[f"{name}_quoted"] = workbook.add_format({**style, "quote_prefix": True})
