from odoo import models
from odoo.exceptions import AccessError, LockError, UserError

from ..pipeline.row_lock import touch


class ConstructionEvaluation(models.Model):
    """The steps of an evaluation sheet: its states and its versions."""

    _inherit = "construction.evaluation"

    # === ACTION === #

    def action_measure(self):
        """The quantities are taken: hand the sheet over to be checked."""
        sheets = self.filtered(lambda sheet: sheet.state == "planned")
        (self - sheets)._check_state_among(("measured",))
        sheets._set_state("measured")
        sheets._close_visit()
        return True

    def action_check(self):
        """The quantities are right; prices are brought up to date."""
        self._check_can_check()
        sheets = self.filtered(lambda sheet: sheet.state in ("planned", "measured"))
        (self - sheets)._check_state_among(("checked",))
        sheets._update_prices()
        sheets._set_state("checked")
        sheets._close_visit()
        return True

    def action_finalize(self):
        """Close the sheet: from here on it is read-only and can be quoted.

        :raise UserError: listing everything that keeps the sheets from being quoted
        """
        self._check_can_check()
        self._lock_sheets()
        self.invalidate_recordset(["state"])
        sheets = self.filtered(lambda sheet: sheet.state != "final")
        sheets._check_state_among(("planned", "measured", "checked"))
        sheets._update_prices()
        sheets._check_no_faults()
        sheets._set_state("final")
        sheets._close_visit()
        return True

    def action_cancel(self):
        """Put the sheet aside."""
        self._check_can_check()
        self._check_state_among(("planned", "measured", "checked", "cancelled"))
        self._set_state("cancelled")
        self._close_visit()
        return True

    def action_reset(self):
        """Take the sheet back to be measured again."""
        self._check_can_check()
        self._check_state_among(("planned", "measured", "checked", "cancelled"))
        self._check_no_newer_version()
        self._set_state("planned")
        self._update_prices()
        self._plan_visit()
        return True

    def action_update_prices(self):
        """Take today's recipes and prices from the catalogue."""
        self._check_can_check()
        self._check_not_locked()
        self._update_prices()
        return True

    def action_new_version(self):
        """Open the next version of the sheet; it is made once."""
        self.ensure_one()
        self._check_can_check()
        self._lock_sheets()
        self.invalidate_recordset(["next_version_ids"])
        following = self.next_version_ids.filtered(lambda sheet: sheet.state != "cancelled")
        return (following[:1] or self._make_new_version())._get_form_action()

    def action_view_versions(self):
        """List all versions of the sheet, which share its number."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.construction_evaluation_action")
        action["domain"] = [("name", "=", self.name), ("company_id", "=", self.company_id.id)]
        action["context"] = {}
        return action

    def action_view_lead(self):
        """Open the deal of the sheet."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            "res_id": self.lead_id.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    # === BUSINESS === #

    def _lock_sheets(self):
        """Lock the rows, then look: two people finish, or renew, a sheet once."""
        try:
            self.lock_for_update()
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is working on %(sheet)s right now. Try again in a moment.",
                    sheet=", ".join(self.mapped("display_name")),
                )
            ) from error
        # touched, too: whoever looked before the first one was done is made to look again
        touch(self)

    def _update_prices(self):
        lines = self.line_ids
        self.env.add_to_compute(lines._fields["recipe_id"], lines)
        self.env.add_to_compute(lines._fields["price_unit"], lines)
        self.env.add_to_compute(self._fields["amount_total"], self)
        # The state written next would keep these from being computed.
        lines.flush_recordset()
        self.flush_recordset()

    def _check_can_check(self):
        self.check_access("write")
        if not self._user_can_check():
            raise AccessError(
                self.env._(
                    "You measure evaluation sheets; checking and finalising them is for the salesperson "
                    "of the deal or an estimator."
                )
            )

    def _check_state_among(self, states):
        for sheet in self:
            if sheet.state not in states:
                raise UserError(sheet._get_closed_step_message())

    def _get_closed_step_message(self):
        """Say, in a sentence for each state, that a step is not open to the sheet."""
        name = self.display_name
        messages = {
            "planned": self.env._(
                "The evaluation sheet %(sheet)s is not measured yet: this step is not open to it.", sheet=name
            ),
            "measured": self.env._(
                "The evaluation sheet %(sheet)s is measured already: this step is not open to it.", sheet=name
            ),
            "checked": self.env._(
                "The evaluation sheet %(sheet)s is checked already: this step is not open to it.", sheet=name
            ),
            "final": self.env._("The evaluation sheet %(sheet)s is final: this step is not open to it.", sheet=name),
            "cancelled": self.env._(
                "The evaluation sheet %(sheet)s is cancelled: this step is not open to it.", sheet=name
            ),
        }
        return messages[self.state]

    def _check_no_newer_version(self):
        """A cancelled version whose place has been taken stays cancelled."""
        for sheet in self.filtered("previous_version_id"):
            siblings = sheet.previous_version_id.next_version_ids - sheet
            newer = siblings.filtered(lambda sibling: sibling.state != "cancelled")
            if newer:
                raise UserError(
                    self.env._(
                        "The evaluation sheet %(sheet)s has been replaced by a newer version, "
                        "%(newer)s. Work on that one.",
                        sheet=sheet.display_name,
                        newer=newer[:1].display_name,
                    )
                )

    def _make_new_version(self):
        if self.state != "final":
            raise UserError(
                self.env._(
                    "The evaluation sheet %(sheet)s is not final yet: change it as it is.",
                    sheet=self.display_name,
                )
            )
        return self.copy(self._prepare_new_version_values())

    def _prepare_new_version_values(self):
        return {
            "name": self.name,
            "version": self._get_highest_version() + 1,
            "previous_version_id": self.id,
            "state": "measured",
        }

    def _get_highest_version(self):
        """The numbers of cancelled versions are not given again."""
        return max([self.version, *self.next_version_ids.mapped("version")])

    def _get_form_action(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
