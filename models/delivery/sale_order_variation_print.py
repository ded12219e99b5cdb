from odoo import api, fields, models


class SaleOrder(models.Model):
    """A variation on paper, in the portal and in the lists of whoever leads the works."""

    _inherit = "sale.order"

    # === COMPUTE === #

    @api.depends("variation_contract_id", "variation_number")
    def _compute_type_name(self):
        result = super()._compute_type_name()
        for order in self.filtered("variation_contract_id"):
            order.type_name = order._get_variation_title()
        return result

    # === BUSINESS === #

    def _get_variation_title(self):
        self.ensure_one()
        return self.env._(
            "Variation %(number)s to Contract %(contract)s",
            number=self.variation_number,
            # reason of sudo: the client reads it in the portal
            contract=self.sudo().variation_contract_id.name,
        )

    def _get_plan_rows(self):
        """A variation has no plan of its own: that of its contract follows once it is signed."""
        return [] if self.variation_contract_id else super()._get_plan_rows()

    def _get_variation_summary(self):
        """What this variation makes of its contract, taxes included, as it stands now.

        :return: list of dicts (name, amount, is_total), empty for other quotes
        """
        self.ensure_one()
        # reason of sudo: the client reads it in the portal, and the contract may be a colleague's
        contract = self.sudo().variation_contract_id
        if not contract:
            return []
        original = contract.amount_original
        before = contract.amount_total
        if self.variation_state == "applied":
            before = (self.sudo().variation_data or {}).get("value", before - self.amount_total)  # reason: as above
        rows = [(self.env._("Original contract value"), original, False)]
        approved = self.currency_id.round(before - original)
        if approved:
            rows.append((self.env._("Variations approved before"), approved, False))
        rows.append((self.env._("This variation"), self.amount_total, False))
        rows.append((self.env._("New contract value"), self.currency_id.round(before + self.amount_total), True))
        return [{"name": name, "amount": amount, "is_total": is_total} for name, amount, is_total in rows]

    def _get_variation_end(self):
        """The day the works end by this variation, where the contract knows one."""
        self.ensure_one()
        end = self.sudo().variation_contract_id.date_end  # reason of sudo: as above
        if not end or not self.variation_days:
            return False
        return end if self.variation_state == "applied" else fields.Date.add(end, days=self.variation_days)

    def _get_variation_reason_label(self):
        self.ensure_one()
        labels = dict(self._fields["variation_reason"]._description_selection(self.env))
        return labels.get(self.variation_reason, "")

    def _tell_proposed(self):
        """Ask the salesperson to check and send what somebody else proposed, once."""
        self.ensure_one()
        user = self.user_id or self.variation_contract_id.user_id
        if not user or user == self.env.user or self.activity_ids.filtered(lambda row: row.user_id == user):
            return
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Check and send variation %(number)s", number=self.variation_number),
            note=self.env._(
                "Proposed by %(user)s for contract %(contract)s.",
                user=self.env.user.name,
                contract=self.variation_contract_id.name,
            ),
            user_id=user.id,
        )
