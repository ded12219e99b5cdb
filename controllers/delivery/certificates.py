from odoo.exceptions import AccessError, MissingError
from odoo.http import Controller, request, route

from ...models.delivery.certificate_workbook import write_certificate
from ..contract.portal import MODEL, ContractCustomerPortal
from ..pipeline.spreadsheet import send_spreadsheet

REPORT = "construction_crm.action_report_certificate"


class CertificateController(Controller):
    @route("/construction_crm/certificate/<int:certificate_id>/xlsx", type="http", auth="user", readonly=True)
    def download_certificate(self, certificate_id):
        """Give a certificate as a spreadsheet; amounts only to who may see them."""
        env = request.env
        if not env.user._is_internal():
            raise AccessError(env._("Spreadsheets of certificates are for employees only."))
        certificate = env["construction.certificate"].browse(certificate_id).exists()
        if not certificate:
            raise request.not_found()
        certificate.check_access("read")
        return send_spreadsheet(certificate._get_report_base_filename(), write_certificate, certificate)


class CertificateCustomerPortal(ContractCustomerPortal):
    """The approved certificates of a contract, for whom may see the contract."""

    @route("/my/contracts/<int:contract_id>/certificates/<int:certificate_id>", type="http", auth="public")
    def portal_contract_certificate(self, contract_id, certificate_id, access_token=None, download=False, **kwargs):
        """Give an approved certificate of this contract as PDF."""
        try:
            contract_sudo = self._document_check_access(MODEL, contract_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        approved = contract_sudo._get_portal_certificates()
        certificate_sudo = approved.filtered(lambda certificate: certificate.id == certificate_id)
        if not certificate_sudo:
            return request.redirect(contract_sudo.get_portal_url())
        return self._show_report(certificate_sudo, "pdf", REPORT, download=download)
