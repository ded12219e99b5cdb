"""The resource list of a document as a spreadsheet."""

import xlsxwriter

WIDTHS = {"name": 44, "code": 16}


def write_resources(file, document):
    """Write the resource list of a document as XLSX.

    Sums are formulas, so that a person can go on working with the figures.

    :param file: a binary file open for writing
    """
    resources = document._get_resources()
    workbook = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    _Sheet(workbook, document, resources).write_all()
    workbook.close()


class _Sheet:
    def __init__(self, workbook, document, resources):
        self.env = document.env
        self.resources = resources
        self.sheet = workbook.add_worksheet(self.env._("Resources")[:31])
        decimals = resources["currency"].decimal_places
        money = "#,##0" + (f".{'0' * decimals}" if decimals else "")
        self.formats = {
            "title": workbook.add_format({"bold": True, "font_size": 14}),
            "head": workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
            "bold": workbook.add_format({"bold": True}),
            "quantity": workbook.add_format({"num_format": "#,##0.000"}),
            "amount": workbook.add_format({"num_format": money}),
            "sum": workbook.add_format({"num_format": money, "bold": True, "top": 1}),
            None: None,
        }
        self.columns = self._get_columns()
        self.place = 0
        self.title = self.env._("Resources of %(document)s", document=document.display_name)
        self.total_cells = []

    def _get_columns(self):
        """List `(key, title, format)` of the columns."""
        columns = [
            ("nature", self.env._("Nature"), None),
            ("code", self.env._("Reference"), None),
            ("name", self.env._("Resource"), None),
            ("quantity", self.env._("Quantity"), "quantity"),
            ("unit", self.env._("Unit"), None),
        ]
        if self.resources["has_packs"]:
            columns += [("packs", self.env._("To buy"), None), ("pack_unit", self.env._("Pack"), None)]
        if self.resources["has_costs"]:
            columns += [
                ("unit_cost", self.env._("Unit cost"), "amount"),
                ("amount", self.env._("Amount"), "amount"),
            ]
        return columns

    def write_all(self):
        self.sheet.write(0, 0, self.title, self.formats["title"])
        for column, (key, title, _format) in enumerate(self.columns):
            self.sheet.set_column(column, column, WIDTHS.get(key, 13))
            self.sheet.write(2, column, title, self.formats["head"])
        self.sheet.freeze_panes(3, 0)
        self.sheet.repeat_rows(2)
        self.place = 3
        for group in self.resources["groups"]:
            rows = [self._prepare_cells(row, group["label"]) for row in group["rows"]]
            self._write_group(rows, self.env._("Total of %(nature)s", nature=group["label"]), group.get("subtotal"))
        label = self.env._("Percentages")
        rows = [self._prepare_percentage_cells(row, label) for row in self.resources["percentages"]]
        if rows:
            subtotal = sum(row["amount"] or 0.0 for row in rows)
            self._write_group(rows, self.env._("Total of %(nature)s", nature=label), subtotal)
        if self.resources["has_costs"]:
            self._write_total()

    def _write_group(self, rows, label, subtotal):
        first = self.place
        for cells in rows:
            for column, (key, _title, format_name) in enumerate(self.columns):
                if cells.get(key) not in (None, ""):
                    self.sheet.write(self.place, column, cells[key], self.formats[format_name])
            self.place += 1
        if self.resources["has_costs"]:
            column = len(self.columns) - 1
            letter = chr(ord("A") + column)
            self.sheet.write(self.place, 0, label, self.formats["bold"])
            formula = f"=SUM({letter}{first + 1}:{letter}{self.place})"
            self.sheet.write_formula(self.place, column, formula, self.formats["sum"], subtotal)
            self.total_cells.append(f"{letter}{self.place + 1}")
            self.place += 1

    def _write_total(self):
        column = len(self.columns) - 1
        letter = chr(ord("A") + column)
        if self.resources["rounding"]:
            self.sheet.write(self.place, 0, self.env._("Rounding"))
            self.sheet.write(self.place, column, self.resources["rounding"], self.formats["amount"])
            self.total_cells.append(f"{letter}{self.place + 1}")
            self.place += 1
        self.sheet.write(self.place, 0, self.env._("Direct cost"), self.formats["bold"])
        formula = f"={'+'.join(self.total_cells) or 0}"
        self.sheet.write_formula(self.place, column, formula, self.formats["sum"], self.resources["total"])

    @staticmethod
    def _prepare_cells(row, nature):
        return {
            "nature": nature,
            "code": row["code"],
            "name": row["name"],
            "quantity": row["quantity"],
            "unit": row["uom"].name if row["uom"] else "",
            "packs": row["packs"] or None,
            "pack_unit": row["pack_uom"].name if row["pack_uom"] else "",
            "unit_cost": row.get("unit_cost"),
            "amount": row.get("amount"),
        }

    @staticmethod
    def _prepare_percentage_cells(row, nature):
        return {
            "nature": nature,
            "code": row["code"],
            "name": row["name"],
            "quantity": row["percent"],
            "unit": f"% · {row['base']}",
            "amount": row.get("amount"),
        }
