from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.sale.controllers.portal import CustomerPortal, PaymentPortal

from ...models.quote.sale_order_presentation import PREVIEW_KEY


def _get_refusal_message(portal, order_id, access_token):
    """Say why a quote cannot be accepted: superseded, expired, or chosen as nobody approved; nothing for all others."""
    try:
        order_sudo = portal._document_check_access("sale.order", order_id, access_token)
    except (AccessError, MissingError):
        return None  # Stock answers that.
    if order_sudo.superseded_by_id:
        return order_sudo._get_superseded_message()
    if order_sudo.is_expired and order_sudo._is_construction_quote():
        return order_sudo._get_expired_message()
    if order_sudo._lacks_confirmation():
        return order_sudo._get_choice_message()
    return None


class QuoteCustomerPortal(CustomerPortal):
    def _document_check_access(self, model_name, document_id, access_token=None):
        document_sudo = super()._document_check_access(model_name, document_id, access_token=access_token)
        # The office looks at its drafts as the client will see them; the client sees what was approved.
        is_client = request.env.user.share
        if model_name == "sale.order" and is_client and document_sudo._lacks_approval():
            raise MissingError(request.env._("This quote is not ready yet."))
        if model_name == "sale.order" and self._may_preview(document_sudo):
            preview = request.httprequest.args.get("presentation")
            document_sudo = document_sudo.with_context(**{PREVIEW_KEY: preview})
        return document_sudo

    def _may_preview(self, order_sudo):
        """Tell whether the user may try presentations: the office, never the client."""
        if not request.env.user._is_internal() or not order_sudo._is_construction_quote():
            return False
        return order_sudo.with_env(request.env).has_access("read")

    def _get_previews(self, order_sudo):
        """List the presentations the office can look at from this page."""
        if not self._may_preview(order_sudo):
            return []
        shown = order_sudo._get_shown_presentation()
        return [
            {
                "label": label,
                "url": order_sudo.get_portal_url(query_string=f"&presentation={name}"),
                "is_shown": name == shown,
            }
            for name, label in order_sudo.with_env(request.env)._get_presentations()
        ]

    def _prepare_quotations_domain(self, partner):
        # A quote that was replaced is reached from the one that replaced it.
        domain = super()._prepare_quotations_domain(partner)
        return [*Domain.AND([domain, Domain("superseded_by_id", "=", False)])]

    @route()
    def portal_order_page(self, order_id, report_type=None, access_token=None, replaced=None, **kw):
        """Lead the client from a quote that was replaced to the one that holds.

        `replaced` comes from our own links: "read" to read the old one, or the id of the quote the client came from.
        """
        if not report_type and replaced != "read" and request.env.user.share:
            url = self._get_replacement_url(order_id, access_token)
            if url:
                return request.redirect(url)
        return super().portal_order_page(order_id, report_type=report_type, access_token=access_token, **kw)

    def _get_replacement_url(self, order_id, access_token):
        try:
            order_sudo = self._document_check_access("sale.order", order_id, access_token=access_token)
        except (AccessError, MissingError):
            return None  # Stock answers that.
        if not order_sudo.superseded_by_id:
            return None
        return order_sudo._get_replacement_portal_url(query_string=f"&replaced={order_sudo.id}")

    def _get_page_view_values(self, document, access_token, values, session_history, no_breadcrumbs, **kwargs):
        values = super()._get_page_view_values(
            document, access_token, values, session_history, no_breadcrumbs, **kwargs
        )
        if document._name == "sale.order":
            values["replaced_sudo"] = self._get_replaced_order(document)
            values["previews"] = self._get_previews(document)
        return values

    def _get_replaced_order(self, order_sudo):
        """Give the older issue whose link the client opened, when he was led on from it."""
        replaced = request.httprequest.args.get("replaced", "")
        is_id = replaced.isdecimal() and len(replaced) < 10
        issue_sudo = order_sudo.browse(int(replaced) if is_id else ()).exists()
        # An id typed by hand must not show another client's quote.
        return issue_sudo.filtered(lambda issue: issue != order_sudo and issue._get_current_issue() == order_sudo)

    @route()
    def portal_quote_accept(self, order_id, access_token=None, name=None, signature=None):
        token = access_token or request.httprequest.args.get("access_token")
        message = _get_refusal_message(self, order_id, token)
        if message:
            return {"error": message}
        return super().portal_quote_accept(order_id, access_token=access_token, name=name, signature=signature)


class QuotePaymentPortal(PaymentPortal):
    @route()
    def portal_order_transaction(self, order_id, access_token, **kwargs):
        message = _get_refusal_message(self, order_id, access_token)
        if message:
            raise ValidationError(message)
        return super().portal_order_transaction(order_id, access_token, **kwargs)


class QuoteDeclinePortal(CustomerPortal):
    def _get_page_view_values(self, document, access_token, values, session_history, no_breadcrumbs, **kwargs):
        values = super()._get_page_view_values(
            document, access_token, values, session_history, no_breadcrumbs, **kwargs
        )
        if document._name == "sale.order" and document._is_construction_quote() and document._can_be_declined_online():
            # The language of the page, not that of the one who made the quote.
            values["decline_reasons_sudo"] = document.env["crm.lost.reason"]._get_client_reasons()
        return values

    @route()
    def portal_quote_decline(self, order_id, access_token=None, decline_message=None, decline_reason=None, **kwargs):
        """Keep the reason a client gives; without one, a construction quote is not declined."""
        try:
            order_sudo = self._document_check_access("sale.order", order_id, access_token=access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        if not order_sudo._is_construction_quote() or not order_sudo._can_be_declined_online():
            return super().portal_quote_decline(
                order_id, access_token=access_token, decline_message=decline_message, **kwargs
            )
        reasons_sudo = order_sudo.env["crm.lost.reason"]._get_client_reasons()
        reason_sudo = reasons_sudo.filtered(lambda reason: str(reason.id) == decline_reason)
        note = (decline_message or "").strip()
        if not reason_sudo and (reasons_sudo or not note):
            return request.redirect(order_sudo.get_portal_url(query_string="&message=decline_reason"))
        author = order_sudo.partner_id if request.env.user._is_public() else request.env.user.partner_id
        # As stock does: amounts are written in the name of a client, who may not read their currency himself.
        order_sudo.order_line.mapped("currency_id")
        try:
            order_sudo._decline(reason_sudo, note, author)
        except UserError:  # Somebody is working on it, or was quicker.
            return request.redirect(order_sudo.get_portal_url(query_string="&message=cant_reject"))
        return request.redirect(order_sudo.get_portal_url(query_string="&message=declined"))


class QuoteChoicePortal(CustomerPortal):
    @route("/my/orders/<int:order_id>/chapters/<int:line_id>/choose", type="http", auth="public", methods=["POST"])
    def portal_choose_chapter(self, order_id, line_id, access_token=None, chosen=None, **kwargs):
        """Let the customer take or leave an option, or take one of several alternatives."""
        try:
            order_sudo = self._document_check_access("sale.order", order_id, access_token=access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        chapter_sudo = order_sudo.order_line.filtered(lambda line: line.id == line_id and line.chapter_choice)
        if chapter_sudo and order_sudo._can_choose_chapters() and chapter_sudo.is_chosen != bool(chosen):
            order_sudo._lock_for_revision()
            chapter_sudo._choose(bool(chosen))
        return request.redirect(order_sudo.get_portal_url(anchor="portal_sale_content"))
