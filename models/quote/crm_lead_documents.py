from odoo import models

COLORS = {"draft": "info", "sent": "primary", "sale": "success"}


class CrmLead(models.Model):
    _inherit = "crm.lead"

    # === ACTION === #

    def action_view_deal_quotes(self):
        """Open all quotes of this deal: open, ordered, replaced and closed ones."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sale.action_quotations_with_onboarding")
        action["display_name"] = self.env._("Quotes of %(deal)s", deal=self.name)
        action["domain"] = [("opportunity_id", "=", self.id)]
        action["context"] = self._prepare_opportunity_quotation_context()
        return action

    # === HOOKS === #

    def _get_document_sections(self):
        return [*super()._get_document_sections(), self._get_quote_documents()]

    def _get_quote_documents(self):
        content = self._read_documents(
            "sale.order",
            [("opportunity_id", "=", self.id)],
            {
                "name": self.env._("Number"),
                "date_order": self.env._("Date"),
                "validity_date": self.env._("Valid Until"),
                "amount_total": self.env._("Total"),
                "state": self.env._("State"),
            },
            extra=self._get_quote_document_fields(),
            badges={"state": COLORS},
        )
        for row in content["rows"] if content else ():
            values = row["values"]
            row["is_muted"] = bool(values["state"] == "cancel" or values["superseded_by_id"])
            row["note"] = " · ".join(self._describe_quote_document(values))
        may_add = self._can_add_documents("sale.order")
        return self._prepare_document_section(
            "quotes",
            20,
            self.env._("Quotes"),
            content,
            show="action_view_deal_quotes",
            new={"label": self.env._("New Quote"), "method": "action_sale_quotations_new"} if may_add else None,
            empty=may_add and self.env._("Nothing is quoted yet: generate a quote from a final sheet."),
        )

    def _get_quote_document_fields(self):
        """The fields ``_describe_quote_document`` reads."""
        return ["superseded_by_id", "closed_by_id", "variant_name", "is_expired"]

    def _describe_quote_document(self, values):
        """What a quote is beside the others of the deal.

        :param dict values: what was read of it
        :return: list of sentences
        """
        notes = []
        if values["variant_name"]:
            notes.append(values["variant_name"])
        if values["superseded_by_id"]:
            notes.append(self.env._("Replaced by %(quote)s", quote=values["superseded_by_id"][1]))
        elif values["closed_by_id"]:
            notes.append(self.env._("%(quote)s was chosen instead", quote=values["closed_by_id"][1]))
        elif values["is_expired"]:
            notes.append(self.env._("Expired"))
        return notes
