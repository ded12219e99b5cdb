from odoo import models
from odoo.tools import format_date
from odoo.tools.misc import formatLang

from ..pipeline.formats import format_percent
from .formats import format_quantity


class ConstructionCertificate(models.Model):
    """The certificate on paper, in the language of the client."""

    _inherit = "construction.certificate"

    def _get_print_lang(self):
        self.ensure_one()
        return self.sudo().partner_id.lang or self.env.lang or "en_US"  # reason of sudo: the client's language only

    def _get_print_groups(self):
        """The chapters order by order: each order numbers its own.

        :return: list of (heading, lines), the heading empty where there is one order only
        """
        self.ensure_one()
        # reason of sudo: of an order of a colleague, too, the certificate says what is built
        by_order = self.line_ids.grouped(lambda line: line.sudo().position_id.order_id)
        if len(by_order) < 2:
            return [("", self.line_ids)]
        return [(self._get_order_heading(order), lines) for order, lines in by_order.items()]

    def _get_order_heading(self, order):
        date = format_date(self.env, order.date_order)
        if order.variation_number:
            return self.env._("Variation %(number)s of %(date)s", number=order.variation_number, date=date)
        return self.env._("Order %(number)s of %(date)s", number=order.name, date=date)

    def _get_net_in_words(self):
        """What is to be paid, spelled in the language of the client."""
        self.ensure_one()
        return self.currency_id._get_amount_in_words(self.amount_net, self._get_print_lang())

    def _format_percent(self):
        return format_percent(self.env, self.percent_done, digits=1)


class ConstructionCertificateLine(models.Model):
    _inherit = "construction.certificate.line"

    def _get_print_columns(self):
        """The columns of this chapter: amounts with the quantities they stand for.

        :return: list of dicts (key, amount, quantity) of texts, empty where there is nothing
        """
        self.ensure_one()
        figures = (
            ("contracted", self.amount_contracted, self.quantity_contracted),
            ("previous", self.amount_previous, self.quantity_previous),
            ("period", self.amount_period, self.quantity_period),
            ("cumulative", self.amount_cumulative, self.quantity_cumulative),
            ("remaining", self.amount_remaining, self.quantity_contracted - self.quantity_cumulative),
        )
        return [
            {"key": key, "amount": self._format_amount(amount), "quantity": self._format_quantity(quantity)}
            for key, amount, quantity in figures
        ]

    def _format_amount(self, amount):
        if self.currency_id.is_zero(amount):
            return ""
        return formatLang(self.env, amount, digits=self.currency_id.decimal_places)

    def _format_quantity(self, quantity):
        if self.is_follower or not round(quantity, 6):
            return ""
        return format_quantity(self.env, quantity, self.uom_id)

    def _format_percent(self):
        return format_percent(self.env, self.percent_cumulative, digits=1)
