from odoo.exceptions import AccessError
from odoo.http import Controller, request, route

from ...models.pipeline.deal_template import write_template
from .spreadsheet import send_spreadsheet


class DealTemplateController(Controller):
    @route("/construction_crm/deals/template.xlsx", type="http", auth="user", readonly=True)
    def download_template(self):
        """Give the file to fill in with deals, in the language of the user and with lists of what there is."""
        if not request.env["crm.lead"].has_access("create"):
            raise AccessError(request.env._("Only whoever may make deals can import them."))
        return send_spreadsheet(request.env._("Deals"), write_template, request.env)
