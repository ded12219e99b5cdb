from odoo import api, models
from odoo.fields import Date
from odoo.tools import SQL

CURRENCY = "company_currency"


class CrmLead(models.Model):
    """Sums over many deals, at the price of adding them up once."""

    _inherit = "crm.lead"

    def _read_group_select(self, aggregate_spec, query):
        """Where all companies have one currency, no deal is asked for its own: stock sorts all of them by it."""
        name, _separator, function = aggregate_spec.partition(":")
        if name == CURRENCY and function == "array_agg_distinct":
            currency_id = self.env["res.company"]._get_only_currency_id()
            if currency_id:
                return SQL("CASE WHEN COUNT(*) > 0 THEN ARRAY[%s] END", currency_id)
        elif function == "sum_currency" and self._is_in_company_currency(name):
            currency_id = self.env["res.company"]._get_only_currency_id()
            if currency_id:
                amount, rate = self._field_to_sql(self._table, name, query), self._select_rate(currency_id)
                return SQL("SUM(%s) / COALESCE(%s, 1.0)", amount, rate)
        return super()._read_group_select(aggregate_spec, query)

    def _is_in_company_currency(self, name):
        field = self._fields.get(name)
        return field and field.type == "monetary" and field.get_currency_field(self) == CURRENCY

    @api.model
    def _select_rate(self, currency_id):
        """The rate stock converts sums by, of one currency."""
        rates = self.env["res.currency.rate"]
        company, day = rates._field_to_sql(rates._table, "company_id"), rates._field_to_sql(rates._table, "name")
        return SQL(
            "(SELECT %(rate)s FROM res_currency_rate"
            " WHERE %(currency)s = %(currency_id)s AND (%(company)s IS NULL OR %(company)s = %(company_id)s)"
            " ORDER BY %(company)s, CASE WHEN %(day)s <= %(today)s THEN %(day)s END DESC,"
            " CASE WHEN %(day)s > %(today)s THEN %(day)s END LIMIT 1)",
            rate=rates._field_to_sql(rates._table, "rate"),
            currency=rates._field_to_sql(rates._table, "currency_id"),
            currency_id=currency_id,
            company=company,
            company_id=self.env.company.root_id.id,
            day=day,
            today=Date.context_today(self),
        )
