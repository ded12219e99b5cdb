from odoo import fields, models
from odoo.exceptions import RedirectWarning, UserError

from .row_lock import touch

# Context of stage changes that follow a step, and need not look for one. Its value, too, is ours alone: what a caller
# from outside puts into the context opens no gate.
BY_STEP = "construction_by_step"
FOLLOWS_STEP = object()


class CrmLead(models.Model):
    """Opening and closing the steps of deals; their stages follow, and the other way round."""

    _inherit = "crm.lead"

    # === CRUD === #

    def write(self, vals):
        moves = {}
        if vals.get("stage_id") and self.env.context.get(BY_STEP) is not FOLLOWS_STEP:
            moves = self._prepare_stage_moves(vals["stage_id"])
        res = super().write(vals)
        for kind, leads in moves.items():
            leads._follow_stage(kind)
        return res

    def _handle_won_lost(self, old_status_by_lead, new_status_by_lead):
        res = super()._handle_won_lost(old_status_by_lead, new_status_by_lead)
        led = self.filtered(lambda lead: lead.construction_type_id and lead.has_steps)
        lost = restored = self.browse()
        for lead in led:
            old = old_status_by_lead.get(lead.id, {"is_lost": False, "is_won": False})
            new = new_status_by_lead.get(lead.id, old)
            if new["is_lost"] and not old["is_lost"]:
                lost += lead
            elif old["is_lost"] and not new["is_lost"] and not new["is_won"]:
                restored += lead
            if new["is_won"] and not old["is_won"]:
                lead._finish_steps_of_won()
        lost._refuse_steps()
        restored._reopen_refused_steps()
        return res

    def action_set_lost(self, **additional_values):
        """Keep the reason on the steps the deals were lost in."""
        res = super().action_set_lost(**additional_values)
        # sudo: follows from losing the deal, whoever may see the step
        deals = self.sudo().filtered(lambda lead: lead.construction_type_id and lead.has_steps)
        for reason, lost in deals.grouped("lost_reason_id").items():
            steps = lost.step_ids.browse([lead.step_ids[:1].id for lead in lost])
            silent = steps.filtered(lambda step: step.state == "refused" and not step.summary)
            if reason and silent:
                silent.summary = reason.name
        return res

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        # sudo: whoever may merge the deals may not see every step
        others = opportunities.sudo().step_ids
        open_steps = others.filtered(lambda step: step.state == "open")
        kept = self.sudo().step_id or open_steps[:1]  # as above
        (open_steps - kept)._close("cancelled")
        others.write({"lead_id": self.id})
        return result

    # === BUSINESS: opening and closing === #

    def _open_steps(self, kind, user=None, date_deadline=None, date_start=None):
        """Open a step of this type on deals that have no open one, and move them to its stage.

        Twice is once: deals with an open step keep it.

        :param kind: a construction.step.type
        :param user: its owner; else the salesperson of the deal, or the user
        :param date date_deadline: else the days of the type from today
        :return: the new steps, with sudo
        """
        deals = self.sudo()  # opening a step comes with acting on the deal or on the step before, checked by callers
        touch(deals)
        deals.invalidate_recordset(["step_id"])
        Step = self.env["construction.step"].sudo()  # as above
        Step.flush_model(["lead_id", "state"])  # the step just closed makes room for the next
        deals = deals.filtered(lambda lead: not lead.step_id)
        steps = Step.create(
            [
                {
                    "lead_id": lead.id,
                    "type_id": kind.id,
                    "user_id": (user or lead.user_id or self.env.user).id,
                    "date_start": date_start or fields.Datetime.now(),
                    "date_deadline": date_deadline or Step._prepare_deadline(kind),
                }
                for lead in deals
            ]
        )
        deals._move_to_stage(kind.stage_id)
        return steps

    def _move_to_stage(self, stage):
        """Move deals to the stage of a step; those won stay won."""
        if stage:
            deals = self.filtered(
                lambda lead: lead.stage_id != stage and lead.won_status == "pending" and lead._takes_stage(stage)
            )
            if deals:
                deals.with_context(**{BY_STEP: FOLLOWS_STEP}).write({"stage_id": stage.id})

    def _takes_stage(self, stage):
        """Whether the pipeline of this deal's team has that stage."""
        return not stage.team_ids or not self.team_id or self.team_id in stage.team_ids

    def _advance_steps(self, requirement):
        """What steps wait for has come true: close those that close by themselves, propose the others.

        :param str requirement: what came true, a key of `construction.step.type.requirement`
        """
        # sudo: what closes a step is done by people who need no right on the deal, the client in the portal too
        for lead in self.sudo().filtered("step_id"):
            step = lead.step_id
            kind = step.type_id
            if kind.requirement != requirement or step._get_requirement_holds():
                continue
            if kind.closes_itself:
                step._close_and_go_on()
            else:
                lead._message_log(
                    body=self.env._(
                        "All there has to be for “%(step)s” is there: close it by Next Step.", step=kind.name
                    )
                )

    def _refuse_steps(self):
        """The deals are lost: so are their steps."""
        self.sudo().step_id._close("refused")  # follows from losing the deal, whoever may see the step

    def _reopen_refused_steps(self):
        """Lost deals are taken up again: so are the steps they were lost in."""
        leads = self.sudo()  # follows from restoring the deal, whoever may see the step
        last = leads.step_ids.browse([lead.step_ids[:1].id for lead in leads if not lead.step_id and lead.step_ids])
        refused = last.filtered(lambda step: step.state == "refused")
        if refused:
            refused.write({"state": "open", "date_done": False})

    def _finish_steps_of_won(self):
        """The deal is won: its open step is over, and what comes after winning opens."""
        lead = self.sudo()  # follows from winning the deal, whoever may see the step
        step = lead.step_id
        if not step or step.type_id._stays_after_win():
            return
        kind = step.type_id
        step._close("cancelled" if step._get_requirement_holds() else "done")
        later = lead._get_step_types().filtered(
            lambda other: (other.sequence, other.id) > (kind.sequence, kind.id) and other._stays_after_win()
        )
        for other in later:
            if self.env["construction.step"].new({"lead_id": lead.id, "type_id": other.id})._get_requirement_holds():
                lead._open_steps(other, user=step.user_id)
                return

    # === BUSINESS: dragging === #

    def _prepare_stage_moves(self, stage_id):
        """Check the gates between where deals stand and that stage.

        :return: {type of the step to open there: deals led by steps}
        :raises RedirectWarning: a gate is closed; leads to what opens it
        """
        deals = self.filtered(
            lambda lead: (
                lead.construction_type_id and (lead.step_id or not lead.is_activated) and lead.stage_id.id != stage_id
            )
        )
        if not deals:
            return {}
        stage = self.env["crm.stage"].browse(stage_id)
        moves = {}
        kinds_by_lead = deals._get_step_types_by_lead()
        for lead in deals:
            kinds = kinds_by_lead[lead]
            if not self.env.su:
                lead._check_gates(kinds, stage)
            here = kinds.filtered(lambda kind: kind.stage_id == stage)
            done = lead.sudo().step_ids.filtered(lambda step: step.state == "done").type_id  # reason: as above
            kind = (here - done)[:1] or here[-1:]
            if kind:
                moves[kind] = moves.get(kind, self.browse()) + lead
        return moves

    def _get_closed_gates(self, kinds, stage):
        """Steps that hold the deal back from that stage: the open one, or those it would jump over.

        :return: list of steps, not all of them saved
        """
        self.ensure_one()
        lead = self.sudo()  # what holds a deal holds it for everybody
        step = lead.step_id
        current = (step.type_id.sequence, step.type_id.id) if step else (-1, 0)
        passed = kinds.filtered(
            lambda kind: (
                kind.is_gate
                and kind.stage_id
                and (kind.sequence, kind.id) >= current
                and (
                    stage.is_won
                    or kind.stage_id.sequence < stage.sequence
                    # stages of one sequence: whichever is left, the open step holds
                    or (kind == step.type_id and kind.stage_id.sequence == stage.sequence)
                )
                and kind.stage_id != stage
            )
        )
        closed = []
        for kind in passed:
            own = step if step.type_id == kind else step.new({"lead_id": lead.id, "type_id": kind.id})
            if own._get_requirement_holds():
                closed.append(own)
        return closed

    def _check_gates(self, kinds, stage):
        """
        :raises RedirectWarning: a gate between the deal and that stage is closed
        """
        closed = self._get_closed_gates(kinds, stage)
        if not closed:
            return
        gate = closed[0]
        message = self._describe_closed_gates(closed, stage)
        if self.env.user.has_group("sales_team.group_sale_manager"):
            raise RedirectWarning(message, self._prepare_override_action(stage), self.env._("Let Pass with a Reason"))
        action, label = gate.with_env(self.env)._get_fix_action()
        if not action:
            raise UserError(message)
        raise RedirectWarning(message, action, label)

    def _describe_closed_gates(self, closed, stage):
        """Why the deal cannot go to that stage; of several steps each is named with what it waits for."""
        gate = closed[0]
        if len(closed) == 1:
            return self.env._(
                "“%(deal)s” cannot leave “%(stage)s” before the step “%(step)s” is done:\n%(holds)s",
                deal=self.name,
                stage=gate.type_id.stage_id.name,
                step=gate.type_id.name,
                holds="\n".join(f"• {hold}" for hold in gate._get_requirement_holds()),
            )
        return self.env._(
            "“%(deal)s” cannot move on to “%(stage)s” before these steps are done:\n%(holds)s",
            deal=self.name,
            stage=stage.name,
            holds="\n".join(f"• {own.type_id.name}: {' '.join(own._get_requirement_holds())}" for own in closed),
        )

    def _prepare_override_action(self, stage):
        """The dialog in which a sales manager lets the deal pass to that stage."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Let the Deal Pass"),
            "res_model": "construction.step.override",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_lead_id": self.id, "default_stage_id": stage.id},
        }

    def _pass_gate(self, stage, reason):
        """Move the deal to that stage, gates or not; callers have checked who may.

        :param str reason: kept on the deal and on the step passed by
        """
        self.ensure_one()
        kinds = self._get_step_types()
        closed = self._get_closed_gates(kinds, stage)
        for step in closed:
            if step._origin:
                step._let_pass(reason)
        if not any(step._origin for step in closed):
            self._message_log(
                body=self.env._(
                    "%(manager)s let this deal pass to “%(stage)s”: %(reason)s",
                    manager=self.env.user.name,
                    stage=stage.name,
                    reason=reason,
                )
            )
        here = kinds.filtered(lambda kind: kind.stage_id == stage)
        self.with_context(**{BY_STEP: FOLLOWS_STEP}).write({"stage_id": stage.id})
        self._follow_stage(here[:1])

    def _follow_stage(self, kind):
        """Keep the steps true after these deals were moved by hand: close the open ones, open those of their stage."""
        # sudo: whoever may move the deal moves its steps
        leads = self.sudo().filtered(lambda lead: lead.won_status == "pending" and lead.step_id.type_id != kind)
        if not kind or not leads:
            return
        if len(leads) > 1:
            # Of many at once the owners are told by the list of their activities, not by a mail for each.
            leads = leads.with_context(mail_activity_quick_update=True)
        leads_by_owner = leads.grouped(lambda lead: lead.step_id.user_id)
        steps = leads.step_id
        skipped = steps.filtered(
            lambda step: (
                (kind.sequence, kind.id) < (step.type_id.sequence, step.type_id.id) or step._get_requirement_holds()
            )
        )
        skipped._close("cancelled")
        (steps - skipped)._close("done")
        for owner, owned in leads_by_owner.items():
            owned._open_steps(kind, user=owner)
        fresh = leads.filtered(lambda lead: not lead.is_activated)
        if fresh:
            fresh.write({"is_activated": True, "date_activated": fields.Datetime.now()})
