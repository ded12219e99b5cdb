from odoo.exceptions import AccessError, MissingError
from odoo.fields import Domain
from odoo.http import Stream, request, route

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

REPORT = "construction_crm.action_report_construction_contract"


class ContractCustomerPortal(CustomerPortal):
    """The contracts of a client: a list, a page, the print and the documents shared with him.

    Portal users have no access to contracts themselves: what they get goes through these pages.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "construction_contract_count" in counters:
            domain = self._get_contracts_domain()
            # sudo: the domain is what the client may see.
            values["construction_contract_count"] = request.env["construction.contract"].sudo().search_count(domain)
        return values

    def _get_contracts_domain(self):
        """The contracts of whoever is logged in; those of no client for internal users without a contract."""
        return Domain(request.env["construction.contract"]._get_portal_domain(request.env.user.partner_id))

    def _get_contract(self, contract_id, access_token=None):
        """Give the contract to whom may see it: by the link, as its client, or in the office.

        :raises AccessError: to everyone else
        :raises MissingError: there is none
        """
        try:
            return self._document_check_access("construction.contract", contract_id, access_token=access_token)
        except AccessError:
            if request.env.user._is_public():
                raise
        # sudo: the domain is what the client may see.
        own = (
            request.env["construction.contract"]
            .sudo()
            .search(self._get_contracts_domain() & Domain("id", "=", contract_id))
        )
        if not own:
            raise AccessError(request.env._("This contract is not one of yours."))
        return own

    @route(["/my/contracts", "/my/contracts/page/<int:page>"], type="http", auth="user", website=True)
    def portal_my_contracts(self, page=1, **kwargs):
        # sudo: the domain is what the client may see.
        contracts_sudo = request.env["construction.contract"].sudo()
        domain = self._get_contracts_domain()
        pager = portal_pager(
            url="/my/contracts",
            total=contracts_sudo.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        contracts = contracts_sudo.search(domain, limit=self._items_per_page, offset=pager["offset"])
        request.session["my_construction_contracts_history"] = contracts.ids[:100]
        values = {
            **self._prepare_portal_layout_values(),
            "contracts": contracts,
            "page_name": "construction_contract",
            "pager": pager,
            "default_url": "/my/contracts",
        }
        return request.render("construction_crm.portal_my_contracts", values)

    @route("/my/contracts/<int:contract_id>", type="http", auth="public", website=True)
    def portal_contract_page(self, contract_id, access_token=None, report_type=None, download=False, **kwargs):
        try:
            contract_sudo = self._get_contract(contract_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        if report_type in ("html", "pdf", "text"):
            return self._show_report(contract_sudo, report_type, REPORT, download=download)
        values = self._get_page_view_values(
            contract_sudo,
            access_token,
            {
                "contract": contract_sudo,
                "page_name": "construction_contract",
                "plan": contract_sudo._get_portal_plan(),
                "documents": contract_sudo.document_ids.filtered("is_shared"),
            },
            "my_construction_contracts_history",
            False,
            **kwargs,
        )
        return request.render("construction_crm.portal_contract_page", values)

    @route("/my/contracts/<int:contract_id>/documents/<int:document_id>", type="http", auth="public")
    def portal_contract_document(self, contract_id, document_id, access_token=None, **kwargs):
        """Download a document the office shares with the client."""
        try:
            contract_sudo = self._get_contract(contract_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        document_sudo = contract_sudo.document_ids.filtered(lambda file: file.id == document_id and file.is_shared)
        if not document_sudo:
            return request.redirect("/my")
        stream = request.env["ir.binary"]._get_stream_from(document_sudo, "file", document_sudo.file_name)
        return stream.get_response(as_attachment=True) if isinstance(stream, Stream) else request.not_found()
