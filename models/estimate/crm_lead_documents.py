from odoo import models

COLORS = {"measured": "info", "checked": "info", "final": "success"}


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _get_document_sections(self):
        return [*super()._get_document_sections(), self._get_sheet_documents()]

    def _get_sheet_documents(self):
        content = self._read_documents(
            "construction.evaluation",
            [("lead_id", "=", self.id)],
            {
                "display_name": self.env._("Number"),
                "user_id": None,
                "date_visit": None,
                "amount_total": self.env._("Untaxed Amount"),
                "state": None,
            },
            # which version is the latest is worked out of the others
            extra=("is_latest_version", "name", "version", "company_id"),
            badges={"state": COLORS},
        )
        for row in content["rows"] if content else ():
            values = row["values"]
            row["is_muted"] = values["state"] == "cancelled" or not values["is_latest_version"]
            if not values["is_latest_version"]:
                row["note"] = self.env._("Older version")
        may_add = self._can_add_documents("construction.evaluation")
        return self._prepare_document_section(
            "sheets",
            10,
            self.env._("Evaluation Sheets"),
            content,
            show="action_view_evaluations",
            new={"label": self.env._("New Sheet"), "method": "action_create_evaluation"} if may_add else None,
            empty=may_add and self.env._("Nothing is measured yet: the quote is made from a sheet."),
        )
