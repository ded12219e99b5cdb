from odoo.exceptions import AccessError, MissingError
from odoo.http import Stream, request, route

from ..pipeline.portal_documents import PortalDocuments

MODEL = "construction.contract"
REPORT = "construction_crm.action_report_construction_contract"


class ContractCustomerPortal(PortalDocuments):
    """The contracts of a client: a list, a page, the print and the documents shared with him."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "construction_contract_count" in counters:
            values["construction_contract_count"] = self._count_own_documents(MODEL)
        return values

    @route(["/my/contracts", "/my/contracts/page/<int:page>"], type="http", auth="user", website=True)
    def portal_my_contracts(self, page=1, **kwargs):
        """List the client's contracts."""
        template = "construction_crm.portal_my_contracts"
        return self._render_own_documents(template, MODEL, page, "/my/contracts", "contracts")

    @route("/my/contracts/<int:contract_id>", type="http", auth="public", website=True)
    def portal_contract_page(self, contract_id, access_token=None, report_type=None, download=False, **kwargs):
        """Show a contract, or its print."""
        try:
            contract_sudo = self._document_check_access(MODEL, contract_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        if report_type in ("html", "pdf", "text"):
            return self._show_report(contract_sudo, report_type, REPORT, download=download)
        values = {
            "contract": contract_sudo,
            "plan": contract_sudo._get_portal_plan(),
            "documents": contract_sudo.document_ids.filtered("is_shared"),
        }
        template = "construction_crm.portal_contract_page"
        return self._render_own_document(template, contract_sudo, access_token, values, **kwargs)

    @route("/my/contracts/<int:contract_id>/documents/<int:document_id>", type="http", auth="public")
    def portal_contract_document(self, contract_id, document_id, access_token=None, **kwargs):
        """Download a document the office shares with the client."""
        try:
            contract_sudo = self._document_check_access(MODEL, contract_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        document_sudo = contract_sudo.document_ids.filtered(lambda file: file.id == document_id and file.is_shared)
        if not document_sudo:
            return request.redirect("/my")
        stream = request.env["ir.binary"]._get_stream_from(document_sudo, "file", document_sudo.file_name)
        return stream.get_response(as_attachment=True) if isinstance(stream, Stream) else request.not_found()
