from odoo.exceptions import AccessError, MissingError, ValidationError
from odoo.http import request, route

from odoo.addons.sale.controllers.portal import CustomerPortal, PaymentPortal


def _get_superseded_message(portal, order_id, access_token):
    """Say why a superseded quote cannot be accepted; nothing for all other quotes."""
    try:
        order_sudo = portal._document_check_access("sale.order", order_id, access_token)
    except (AccessError, MissingError):
        return None  # Stock answers that.
    return order_sudo.superseded_by_id and order_sudo._get_superseded_message()


class QuoteCustomerPortal(CustomerPortal):
    @route()
    def portal_quote_accept(self, order_id, access_token=None, name=None, signature=None):
        token = access_token or request.httprequest.args.get("access_token")
        message = _get_superseded_message(self, order_id, token)
        if message:
            return {"error": message}
        return super().portal_quote_accept(order_id, access_token=access_token, name=name, signature=signature)


class QuotePaymentPortal(PaymentPortal):
    @route()
    def portal_order_transaction(self, order_id, access_token, **kwargs):
        message = _get_superseded_message(self, order_id, access_token)
        if message:
            raise ValidationError(message)
        return super().portal_order_transaction(order_id, access_token, **kwargs)


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
