import binascii

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

REPORT = "construction_crm.action_report_construction_handover"


class HandoverCustomerPortal(CustomerPortal):
    """The handover acts of a client: a list, a page, the print, and the signature.

    Portal users have no access to acts themselves: what they get goes through these pages.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "construction_handover_count" in counters:
            domain = self._get_handovers_domain()
            # sudo: the domain is what the client may see.
            values["construction_handover_count"] = request.env["construction.handover"].sudo().search_count(domain)
        return values

    def _get_handovers_domain(self):
        """The acts of whoever is logged in."""
        return Domain(request.env["construction.handover"]._get_portal_domain(request.env.user.partner_id))

    def _get_handover(self, act_id, access_token=None):
        """Give the act to whom may see it: by the link, as its client, or in the office.

        :raises AccessError: to everyone else
        :raises MissingError: there is none
        """
        try:
            return self._document_check_access("construction.handover", act_id, access_token=access_token)
        except AccessError:
            if request.env.user._is_public():
                raise
        # sudo: the domain is what the client may see.
        acts_sudo = request.env["construction.handover"].sudo()
        own = acts_sudo.search(self._get_handovers_domain() & Domain("id", "=", act_id))
        if not own:
            raise AccessError(request.env._("This handover act is not one of yours."))
        return own

    @route(["/my/handovers", "/my/handovers/page/<int:page>"], type="http", auth="user", website=True)
    def portal_my_handovers(self, page=1, **kwargs):
        # sudo: the domain is what the client may see.
        acts_sudo = request.env["construction.handover"].sudo()
        domain = self._get_handovers_domain()
        pager = portal_pager(
            url="/my/handovers",
            total=acts_sudo.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        acts = acts_sudo.search(domain, limit=self._items_per_page, offset=pager["offset"])
        request.session["my_construction_handovers_history"] = acts.ids[:100]
        values = {
            **self._prepare_portal_layout_values(),
            "acts": acts,
            "page_name": "construction_handover",
            "pager": pager,
            "default_url": "/my/handovers",
        }
        return request.render("construction_crm.portal_my_handovers", values)

    @route("/my/handovers/<int:act_id>", type="http", auth="public", website=True)
    def portal_handover_page(
        self, act_id, access_token=None, report_type=None, download=False, message=False, **kwargs
    ):
        try:
            act_sudo = self._get_handover(act_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        if act_sudo.state not in ("ready", "signed") and not request.env.user._is_internal():
            return request.redirect("/my")
        if report_type == "pdf" and act_sudo.signed_attachment_id:
            stream = request.env["ir.binary"]._get_stream_from(act_sudo.signed_attachment_id)
            return stream.get_response(as_attachment=bool(download))
        if report_type in ("html", "pdf", "text"):
            return self._show_report(act_sudo, report_type, REPORT, download=download)
        values = self._get_page_view_values(
            act_sudo,
            access_token,
            {"act": act_sudo, "page_name": "construction_handover", "message": message},
            "my_construction_handovers_history",
            False,
            **kwargs,
        )
        return request.render("construction_crm.portal_handover_page", values)

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
            act_sudo = self._get_handover(act_id, access_token)
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
