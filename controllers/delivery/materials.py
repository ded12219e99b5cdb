from odoo.exceptions import AccessError
from odoo.http import Controller, request, route

from ...models.delivery.construction_material_export import write_materials
from ..pipeline.spreadsheet import send_spreadsheet


class MaterialController(Controller):
    @route("/construction_crm/materials", type="http", auth="user", methods=["GET"], readonly=True)
    def download_materials(self, ids="", project_ids=""):
        """Give a list of materials as a spreadsheet; costs only to who may see them."""
        env = request.env
        if not env.user._is_internal():
            raise AccessError(env._("Lists of materials are for employees only."))
        field, text = ("id", ids) if ids else ("project_id", project_ids)
        wanted = [int(part) for part in text.split(",") if part.isdecimal()]
        materials = env["construction.material"].search([(field, "in", wanted)])
        if not materials:
            raise request.not_found()
        project = materials.project_id.display_name if len(materials.project_id) == 1 else ""
        name = env._("Materials %(project)s", project=project).strip()
        return send_spreadsheet(name, write_materials, materials)
