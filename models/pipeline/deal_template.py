"""The spreadsheet that the import screen of deals offers: headers, one row as an example, and lists to choose from."""

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from odoo import fields

# Field → width of its column. The headers are the labels of the fields: the importer knows them by these.
COLUMNS = {
    "import_reference": 14,
    "name": 30,
    "construction_type_id": 22,
    "partner_name": 28,
    "contact_name": 22,
    "vat": 16,
    "email_from": 28,
    "phone": 18,
    "street": 26,
    "zip": 10,
    "city": 18,
    "country_id": 18,
    "site_street": 26,
    "site_zip": 10,
    "site_city": 18,
    "source_id": 18,
    "user_id": 20,
    "expected_revenue": 16,
    "date_deadline": 16,
    "description": 36,
}
REQUIRED = ("name", "construction_type_id")
LISTED = ("construction_type_id", "source_id", "user_id", "country_id")
# Rows that get the lists to choose from.
ROWS = 2000
MOST_CHOICES = 500


def write_template(target, env):
    """Write the template in the language of the user.

    :param target: a file open for bytes
    :param env: environment of the user: only what he may choose is in the lists
    """
    leads = env["crm.lead"]
    book = Workbook()
    sheet = book.active
    sheet.title = env._("Deals")[:31]
    choices = {name: _get_choices(env, name) for name in LISTED}
    labels = leads.fields_get(list(COLUMNS), ["string", "help"])
    example = _get_example(env, choices)
    for place, (name, width) in enumerate(COLUMNS.items(), 1):
        header = sheet.cell(1, place, labels[name]["string"])
        header.font = Font(bold=True)
        header.fill = PatternFill("solid", fgColor="FFE699" if name in REQUIRED else "DDEBF7")
        if labels[name].get("help"):
            header.comment = Comment(labels[name]["help"], "Odoo")
        sheet.column_dimensions[get_column_letter(place)].width = width
        cell = sheet.cell(2, place, example.get(name))
        cell.font = Font(italic=True, color="808080")
    sheet.freeze_panes = "A2"
    _add_lists(book, sheet, choices, env._("Lists")[:31])
    book.save(target)


def _get_choices(env, name):
    """Names to choose from, as the importer finds them again."""
    domains = {
        "user_id": [("share", "=", False), ("company_ids", "in", env.company.ids)],
        "construction_type_id": [("company_id", "in", [False, env.company.id])],
    }
    comodel = env["crm.lead"]._fields[name].comodel_name
    return env[comodel].search(domains.get(name, []), limit=MOST_CHOICES).mapped("display_name")


def _get_example(env, choices):
    """A row that can be imported as it is."""
    kinds, country = choices["construction_type_id"], env.company.country_id.display_name
    return {
        "import_reference": "A-001",
        "name": env._("Bathroom renovation"),
        "construction_type_id": kinds[0] if kinds else "",
        "partner_name": env._("Example Company"),
        "contact_name": env._("Anna Example"),
        "email_from": "anna@example.com",
        "phone": "+1 202 555 0123",
        "street": env._("Main Street 1"),
        "zip": "10001",
        "city": env._("Example City"),
        "country_id": country or "",
        "user_id": env.user.display_name,
        "expected_revenue": 12500,
        "date_deadline": fields.Date.add(fields.Date.context_today(env["crm.lead"]), months=2),
    }


def _add_lists(book, sheet, choices, title):
    """The lists stand on a hidden sheet; the cells of their columns only take what is in them, or a warning."""
    lists = book.create_sheet(title)
    lists.sheet_state = "hidden"
    names = list(COLUMNS)
    for place, (name, values) in enumerate(choices.items(), 1):
        for row, value in enumerate(values, 1):
            lists.cell(row, place, value)
        if not values:
            continue
        source = f"'{title}'!${get_column_letter(place)}$1:${get_column_letter(place)}${len(values)}"
        # A value of one's own is warned of, not refused: the importer can make new sources.
        rule = DataValidation(type="list", formula1=source, allow_blank=True, errorStyle="warning", showErrorMessage=True)
        column = get_column_letter(names.index(name) + 1)
        rule.add(f"{column}2:{column}{ROWS}")
        sheet.add_data_validation(rule)
