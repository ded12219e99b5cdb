from odoo import models

COLORS = {"draft": "info", "ready": "warning", "signed": "success"}


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _get_document_sections(self):
        return [*super()._get_document_sections(), self._get_project_documents(), self._get_handover_documents()]

    def _get_project_documents(self):
        content = self._read_documents(
            "project.project",
            [("lead_id", "=", self.id)],
            {
                "name": None,
                "construction_stage_id": self.env._("Stage"),
                "user_id": None,
                "date": self.env._("Planned End"),
            },
        )
        for row in content["rows"] if content else ():
            row["open"] = {"method": "action_view_construction_project"}
        return self._prepare_document_section("projects", 60, self.env._("Projects"), content)

    def _get_handover_documents(self):
        content = self._read_documents(
            "construction.handover",
            [("project_id.lead_id", "=", self.id)],
            {"name": None, "kind": None, "date": None, "date_warranty_end": None, "state": None},
            badges={"state": COLORS},
        )
        for row in content["rows"] if content else ():
            row["is_muted"] = row["values"]["state"] == "cancelled"
        return self._prepare_document_section("handovers", 70, self.env._("Handover Acts"), content)

    def _get_quote_document_fields(self):
        return [*super()._get_quote_document_fields(), "variation_number", "variation_contract_id"]

    def _describe_quote_document(self, values):
        notes = super()._describe_quote_document(values)
        if values["variation_contract_id"]:
            notes.insert(
                0,
                self.env._(
                    "Variation %(number)s of %(contract)s",
                    number=values["variation_number"] or "",
                    contract=values["variation_contract_id"][1],
                ),
            )
        return notes
