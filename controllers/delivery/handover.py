import binascii

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request, route

from ..pipeline.portal_documents import PortalDocuments

MODEL = "construction.handover"
REPORT = "construction_crm.action_report_construction_handover"


class HandoverCustomerPortal(PortalDocuments):
    """The handover acts of a client: a list, a page, the print, and the signature."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "construction_handover_count" in counters:
            values["construction_handover_count"] = self._count_own_documents(MODEL)
        return values

    @route(["/my/handovers", "/my/handovers/page/<int:page>"], type="http", auth="user", website=True)
    def portal_my_handovers(self, page=1, **kwargs):
        """List the client's acts."""
        template = "construction_crm.portal_my_handovers"
        return self._render_own_documents(template, MODEL, page, "/my/handovers", "acts")

    @route("/my/handovers/<int:act_id>", type="http", auth="public", website=True)
    def portal_handover_page(
        self, act_id, access_token=None, report_type=None, download=False, message=False, **kwargs
    ):
        """Show an act, or its print: the one that was kept once it is signed."""
        try:
            act_sudo = self._document_check_access(MODEL, act_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        if act_sudo.state not in ("ready", "signed") and not request.env.user._is_internal():
            return request.redirect("/my")
        if report_type == "pdf" and act_sudo.signed_attachment_id:
            stream = request.env["ir.binary"]._get_stream_from(act_sudo.signed_attachment_id)
            return stream.get_response(as_attachment=bool(download))
        if report_type in ("html", "pdf", "text"):
            return self._show_report(act_sudo, report_type, REPORT, download=download)
        template = "construction_crm.portal_handover_page"
        values = {"act": act_sudo, "message": message}
        return self._render_own_document(template, act_sudo, access_token, values, **kwargs)

    @route(
        "/my/handovers/<int:act_id>/accept",
        type="jsonrpc",  # not stale: the type of Odoo 19
        auth="public",
        website=True,
    )
    def portal_handover_accept(self, act_id, access_token=None, name=None, signature=None):
        """Keep the client's signature."""
        # get from query string if not on json param
        access_token = access_token or request.httprequest.args.get("access_token")
        try:
            act_sudo = self._document_check_access(MODEL, act_id, access_token)
        except (AccessError, MissingError):
            return {"error": request.env._("There is no such handover act, or it is not yours.")}
        if not signature:
            return {"error": request.env._("Please sign first.")}
        try:
            act_sudo._accept_online(name, signature)
        except UserError as error:
            return {"error": str(error)}
        except (TypeError, binascii.Error):
            return {"error": request.env._("The signature could not be read. Please sign again.")}
        return {"force_refresh": True, "redirect_url": act_sudo.get_portal_url(query_string="&message=sign_ok")}
