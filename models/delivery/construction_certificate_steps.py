from odoo import fields, models
from odoo.exceptions import UserError

from ...core.delivery.certificate import CertificateError, Works, carve, certify
from ..contract.construction_instalment import BILLED_STATES


class ConstructionCertificate(models.Model):
    """How a certificate is proposed, worked out, approved and withdrawn."""

    _inherit = "construction.certificate"

    # === BUSINESS === #

    def _propose(self, keep_edits=False):
        """Fill a draft with the approved progress up to the end of its period.

        :param bool keep_edits: leave what was changed by hand
        """
        self.ensure_one()
        # reason of sudo: amounts and lines are written by the system, for a manager who may not see amounts
        certificate = self.sudo()
        positions = certificate._add_lines()
        proposed = positions._read_certifiable(certificate.date_to)
        for line in certificate.line_ids:
            quantity = proposed[line.position_id]
            values = {"quantity_proposed": quantity}
            if not (keep_edits and line.is_edited):
                values |= {"quantity_cumulative": quantity, "reason": False}
            line.write(values)
        self._calculate()

    def _add_lines(self):
        """Give a draft the chapters of its contract it lacks, as far as they are reported.

        :return: the positions of the contract
        """
        self.ensure_one()
        contract = self.contract_id
        self.env["construction.position"]._sync(contract.order_ids)
        positions = contract.position_ids.sorted(
            lambda position: (position.order_id.id, position.sequence, position.id)
        )
        missing = positions - self.line_ids.position_id
        proposed = missing._read_certifiable(self.date_to)
        order = {position: sequence for sequence, position in enumerate(positions, 1)}
        self.env["construction.certificate.line"].create(
            [
                {
                    "certificate_id": self.id,
                    "position_id": position.id,
                    "sequence": order[position],
                    "quantity_contracted": position.quantity,
                    "quantity_proposed": proposed[position],
                    "quantity_cumulative": proposed[position],
                }
                for position in missing
            ]
        )
        return positions

    def _calculate(self):
        """Work out the amounts of drafts from their quantities and from what is contracted now."""
        # reason of sudo: as in `_propose`
        for certificate in self.sudo():
            before = certificate._get_previous_lines()
            rows = [line._prepare_works(before.get(line.position_id)) for line in certificate.line_ids]
            results = certify(rows, certificate.currency_id.rounding)
            for line, row, result in zip(certificate.line_ids, rows, results, strict=True):
                line.write(line._prepare_amounts(row, result, before.get(line.position_id)))

    def _get_previous_lines(self):
        """The lines of the certificate before this one, by chapter."""
        self.ensure_one()
        others = self.contract_id.certificate_ids.filtered(
            lambda other: other.step == "approved" and other.number < self.number
        )
        return others.sorted("number")[-1:].line_ids.grouped("position_id")

    def _approve(self):
        self.ensure_one()
        # reason of sudo: a manager approves who may see neither amounts nor plans
        certificate = self.sudo()
        contract = certificate.contract_id
        if contract.state not in ("signed", "running", "completed"):
            raise UserError(
                self.env._(
                    "%(certificate)s cannot be approved: the contract is not signed.", certificate=self.display_name
                )
            )
        # a variation may have come since the draft was made
        certificate._add_lines()
        self._calculate()
        certificate._check_hand_edits()
        certificate._check_complete()
        if not any(line.quantity_period or line.amount_period for line in certificate.line_ids):
            raise UserError(
                self.env._(
                    "%(certificate)s has nothing to certify: approve progress of the period first.",
                    certificate=self.display_name,
                )
            )
        amount = certificate._get_amount_to_carve()
        self._write_step(
            {
                "step": "approved",
                "approved_by_id": self.env.uid,
                "report_ids": [fields.Command.set(certificate._find_reports().ids)],
            }
        )
        certificate._carve(amount)

    def _check_hand_edits(self):
        for line in self.line_ids:
            if line.is_edited and not (line.reason or "").strip():
                raise UserError(
                    self.env._(
                        "“%(chapter)s” is certified otherwise than reported: say why in its line.",
                        chapter=line.position_id.display_name,
                    )
                )

    def _check_complete(self):
        """The certificate adds up, and shows all of the contract."""
        self._check_reconciled()
        contract = self.contract_id
        if self.currency_id.compare_amounts(self.amount_contract, contract.amount_untaxed):
            raise UserError(
                self.env._(
                    "%(certificate)s shows %(shown)s of a contract of %(value)s. Recalculate it.",
                    certificate=self.display_name,
                    shown=self.currency_id.format(self.amount_contract),
                    value=self.currency_id.format(contract.amount_untaxed),
                )
            )

    def _find_reports(self):
        return self.env["construction.progress"].search(
            [
                ("line_ids.position_id", "in", self.line_ids.position_id.ids),
                ("state", "=", "approved"),
                ("date", "<=", self.date_to),
            ]
        )

    def _get_amount_to_carve(self):
        """What this certificate takes out of the pot, taxes included; None where the plan has no pot.

        :raises UserError: less is certified than before
        """
        self.ensure_one()
        contract, currency = self.contract_id, self.currency_id
        if currency.compare_amounts(self.amount_period_taxed, 0.0) < 0:
            raise UserError(self._get_negative_message(-self.amount_period_taxed))
        pot = contract._get_certificate_pot()
        if not pot:
            return None
        others = contract.instalment_ids.filtered("certificate_id") - self.instalment_ids
        billed = sum(row._get_carved(currency) for row in others)
        # its own row, kept from an approval before, asks for nothing while this is a draft
        whole = billed + pot.amount_gross
        try:
            return carve(whole, contract.amount_total, self.amount_cumulative_taxed, billed, currency.rounding)
        except CertificateError as error:
            raise UserError(self._get_negative_message(error.amount)) from None

    def _get_negative_message(self, amount):
        return self.env._(
            "%(certificate)s would come to less than nothing: %(amount)s was certified too much before. Go on with the "
            "works: the next certificate takes it back. Or credit the invoice of the last certificate, withdraw that "
            "one and correct it.",
            certificate=self.display_name,
            amount=self.currency_id.format(amount),
        )

    def _carve(self, amount):
        """Make the instalment of this certificate out of the pot."""
        self.ensure_one()
        pot = self.contract_id._get_certificate_pot()
        if amount is None or (self.currency_id.is_zero(amount) and not self.instalment_ids):
            return
        before = self.contract_id._get_plan_amounts()
        rows = self.contract_id.instalment_ids.sorted(lambda row: (row.sequence, row.id))
        sequence = pot.sequence
        if self.instalment_ids:
            self.instalment_ids.write({"amount_fixed": amount, "date_event": self.date})
            self.instalment_ids._follow_due()
        else:
            for row in rows[rows.ids.index(pot.id) :]:
                row.sequence += 1
            self.env["construction.instalment"].create(
                {
                    "contract_id": self.contract_id.id,
                    "certificate_id": self.id,
                    "sequence": sequence,
                    "name": self._get_instalment_name(),
                    "kind": "progress",
                    "amount_type": "fixed",
                    "amount_fixed": amount,
                    "trigger": "certificate",
                    "delay_days": pot.delay_days,
                }
            )
        self.contract_id._log_plan_change(
            before, self.env._("%(certificate)s was approved", certificate=self.display_name)
        )

    def _get_instalment_name(self):
        env = self.with_context(lang=self.partner_id.lang or self.env.lang).env
        return env._("Certificate %(number)s", number=self.number)

    def _withdraw(self):
        """Give what this certificate took back to the pot."""
        self.ensure_one()
        # reason of sudo: as in `_approve`
        certificate = self.sudo()
        rows = certificate.instalment_ids
        for row in rows:
            if row.state in BILLED_STATES:
                raise UserError(
                    self.env._(
                        "%(certificate)s is invoiced: cancel or credit that invoice first.",
                        certificate=self.display_name,
                    )
                )
        before = certificate.contract_id._get_plan_amounts()
        self._write_step({"step": "draft", "approved_by_id": False, "report_ids": [fields.Command.clear()]})
        kept = rows.filtered(lambda row: row.invoice_ids or row.collection_ids)
        # an invoice that was credited keeps its row, which asks for nothing until the next approval
        kept.write({"amount_fixed": 0.0, "date_event": False})
        kept._follow_due()
        (rows - kept).unlink()
        certificate.contract_id._log_plan_change(
            before, self.env._("%(certificate)s was withdrawn", certificate=self.display_name)
        )


