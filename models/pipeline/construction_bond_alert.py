import logging

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_date

_logger = logging.getLogger(__name__)

EXPIRY = "construction_crm.mail_activity_type_bond_expiry"
ASK_BACK = "construction_crm.mail_activity_type_bond_ask_back"


class ConstructionBond(models.Model):
    """Who is told before a bond expires, and when one can be asked back."""

    _inherit = "construction.bond"

    # === BUSINESS === #

    @api.model
    def _cron_alert(self):
        """Daily: tell the responsible people of the bonds that expire soon, each once for each day of expiry."""
        today = fields.Date.context_today(self)
        # Those that expired before anybody was told are told of as well.
        domain = Domain("state", "=", "active") & Domain("date_alert", "<=", today)
        bonds = self.search(domain).filtered(lambda bond: bond.alerted_expiry != bond.date_expiry)
        progress = self.env["ir.cron"]
        progress._commit_progress(remaining=len(bonds))
        for bond in bonds:
            try:
                with self.env.cr.savepoint():
                    # Somebody may have extended or returned it in between.
                    bond.try_lock_for_update(allow_referencing=True).filtered_domain(domain)._alert()
            except Exception:  # pylint: disable=broad-except
                # One that fails stops no other; it is tried again tomorrow.
                _logger.exception("Nobody could be told that %s expires", bond)
            if not progress._commit_progress(1):
                break

    def _alert(self):
        """Tell whoever is responsible that these bonds expire."""
        for bond in self:
            if bond._find_activities(EXPIRY):
                bond.alerted_expiry = bond.date_expiry
                continue
            owner = bond._find_owner(bond.user_id | bond._get_deputies())
            # Nobody there to be told: tomorrow there may be.
            if owner:
                bond._schedule(
                    EXPIRY,
                    owner,
                    self.with_context(lang=owner.lang).env._(
                        "%(bond)s expires on %(date)s: extend it, or ask it back.",
                        bond=bond.with_context(lang=owner.lang).display_name,
                        date=format_date(self.env, bond.date_expiry, lang_code=owner.lang),
                    ),
                )
                bond.alerted_expiry = bond.date_expiry

    def _ask_back(self):
        """Tell the salespeople that these bonds are no longer needed. Twice is once."""
        for bond in self:
            if not bond._find_activities(ASK_BACK):
                owner = bond._find_owner(bond._get_deputies() | bond.user_id)
                if owner:
                    note = self.with_context(lang=owner.lang).env._(
                        "The deal %(deal)s is lost: ask %(bond)s back from the client.",
                        deal=bond._get_subject_name(),
                        bond=bond.with_context(lang=owner.lang).display_name,
                    )
                    bond._schedule(ASK_BACK, owner, note)

    def _keep(self):
        """The deals are open again: these bonds are needed after all."""
        for bond in self:
            bond._find_activities(ASK_BACK).unlink()

    def _sync_alerts(self):
        """Bring the activities in line with what became of these bonds."""
        today = fields.Date.context_today(self)
        for bond in self:
            alerts, asked = bond._find_activities(EXPIRY), bond._find_activities(ASK_BACK)
            if bond.state != "active":
                bond._settle(alerts + asked)
                bond.alerted_expiry = False
            elif not bond.date_alert or bond.date_alert > today:
                bond._settle(alerts)
                bond.alerted_expiry = False
            else:
                owner = bond._find_owner(bond.user_id | bond._get_deputies())
                if alerts and owner and alerts.user_id != owner:
                    alerts.write({"user_id": owner.id})

    def _settle(self, activities):
        """Close activities that have become needless: done where the bond went on, dropped where it did not."""
        if not activities:
            return
        if self.state in ("active", "returned"):
            states = dict(self._fields["state"]._description_selection(self.env))
            feedback = states[self.state]
            if self.state == "active":
                feedback = self.env._("Valid until %(date)s.", date=format_date(self.env, self.date_expiry))
            activities.action_feedback(feedback=feedback)
        else:
            activities.unlink()

    def _find_activities(self, kind):
        """The open activities of one of our types on this bond, whoever has them."""
        self.ensure_one()
        activity_type = self.env.ref(kind, raise_if_not_found=False)
        # sudo: an alert is closed with its bond, whoever got it
        return self.sudo().activity_ids.filtered(lambda activity: activity.activity_type_id == activity_type)

    def _schedule(self, kind, owner, note):
        """Give somebody an activity on this bond, to be seen today."""
        # sudo: the alert follows from the bond, whoever ends the deal
        self.sudo().activity_schedule(
            kind,
            user_id=owner.id,
            note=note,
            summary=self.env.ref(kind).with_context(lang=owner.lang).summary,
        )

    def _find_owner(self, users):
        """The first of these users who is still there and may see this bond; empty where there is none."""
        self.ensure_one()
        for user in users:
            # sudo: whether a colleague still works here
            if user.sudo().active and not user.sudo().share:
                # in his own companies, not in those which are open on the screen of another
                bond = self.with_user(user).with_context(allowed_company_ids=user.sudo().company_ids.ids)
                if bond.has_access("read"):
                    return user
        return self.env["res.users"]

    # === HOOKS === #

    def _get_deputies(self):
        """Who is told where the responsible person is not there, in this order. Other rooms add theirs."""
        self.ensure_one()
        # sudo: whoever sees the bond need not see the deal
        lead = self.sudo().lead_id
        return lead.user_id | lead.team_id.user_id
