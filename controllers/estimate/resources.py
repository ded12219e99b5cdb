from odoo.exceptions import AccessError
from odoo.http import Controller, request, route

from ...models.estimate.resource_workbook import write_resources
from ..pipeline.spreadsheet import send_spreadsheet


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
        name = request.env._("Resources of %(document)s", document=document.display_name)
        return send_spreadsheet(name, write_resources, document)
