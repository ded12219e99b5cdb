from odoo import fields, models
from odoo.exceptions import UserError


class ConstructionHandover(models.Model):
    """What the act over all of the works does to contracts, stages and project, and how that is undone."""

    _inherit = "construction.handover"

    # === BUSINESS === #

    def _deliver(self):
        """Complete the contracts, reach the stage of handover and mark the project as delivered.

        :return: dict of what was before, for `_undeliver`
        """
        self.ensure_one()
        # reason of sudo: who hands works over may have no rights to write contracts and projects
        act = self.sudo()
        # Asked before anything moves: later the project is in its last stage, however that came.
        before = {
            "stage_id": act.project_id.construction_stage_id.id,
            "status": act.project_id.last_update_status,
            "contracts": act._complete_contracts(),
            "milestone_ids": self._reach_handover(),
        }
        stages = act.project_id.milestone_ids.filtered("project_stage_id").project_stage_id
        last = (stages or act.project_id.own_stage_ids)[-1:]
        values = {"date_delivered": self.date}
        if last and last != act.project_id.construction_stage_id:
            values["construction_stage_id"] = last.id
        act.project_id.write(values)
        if act.project_id.last_update_status != "done":
            act.project_id.last_update_status = "done"
        return before

    def _complete_contracts(self):
        """Complete the contracts that are not yet, on the day of the act.

        :return: dict of contract id (as text) → its state and end before
        """
        contracts = self._get_contracts().filtered(lambda contract: contract.state in ("signed", "running"))
        contracts._lock_rows()
        before = {}
        for contract in contracts.filtered(lambda contract: contract.state in ("signed", "running")):
            before[str(contract.id)] = {
                "state": contract.state,
                "date_end": fields.Date.to_string(contract.date_end) if contract.date_end else False,
            }
            if contract.date_start and self.date < contract.date_start:
                raise UserError(
                    self.env._(
                        "Handover act %(act)s is dated before the works of contract %(contract)s start. Correct one "
                        "of the two days.",
                        act=self.name,
                        contract=contract.name,
                    )
                )
            contract.date_end = self.date
            contract.action_complete()
        return before

    def _reach_handover(self):
        """Reach the stages of handover.

        :return: ids of those that were open
        """
        milestones = self._get_handover_stages()
        if milestones:
            milestones._reach(self.date)
        return milestones.ids

    def _undeliver(self):
        """Put contracts, stages and project back to what they were before the act was signed.

        :raises UserError: naming what is invoiced, paid or closed
        """
        self.ensure_one()
        before = self.delivered or {}
        for contract_id, values in before.get("contracts", {}).items():
            self._reopen_contract(self._get_contracts().filtered(lambda c, cid=contract_id: c.id == int(cid)), values)
        milestones = self.env["project.milestone"].browse(before.get("milestone_ids", [])).exists()
        reached = milestones.filtered("is_reached")
        if reached:
            reached.action_unreach()
        # reason of sudo: as in `_deliver`
        project = self.sudo().project_id
        project.date_delivered = False
        stage = self.env["project.project.stage"].browse(before.get("stage_id") or []).exists()
        if stage and project.construction_stage_id != stage:
            project.construction_stage_id = stage
        status = before.get("status")
        if status and status != project.last_update_status:
            project.last_update_status = status

    def _reopen_contract(self, contract, values):
        """Take a contract back to before the handover, if it was not touched since."""
        if contract.state == "closed":
            raise UserError(
                self.env._(
                    "Signing act %(act)s cannot be undone: the account of contract %(contract)s is closed.",
                    act=self.name,
                    contract=contract.name,
                )
            )
        if contract.state != "completed":
            return
        contract._lock_rows()
        contract._write_step({"state": values["state"]})
        if contract.date_end == self.date:
            contract.date_end = values["date_end"]


class ConstructionContract(models.Model):
    _inherit = "construction.contract"

    def action_view_handovers(self):
        """Show the acts by which the works of this contract were handed over."""
        return self._view_of_projects("construction_crm.construction_handover_action")

    def action_view_snags(self):
        """Show the snags of the works of this contract."""
        return self._view_of_projects("construction_crm.construction_snag_action")

    def _view_of_projects(self, xmlid):
        self.ensure_one()
        # reason of sudo: which projects; what is shown of them is up to the rights on it
        projects = self.sudo().lead_id.project_ids
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        return {**action, "domain": [("project_id", "in", projects.ids)], "context": {}}

    def action_reopen(self):
        """Works handed over by a signed act go on only when that signature is undone."""
        for contract in self:
            # reason of sudo: a salesperson need not see every act
            act = contract.sudo().lead_id.project_ids.handover_ids.filtered(
                lambda act: act.kind == "final" and act.state == "signed"
            )[:1]
            if act:
                raise UserError(
                    self.env._(
                        "The works of contract %(contract)s were handed over by act %(act)s: undo the signature of "
                        "that act first.",
                        contract=contract.name,
                        act=act.name,
                    )
                )
        return super().action_reopen()
