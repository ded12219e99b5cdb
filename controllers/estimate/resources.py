import io

from odoo.exceptions import AccessError
from odoo.http import Controller, content_disposition, request, route

from ...models.estimate.resource_workbook import write_resources

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ResourceController(Controller):
    @route("/construction_crm/resources/<string:model>/<int:record_id>", type="http", auth="user", readonly=True)
    def download_resources(self, model, record_id):
        """Give the resource list of a document as a spreadsheet; costs only to who may see them."""
        documents = request.env.get(model)
        if documents is None or not hasattr(documents, "_get_resources") or documents._abstract:
            raise request.not_found()
        if not request.env.user._is_internal():
            raise AccessError(request.env._("Resource lists are for employees only."))
        document = documents.browse(record_id).exists()
        if not document:
            raise request.not_found()
        document.check_access("read")
        content = io.BytesIO()
        write_resources(content, document)
        name = request.env._("Resources of %(document)s", document=document.display_name)
        headers = [("Content-Type", XLSX), ("Content-Disposition", content_disposition(f"{name}.xlsx"))]
        return request.make_response(content.getvalue(), headers=headers)
