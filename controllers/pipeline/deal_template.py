import io

from odoo.exceptions import AccessError
from odoo.http import Controller, content_disposition, request, route

from ...models.pipeline.deal_template import write_template

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class DealTemplateController(Controller):
    @route("/construction_crm/deals/template.xlsx", type="http", auth="user", readonly=True)
    def download_template(self):
        """Give the file to fill in with deals, in the language of the user and with lists of what there is."""
        if not request.env["crm.lead"].has_access("create"):
            raise AccessError(request.env._("Only whoever may make deals can import them."))
        content = io.BytesIO()
        write_template(content, request.env)
        name = request.env._("Deals") + ".xlsx"
        headers = [("Content-Type", XLSX), ("Content-Disposition", content_disposition(name))]
        return request.make_response(content.getvalue(), headers=headers)