class ConstructionCertificateLine(models.Model):
    _inherit = "construction.certificate.line"

    def _prepare_works(self, before):
        """This chapter for `certify`.

        :param before: its line in the certificate before, or None
        """
        self.ensure_one()
        position = self.position_id
        return Works(
            self,
            position.quantity,
            self.quantity_cumulative,
            (position.amount, position.amount_taxed),
            (before.amount_cumulative, before.taxed_cumulative) if before else (0.0, 0.0),
            position.is_follower,
        )

    def _prepare_amounts(self, row, result, before):
        position = self.position_id
        values = {
            "quantity_original": position.quantity_original,
            "quantity_variations": position.quantity_variations,
            "quantity_contracted": position.quantity,
            "quantity_previous": before.quantity_cumulative if before else 0.0,
            "amount_original": position.amount_original,
            "amount_variations": position.amount_variations,
            "taxed_contracted": position.amount_taxed,
            "amount_previous": row.previous[0],
            "taxed_previous": row.previous[1],
            "amount_cumulative": result.cumulative[0],
            "taxed_cumulative": result.cumulative[1],
            "amount_remaining": result.remaining[0],
        }
        if row.is_follower and row.amounts[0]:
            share = position.quantity * result.cumulative[0] / row.amounts[0]
            values |= {"quantity_cumulative": share, "quantity_proposed": share}
        return values
