from odoo import models

from .holds import HardHold


class ConstructionContract(models.Model):
    """What holds the retention on site: snags that are not verified yet."""

    _inherit = "construction.contract"

    # === BUSINESS === #

    def _get_retention_snags(self):
        """Open snags of the works of this contract that hold its retention, with sudo."""
        self.ensure_one()
        # reason of sudo: who releases a retention may have no rights on projects; an archived one holds as well
        projects = self.sudo().lead_id.with_context(active_test=False).project_ids
        if not projects:
            return self.env["construction.snag"].sudo()  # as above
        return self.env["construction.snag"]._search_holding(projects, ("handover", "retention"))

    def _release_what_waited(self):
        """Release the retentions that waited for nothing but what was settled just now."""
        # reason of sudo: who verifies a snag has no rights on contracts
        waiting = self.sudo().filtered(
            lambda contract: contract.is_retention_waiting and contract.retention_method == "withheld"
        )
        waiting._release_reached_parts()

    # === HOOKS === #

    def _get_release_holds(self):
        holds = super()._get_release_holds()
        snags = self._get_retention_snags()
        if snags:
            holds.append(
                self.env._(
                    "Snags on site are not verified yet: %(snags)s.",
                    snags=snags._describe(),
                )
            )
        return holds


class ProjectMilestone(models.Model):
    """Snags keep the works from being handed over."""

    _inherit = "project.milestone"

    def _get_reach_holds(self):
        holds = super()._get_reach_holds()
        if self.project_stage_id.is_handover:
            snags = self.env["construction.snag"]._search_holding(self.project_id, ("handover",))
            if snags:
                holds.append(HardHold(snags._describe_handover_hold()))
        return holds
