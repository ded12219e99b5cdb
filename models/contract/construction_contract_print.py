from odoo import models


class ConstructionContract(models.Model):
    """What the printed contract says beside its tables and its terms."""

    _inherit = "construction.contract"

    # === BUSINESS === #

    def _get_print_sides(self):
        """The two sides of the contract: ours, then the client's.

        :return: list of dicts (side, label, name, address, vat, registry, signatories)
        """
        self.ensure_one()
        # reason of sudo: our own address is no secret
        company = self.company_id.sudo().partner_id
        client = self.partner_id
        return [
            self._prepare_print_side("own", self.env._("The contractor"), self.company_id.name, company),
            self._prepare_print_side("client", self.env._("The client"), client.commercial_partner_id.name, client),
        ]

    def _prepare_print_side(self, side, label, name, partner):
        signatories = self.signatory_ids.filtered(lambda signatory: signatory.side == side)
        return {
            "side": side,
            "label": label,
            "name": name,
            "address": self._format_address(partner),
            "vat": partner.vat,
            "registry": partner.company_registry,
            "signatories": [
                {
                    "name": signatory.name,
                    "position": signatory.position or "",
                    "text": signatory._describe(),
                }
                for signatory in signatories
            ],
        }

    def _get_print_parties(self):
        """The other parties of the deal.

        :return: list of dicts (role, name)
        """
        self.ensure_one()
        # reason of sudo: who prints the contract need not see the deal
        parties = self.sudo().party_ids.filtered(
            lambda party: party.partner_id.commercial_partner_id != self.partner_id.commercial_partner_id
        )
        return [{"role": party.role_id.name, "name": party.partner_id.display_name} for party in parties]

    def _get_site_address(self):
        self.ensure_one()
        # reason of sudo: as above
        site = self.sudo().lead_id.site_id
        return self._format_address(site) if site else ""

    def _get_print_conditions(self):
        """Retention, warranty and penalties, a sentence each. Other rooms add theirs.

        :return: list of sentences, in the language of the context
        """
        self.ensure_one()
        conditions = []
        if self.retention_percent:
            conditions.append(
                self.env._(
                    "The client keeps back %(percent)s of the contract until the works have proven good.",
                    percent=self._format_percent(self.retention_percent),
                )
            )
        if self.warranty_months:
            conditions.append(
                self.env._(
                    "The warranty lasts %(months)s months from the handover of the works.", months=self.warranty_months
                )
            )
        if self.defect_repair_days:
            conditions.append(
                self.env._(
                    "The contractor repairs defects within %(days)s days after the client has told of them.",
                    days=self.defect_repair_days,
                )
            )
        return conditions + self._get_print_penalties()

    def _get_print_penalties(self):
        penalties = []
        percent = self._format_percent
        if self.penalty_own_percent and self.penalty_own_cap:
            penalties.append(
                self.env._(
                    "For each day the works are late, the contractor owes %(percent)s of the contract value, "
                    "at most %(cap)s of it.",
                    percent=percent(self.penalty_own_percent),
                    cap=percent(self.penalty_own_cap),
                )
            )
        elif self.penalty_own_percent:
            penalties.append(
                self.env._(
                    "For each day the works are late, the contractor owes %(percent)s of the contract value.",
                    percent=percent(self.penalty_own_percent),
                )
            )
        if self.penalty_client_percent and self.penalty_client_cap:
            penalties.append(
                self.env._(
                    "For each day a payment is late, the client owes %(percent)s of that payment, "
                    "at most %(cap)s of it.",
                    percent=percent(self.penalty_client_percent),
                    cap=percent(self.penalty_client_cap),
                )
            )
        elif self.penalty_client_percent:
            penalties.append(
                self.env._(
                    "For each day a payment is late, the client owes %(percent)s of that payment.",
                    percent=percent(self.penalty_client_percent),
                )
            )
        return penalties
