"""Approval of a quote before it is sent: by rules, by somebody else than its author, for what it says now."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

from ...core.quote.approval import Priced


class SaleOrder(models.Model):
    _inherit = "sale.order"

    approval_state = fields.Selection(
        [
            ("none", "Not Needed"),
            ("to_approve", "To Approve"),
            ("approved", "Approved"),
            ("refused", "Refused"),
        ],
        string="Approval",
        compute="_compute_approval_state",
        search="_search_approval_state",
        help="Whether this quote needs an approval before it is sent. What changes its products, quantities, prices "
        "or discounts asks for a new one.",
    )
    approval_matters = fields.Char(
        string="To Be Approved",
        compute="_compute_approval_state",
        help="What somebody still has to approve.",
    )
    is_approval_asked = fields.Boolean(compute="_compute_approval_state", export_string_translation=False)
    is_approver = fields.Boolean(compute="_compute_approval_state", export_string_translation=False)
    approval_asked_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="set null")
    approval_refused_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="set null")
    approval_fingerprint = fields.Char(readonly=True, copy=False, export_string_translation=False)
    approved_rule_ids = fields.Many2many(
        "construction.approval.rule",
        "sale_order_approved_rule_rel",
        string="Approved By Rules",
        readonly=True,
        copy=False,
    )

    # === COMPUTE === #

    @api.depends(
        "state",
        "amount_untaxed",
        "order_line.discount",
        "approval_asked_by_id",
        "approval_refused_by_id",
        "approval_fingerprint",
        "approved_rule_ids",
        "choice_rule_ids",
    )
    @api.depends_context("uid")
    def _compute_approval_state(self):
        for order in self:
            missing = order._get_missing_rules()
            holds = bool(missing) and order._does_decision_hold()
            order.approval_matters = order._get_matters(missing) if missing else False
            order.is_approval_asked = holds and bool(order.approval_asked_by_id) and not order.approval_refused_by_id
            order.is_approver = order.is_approval_asked and bool(order._get_rules_of_approver(missing))
            if missing:
                order.approval_state = "refused" if holds and order.approval_refused_by_id else "to_approve"
            else:
                # sudo: that it was approved is no secret, the rules are no matter of his
                order.approval_state = "approved" if order._is_approved() else "none"

    def _search_approval_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        companies = self.env["construction.approval.rule"].sudo()._read_group([], ["company_id"])  # as in _get_rule_ids
        ruled = [company.id for (company,) in companies]
        decided = Domain("approved_rule_ids", "!=", False) | Domain("choice_rule_ids", "!=", False)
        domain = decided | (
            Domain("state", "=", "draft")
            & Domain("company_id", "in", ruled)
            & Domain("is_construction_quote", "=", True)
        )
        concerned = self.search(domain)
        if "none" in value:
            return Domain("id", "not in", concerned.filtered(lambda order: order.approval_state not in value).ids)
        return Domain("id", "in", concerned.filtered(lambda order: order.approval_state in value).ids)

    # === ACTION === #

    def action_request_approval(self):
        """Ask the people who may approve this quote for their approval."""
        self.ensure_one()
        self.check_access("write")
        self._lock_for_revision()
        missing = self._get_missing_rules()
        if not missing:
            raise UserError(self.env._("%(quote)s needs no approval: it can be sent.", quote=self.name))
        approvers = self._get_eligible_approvers(missing)
        kept = self.sudo().approved_rule_ids if self._does_decision_hold() else missing.browse()  # sudo: as below
        self._write_life_cycle(
            {
                "approval_asked_by_id": self.env.uid,
                "approval_refused_by_id": False,
                "approval_fingerprint": self._get_approval_fingerprint(),
                "approved_rule_ids": [Command.set(kept.ids)],
            }
        )
        self._schedule_approvals(approvers)
        self.message_post(body=self.env._("Approval asked for: %(matters)s.", matters=self._get_matters(missing)))
        return True

    def action_approve(self):
        """Approve what this user may approve of this quote.

        :raise UserError: when it was not asked for, or the quote changed since
        :raise AccessError: when the user is not among the approvers, or the quote is his own
        """
        self.ensure_one()
        rules = self._check_can_decide()
        # sudo: an approver need not have a right on quotes.
        quote = self.sudo()
        quote._write_life_cycle(quote._prepare_approval_values(rules))
        quote._close_approvals(everyone=not self._get_missing_rules())
        quote.message_post(
            body=self.env._("Approved: %(matters)s.", matters=self._get_matters(rules)),
            partner_ids=quote._get_asking_partners(),
        )
        return True

    def action_ask_refuse(self):
        """Ask why the approval is refused."""
        self.ensure_one()
        self._check_can_decide()
        return self._ask_reason("refuse")

    def action_refuse(self, reason):
        """Refuse the approval of this quote.

        :param str reason: told to who asked
        """
        self.ensure_one()
        self._check_can_decide()
        reason = self._check_reason(reason)
        # sudo: an approver need not have a right on quotes.
        quote = self.sudo()
        quote._write_life_cycle({"approval_refused_by_id": self.env.uid})
        quote._close_approvals(everyone=True)
        quote.message_post(
            body=self.env._("Approval refused: %(reason)s", reason=reason),
            partner_ids=quote._get_asking_partners(),
        )
        return True

    def action_ask_override(self):
        """Ask why the quote may go without its approval."""
        self.ensure_one()
        self._check_can_override()
        return self._ask_reason("override")

    def action_override(self, reason):
        """Let this quote go as it is although its approval is missing; for sales managers, and kept in its history.

        :param str reason: kept on the quote
        """
        self.ensure_one()
        self._check_can_override()
        reason = self._check_reason(reason)
        self._lock_for_revision()
        missing = self._get_missing_rules()
        # sudo: the rules are there for everyone.
        values = self.sudo()._prepare_approval_values(missing)
        self.sudo()._write_life_cycle(  # sudo: what was approved is kept in figures that tell of costs
            values | {"approval_refused_by_id": False, "approval_fingerprint": self._get_approval_fingerprint()}
        )
        self.sudo()._close_approvals(everyone=True)  # sudo: activities of others, too
        self.message_post(
            body=self.env._(
                "May go without approval (%(matters)s): %(reason)s", matters=self._get_matters(missing), reason=reason
            )
        )
        return True

    # === BUSINESS === #

    def _get_rules_met(self):
        """Give the rules by which this quote needs an approval; what was sent needs none any more."""
        self.ensure_one()
        if self.state in ("sent", "sale") or self.date_sent:
            return self.env["construction.approval.rule"]
        return self._find_rules_met()

    def _find_rules_met(self):
        """Give the rules that apply to what this quote says, whatever its state."""
        # sudo: rules hold for everyone, and look at costs, whoever asks.
        rules = self.env["construction.approval.rule"].sudo()
        rule_ids = rules._get_rule_ids(self.company_id.id)
        if not rule_ids or not self._is_construction_quote():
            return rules
        # sudo: as above
        quote = self.sudo()
        kind = quote.opportunity_id.construction_type_id
        return rules.browse(rule_ids).filtered(
            lambda rule: (not rule.construction_type_id or rule.construction_type_id == kind) and rule._is_met_by(quote)
        )

    def _get_missing_rules(self):
        """Give the rules by which this draft, or what was chosen of a sent quote, still needs an approval."""
        if self.state == "sent":
            return self._get_unconfirmed_rules()
        rules = self._get_rules_met() if self.state == "draft" else self.env["construction.approval.rule"]
        if rules and self._is_approved():
            rules -= self.sudo().approved_rule_ids  # sudo: as in _get_rules_met
        return rules

    def _is_approved(self):
        """Tell whether there is an approval for what the quote says now."""
        if not self.approval_fingerprint:
            return False  # Nobody was asked.
        # sudo: that it was approved is no secret.
        return bool(self.sudo().approved_rule_ids) and (self.state != "draft" or self._does_decision_hold())

    def _does_decision_hold(self):
        """Tell whether the quote still says what it said when its approval was asked for."""
        return bool(self.approval_fingerprint) and self.approval_fingerprint == self._get_approval_fingerprint()

    def _prepare_approval_values(self, rules):
        """Give the values of a quote approved by these rules, as it stands now."""
        measures = {str(rule.id): rule._get_measure(self) for rule in rules}
        return {
            "approved_rule_ids": [Command.link(rule.id) for rule in rules],
            "choice_rule_ids": [Command.unlink(rule.id) for rule in rules],
            "approval_measures": (self.approval_measures or {}) | measures,
        }

    def _get_matters(self, rules):
        return ", ".join(rule._get_label() for rule in rules.with_context(lang=self.env.lang))

    def _is_own_quote_of(self, user):
        """Tell whether this user made or sells the quote, or asked for its approval: another one approves it."""
        return user in (self.user_id | self.create_uid | self.approval_asked_by_id)

    def _get_rules_of_approver(self, rules):
        """Give those of the rules by which the current user may approve this quote."""
        if self._is_own_quote_of(self.env.user):
            return rules.browse()
        return rules.filtered(lambda rule: self.env.user in rule._get_approvers())

    def _get_eligible_approvers(self, rules):
        """Give who may approve this quote by these rules.

        :raise UserError: when a rule leaves nobody but the quote's own people
        """
        found = self.env["res.users"]
        for rule in rules:
            approvers = self._get_other_approvers(rule)
            if not approvers:
                raise UserError(
                    self.env._(
                        "Nobody else may approve %(quote)s by the rule %(rule)s: its salesperson, its author and "
                        "whoever asks cannot. Ask a sales manager to name another approver.",
                        quote=self.name,
                        rule=rule.name,
                    )
                )
            found |= approvers
        return found

    def _get_other_approvers(self, rules):
        """Give who may approve this quote by any of these rules, its own people aside."""
        found = self.env["res.users"].union(*(rule._get_approvers() for rule in rules))
        return found.filtered(lambda user: not self._is_own_quote_of(user) and user != self.env.user)

    def _check_can_decide(self):
        """Lock the quote and give the rules the current user may approve it by, or say why he cannot."""
        self.check_access("read")
        # sudo: an approver need not have a right on quotes.
        self.sudo()._lock_for_revision()
        missing = self._get_missing_rules()
        if not missing:
            raise UserError(self.env._("There is nothing to approve on %(quote)s.", quote=self.name))
        if not self.approval_asked_by_id or self.approval_refused_by_id:
            raise UserError(self.env._("Nobody asked for an approval of %(quote)s yet.", quote=self.name))
        if not self._does_decision_hold():
            raise UserError(
                self.env._(
                    "%(quote)s was changed after its approval was asked for. Whoever changed it has to ask again.",
                    quote=self.name,
                )
            )
        rules = self._get_rules_of_approver(missing)
        if not rules:
            raise AccessError(
                self.env._(
                    "You cannot approve %(quote)s: its rules name other people, and nobody approves a quote he made, "
                    "sells or asked for.",
                    quote=self.name,
                )
            )
        return rules

    def _check_can_override(self):
        self.check_access("write")
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(self.env._("Only sales managers send a quote without its approval."))
        if not self._get_missing_rules():
            raise UserError(self.env._("%(quote)s needs no approval: it can be sent.", quote=self.name))

    def _check_reason(self, reason):
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Give the reason: it is kept on the quote."))
        return reason

    def _get_asking_partners(self):
        """Give whom a decision is told: who asked, and the salesperson."""
        return (self.approval_asked_by_id | self.user_id).partner_id.ids

    def _schedule_approvals(self, approvers):
        # sudo: activities of an earlier request may be of others.
        self.sudo()._close_approvals(everyone=True)
        for user in approvers:
            # sudo: an approver need not have a right on quotes to be told.
            self.sudo().activity_schedule("construction_crm.mail_activity_type_approval", user_id=user.id)

    def _close_approvals(self, everyone):
        """Close the activities of the approvers: all of them, or that of the current user only."""
        user_id = None if everyone else self.env.uid
        self.activity_unlink(["construction_crm.mail_activity_type_approval"], user_id=user_id)

    # === FIGURES === #

    def _get_priced_content(self, with_age=False):
        """Give the priced lines as rules look at them."""
        lines = self.order_line.filtered(
            lambda line: not line.display_type and not line.is_downpayment and line.product_uom_qty
        )
        dates = self._get_cost_dates(lines) if with_age else {}
        # Of what was sent the costs are as old as they were then.
        today = (self.state != "draft" and self.date_sent or fields.Datetime.now()).date()
        return [
            Priced(
                line.price_unit * line.product_uom_qty if line.discount >= 100 else line.price_subtotal,
                line.discount,
                line.purchase_price * line.product_uom_qty,
                (today - dates[line.product_id.id]).days if with_age else 0,
            )
            for line in lines
        ]

    def _get_cost_dates(self, lines):
        """Give since when the costs frozen in the quote held; as far as that is known, since the quote was made."""
        made = (self.original_id or self).create_date or fields.Datetime.now()
        day = made.date()
        costs = self.env["construction.component.cost"]._get_costs_at(lines.product_id, self.company_id, day)
        return {product.id: costs.get(product.id, (0.0, day))[1] for product in lines.product_id}
