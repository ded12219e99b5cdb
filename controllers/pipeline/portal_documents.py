from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager


class PortalDocuments(CustomerPortal):
    """Documents of ours on the portal of their client.

    Portal users have no access to the records themselves: what they get goes through pages built on these methods.
    A model takes part by `portal.mixin` and a `_get_portal_domain(partner)`: what this client finds on the portal.
    """

    def _document_check_access(self, model_name, document_id, access_token=None):
        """Let a client in to documents of his own, beside those who may read them or hold their link."""
        try:
            return super()._document_check_access(model_name, document_id, access_token=access_token)
        except AccessError:
            if request.env.user._is_public() or not hasattr(request.env[model_name], "_get_portal_domain"):
                raise
            own_sudo = self._search_own_documents(model_name, Domain("id", "=", document_id))
            if not own_sudo:
                raise
            return own_sudo

    def _get_own_documents_domain(self, model_name):
        """The documents of whoever is logged in; those of no client for people of the office."""
        return Domain(request.env[model_name]._get_portal_domain(request.env.user.partner_id))

    def _search_own_documents(self, model_name, domain=Domain.TRUE, **options):
        domain &= self._get_own_documents_domain(model_name)
        # sudo: the domain is what the client may see.
        return request.env[model_name].sudo().search(domain, **options)

    def _count_own_documents(self, model_name):
        # sudo: the domain is what the client may see.
        return request.env[model_name].sudo().search_count(self._get_own_documents_domain(model_name))

    def _render_own_documents(self, template, model_name, page, url, names):
        """Render a page of the list of own documents.

        :param str names: what the template calls the records
        """
        pager = portal_pager(url=url, total=self._count_own_documents(model_name), page=page, step=self._items_per_page)
        documents_sudo = self._search_own_documents(model_name, limit=self._items_per_page, offset=pager["offset"])
        request.session[self._get_documents_history(model_name)] = documents_sudo.ids[:100]
        values = {
            **self._prepare_portal_layout_values(),
            names: documents_sudo,
            "page_name": model_name.replace(".", "_"),
            "pager": pager,
            "default_url": url,
        }
        return request.render(template, values)

    def _render_own_document(self, template, document_sudo, access_token, values, **kwargs):
        """Render the page of one document; with Previous and Next for whoever came from the list."""
        values = {**values, "page_name": document_sudo._name.replace(".", "_")}
        history = self._get_documents_history(document_sudo._name)
        values = self._get_page_view_values(document_sudo, access_token, values, history, False, **kwargs)
        return request.render(template, values)

    def _get_documents_history(self, model_name):
        return f"my_{model_name.replace('.', '_')}s_history"
