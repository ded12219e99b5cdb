"""The materials of projects as a spreadsheet."""

import xlsxwriter

from odoo import models
from odoo.exceptions import UserError

from ..estimate.construction_recipe_cost import COST_GROUP
from .construction_material_stock import STOCK_MOVE

WIDTHS = {"name": 44, "code": 16, "project": 28, "stage": 22, "vendor": 26, "note": 30}
# More than fit into the address of a download.
MANY = 800


class ConstructionMaterial(models.Model):
    _inherit = "construction.material"

    def action_export(self):
        """Download these materials as a spreadsheet."""
        self.check_access("read")
        if not self:
            raise UserError(self.env._("Choose the materials to export."))
        by_project = len(self) > MANY
        ids = ",".join(str(record_id) for record_id in (self.project_id if by_project else self).ids)
        return {
            "type": "ir.actions.act_url",
            "url": f"/construction_crm/materials?{'project_ids' if by_project else 'ids'}={ids}",
            "target": "download",
        }


def write_materials(file, materials):
    """Write materials as XLSX; costs only for who may see them, texts as texts whatever they begin with.

    :param file: a binary file open for writing
    """
    workbook = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    env = materials.env
    sheet = workbook.add_worksheet(env._("Materials")[:31])
    formats = {
        "title": workbook.add_format({"bold": True, "font_size": 14}),
        "head": workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
        "quantity": workbook.add_format({"num_format": "#,##0.00"}),
        "date": workbook.add_format({"num_format": "yyyy-mm-dd"}),
        "text": None,
    }
    columns = _get_columns(materials)
    projects = ", ".join(project.display_name for project in materials.project_id)
    sheet.write_string(0, 0, env._("Materials of %(projects)s", projects=projects)[:32000], formats["title"])
    for column, (key, title, _kind) in enumerate(columns):
        sheet.set_column(column, column, WIDTHS.get(key, 13))
        sheet.write_string(2, column, title, formats["head"])
    sheet.freeze_panes(3, 0)
    sheet.repeat_rows(2)
    writers = {"quantity": sheet.write_number, "date": sheet.write_datetime, "text": sheet.write_string}
    for row, material in enumerate(materials, start=3):
        cells = _prepare_cells(material)
        for column, (key, _title, kind) in enumerate(columns):
            if cells[key] or kind == "quantity":
                writers[kind](row, column, cells[key], formats[kind])
    workbook.close()


def _get_columns(materials):
    """List `(key, title, kind)` of the columns."""
    fields, env = materials._fields, materials.env

    def title(name):
        return fields[name]._description_string(env)

    columns = [("project", title("project_id"), "text")] if len(materials.project_id) > 1 else []
    columns += [
        ("stage", title("project_stage_id"), "text"),
        ("code", env._("Reference"), "text"),
        ("name", title("product_id"), "text"),
        ("unit", env._("Unit"), "text"),
        ("planned", title("quantity_planned"), "quantity"),
        ("extra", title("quantity_extra"), "quantity"),
        ("ordered", title("quantity_ordered"), "quantity"),
        ("used", title("quantity_used"), "quantity"),
        *([("stock", title("quantity_from_stock"), "quantity")] if STOCK_MOVE in env else []),
        ("missing", title("quantity_missing"), "quantity"),
        ("packs", title("quantity_to_order"), "quantity"),
        ("pack", title("pack_uom_id"), "text"),
        ("vendor", title("vendor_id"), "text"),
        ("date", title("date_needed"), "date"),
        ("note", title("note"), "text"),
    ]
    if env.user.has_group(COST_GROUP):
        columns += [("unit_cost", title("unit_cost"), "quantity"), ("amount", title("amount"), "quantity")]
    return columns


def _prepare_cells(material):
    product = material.product_id
    cells = {
        "project": material.project_id.display_name,
        "stage": material.project_stage_id.name,
        "code": product.default_code,
        "name": product.with_context(display_default_code=False).display_name,
        "unit": material.uom_id.name,
        "planned": material.quantity_planned,
        "extra": material.quantity_extra,
        "ordered": material.quantity_ordered,
        "used": material.quantity_used,
        "stock": material.quantity_from_stock,
        "missing": material.quantity_missing,
        "packs": material.pack_count or material.quantity_missing,
        "pack": (material.pack_uom_id or material.uom_id).name if material.quantity_missing else "",
        "vendor": material.vendor_id.display_name,
        "date": material.date_needed,
        "note": material.note,
    }
    if material.env.user.has_group(COST_GROUP):
        cells |= {"unit_cost": material.unit_cost, "amount": material.amount}
    return cells
