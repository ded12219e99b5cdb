from odoo import models


class ConstructionCertificate(models.Model):
    """The certificate as a file: for the office as a spreadsheet, for the client on the page of his contract."""

    _inherit = "construction.certificate"

    def action_export(self):
        """Download this certificate as a spreadsheet."""
        self.ensure_one()
        self.check_access("read")
        url = f"/construction_crm/certificate/{self.id}/xlsx"
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}

    def _get_report_base_filename(self):
        """The name of the file, without its ending."""
        self.ensure_one()
        # reason of sudo: only the number of the contract
        contract = self.sudo().contract_id.name or ""
        return self.env._("Certificate %(number)s %(contract)s", number=self.number, contract=contract)

    def _get_portal_url(self):
        """Where the client finds the print, for whom may see the contract.

        :return: address with the token of the contract
        """
        self.ensure_one()
        return self.contract_id.get_portal_url(suffix=f"/certificates/{self.id}", download=True)


class ConstructionContract(models.Model):
    _inherit = "construction.contract"

    def _get_portal_certificates(self):
        """The certificates the client finds on the portal: the approved ones, as they count."""
        self.ensure_one()
        return self.certificate_ids.filtered(lambda certificate: certificate.step == "approved").sorted("number")
