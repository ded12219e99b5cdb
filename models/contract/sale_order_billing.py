from odoo import models
from odoo.exceptions import RedirectWarning
from odoo.fields import Command

from .construction_contract_invoicing import BY_PLAN


class SaleOrder(models.Model):
    """How the payment plan of a contract invoices its orders, and nothing else does."""

    _inherit = "sale.order"

    # === BUSINESS === #

    def _prepare_contract_values(self):
        values = super()._prepare_contract_values()
        construction_type = self.opportunity_id.construction_type_id
        if construction_type:
            values |= construction_type._prepare_invoicing_terms_values()
        return values

    def _check_not_invoiced_by_plan(self):
        """Refuse stock's invoicing of orders whose contract is invoiced by its payment plan.

        :raises RedirectWarning: leads to the contract
        """
        # reason of sudo: an invoice is refused whether or not the user may read the contract
        contracts = self.sudo().contract_id.filtered(
            lambda contract: contract.state != "cancelled" and not contract.is_one_off
        )
        if not contracts:
            return
        # reason of sudo: as above
        orders = self.filtered(lambda order: order.sudo().contract_id in contracts)
        raise RedirectWarning(
            self.env._(
                "%(orders)s: invoiced by the payment plan of contract %(contracts)s. "
                "Invoice the instalments of the contract instead.",
                orders=", ".join(orders.mapped("name")),
                contracts=", ".join(contracts.mapped("name")),
            ),
            contracts._get_records_action(name=self.env._("Contract")),
            self.env._("Open the Contract"),
        )

    def _create_invoices(self, grouped=False, final=False, date=None):
        if self.env.context.get("construction_invoice_by_plan") is not BY_PLAN:
            self._check_not_invoiced_by_plan()
        return super()._create_invoices(grouped=grouped, final=final, date=date)

    def _get_invoice_grouping_keys(self):
        """Orders of one contract are settled together, whatever their addresses and fiscal positions."""
        if self.env.context.get("construction_invoice_by_plan") is BY_PLAN:
            return ["company_id", "currency_id"]
        return super()._get_invoice_grouping_keys()

    def _has_regular_invoice(self):
        """Whether lines other than down payments are invoiced."""
        self.ensure_one()
        return any(line.qty_invoiced for line in self.order_line if not line.is_downpayment and not line.display_type)

    def _get_invoiceable_lines(self, final=False):
        """The settlement of a contract deducts what its down payments come to now, not how many there are."""
        lines = super()._get_invoiceable_lines(final)
        if final and self.contract_id:
            down_payments = self.order_line.filtered(lambda line: line.is_downpayment and not line.display_type)
            lines -= down_payments
            lines |= down_payments.filtered(lambda line: not line.currency_id.is_zero(line._get_billed_price()))
        return lines

    def _get_billed_total(self):
        """What invoices bill on this order, taxes included, drafts too."""
        self.ensure_one()
        return sum(line._get_billed_total() for line in self.order_line)

    def _get_advance_lines(self):
        """Down payments of advances, and what was taken back of them."""
        self.ensure_one()
        return self.order_line.filtered(lambda line: line._is_of_advance())

    def _get_advance_left(self):
        """What is left of the advances billed on this order, taxes included."""
        self.ensure_one()
        return sum(line._get_billed_total() for line in self._get_advance_lines())

    def _create_plan_lines(self, instalment, amount):
        """Down payment lines of this order that bill `amount`, taxes included, for an instalment.

        :return: the new lines, and the account each is billed on
        """
        self.ensure_one()
        lines = self.order_line.filtered(lambda line: not line.display_type and not line.is_downpayment)
        base_lines = [line._prepare_base_line_for_taxes_computation() for line in lines]
        parts = self._split_down_payment(base_lines, amount, f"instalment,{instalment.id},{self.id}")
        wizard = self.env["sale.advance.payment.inv"].with_company(self.company_id).new({"sale_order_ids": self.ids})
        accounts = [part["account_id"] or wizard._get_down_payment_account(part["product_id"]) for part in parts]
        return self._create_down_payments(instalment, parts), accounts

    def _create_recoupment_lines(self, instalment, amount):
        """Negative down payment lines that take `amount` back of the advances, with their taxes and accounts.

        :return: the new lines, and the account each is billed on
        """
        self.ensure_one()
        base_lines = []
        for line in self._get_advance_lines():
            price = line._get_billed_price()
            if not line.currency_id.is_zero(price):
                base_lines.append(
                    line._prepare_base_line_for_taxes_computation(
                        quantity=1.0,
                        price_unit=price,
                        account_id=line._get_billed_lines().account_id[:1],
                    )
                )
        parts = self._split_down_payment(
            base_lines,
            amount,
            f"recoupment,{instalment.id},{self.id}",
            grouping_function=lambda part: {"account_id": part["account_id"]},
        )
        lines = self._create_down_payments(instalment, parts, is_recoupment=True)
        return lines, [part["account_id"] for part in parts]

    def _split_down_payment(self, base_lines, amount, key, **options):
        """Reduce lines to `amount`, taxes included, by their taxes: see stock's down payments.

        :param str key: taxes are rounded among the parts with the same key
        """
        taxes = self.env["account.tax"]
        taxes._add_tax_details_in_base_lines(base_lines, self.company_id)
        taxes._round_base_lines_tax_details(base_lines, self.company_id)
        return taxes._prepare_down_payment_lines(
            base_lines=base_lines,
            company=self.company_id,
            amount_type="fixed",
            amount=amount,
            computation_key=key,
            **options,
        )

    def _create_down_payments(self, instalment, parts, is_recoupment=False):
        self._create_down_payment_section_line_if_needed()
        sequence = max(self.order_line.mapped("sequence") or [10]) + 1
        values_list = []
        for index, part in enumerate(parts):
            values = self._prepare_down_payment_line_values_from_base_line(part)
            values |= {"sequence": sequence + index, "instalment_id": instalment.id}
            if is_recoupment:
                values |= self._negate_down_payment(values) | {"is_recoupment": True}
            values["price_unit"] = self._round_down_payment_price(values)
            values_list.append(values)
        return self.env["sale.order.line"].with_context(sale_no_log_for_new_lines=True).create(values_list)

    def _round_down_payment_price(self, values):
        """The price of a down payment as people read it: stock's has a dozen decimals.

        Only where its amounts are kept beside it, with the exact price: those bill it.
        """
        price, extra = values["price_unit"], values.get("extra_tax_data") or {}
        return self.currency_id.round(price) if extra.get("manual_tax_amounts") else price

    def _negate_down_payment(self, values):
        """Price and taxes of a down payment line, negative: stock then deducts and credits it like any other."""
        price = -values["price_unit"]
        extra = self.env["account.tax"]._reverse_quantity_base_line_extra_tax_data(values["extra_tax_data"])
        if extra and "quantity" in extra:
            extra |= {"quantity": 1.0, "price_unit": -extra["price_unit"]}
        return {"price_unit": price, "extra_tax_data": extra}

    def _create_linked_down_payment(self, instalment, line):
        """The down payment line of what a person added to an invoice.

        :param line: account.move.line without an order line
        """
        self.ensure_one()
        self._create_down_payment_section_line_if_needed()
        return (
            self.env["sale.order.line"]
            .with_context(sale_no_log_for_new_lines=True)
            .create(
                {
                    "order_id": self.id,
                    "is_downpayment": True,
                    "product_uom_qty": 0.0,
                    "price_unit": line.price_unit * (1 - line.discount / 100) * line.quantity,
                    "tax_ids": [Command.set(line.tax_ids.ids)],
                    "analytic_distribution": line.analytic_distribution,
                    "sequence": max(self.order_line.mapped("sequence") or [10]) + 1,
                    "instalment_id": instalment.id,
                }
            )
        )
