from markupsafe import Markup

from odoo import fields, models
from odoo.tools import format_date

# Context key of a mail composed by hand: the client is told by the message that is posted.
TELLS_CLIENT = "construction_tells_client"
# Context key: with False the client is not told this time, although the stage says so.
TELL_CLIENT = "construction_tell_client"
LAYOUT = "mail.mail_notification_light"


class ProjectMilestone(models.Model):
    """What is told when a stage of works is reached: to the team in a note, to the client by mail."""

    _inherit = "project.milestone"

    client_told_date = fields.Date(
        string="Client Told On",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )

    # === ACTION === #

    def action_tell_client(self):
        """Show the message to the client before it goes."""
        self.ensure_one()
        template = self.env.ref("construction_crm.mail_template_stage_reached", raise_if_not_found=False)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Tell the Client"),
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_composition_mode": "comment",
                "default_template_id": template.id if template else False,
                "default_partner_ids": self._get_client_recipients().ids,
                "default_email_layout_xmlid": LAYOUT,
                TELLS_CLIENT: True,
            },
        }

    def message_post(self, **kwargs):
        message = super().message_post(**kwargs)
        if self.env.context.get(TELLS_CLIENT) and self.project_stage_id:
            # reason of sudo: the day is noted by what happens only
            self.sudo().client_told_date = fields.Date.context_today(self)
        return message

    # === BUSINESS === #

    def _get_client_recipients(self):
        """Who hears of the works: the client, and the parties who get reports.

        :return: res.partner with a mail address, with sudo
        """
        self.ensure_one()
        # reason of sudo: who leads the works need not read the deal with its parties
        project = self.sudo().project_id
        parties = project.lead_id.party_ids._get_recipients("report")
        return (project.partner_id | parties).filtered("email_normalized")

    def _tell_client(self):
        """Tell the clients of these stages, each once, unless somebody said not to."""
        template = self.env.ref("construction_crm.mail_template_stage_reached", raise_if_not_found=False)
        if not template or self.env.context.get(TELL_CLIENT) is False:
            return
        # reason of sudo: the message is ours, whoever reached the stage
        for stage in self.sudo().filtered(lambda stage: stage.project_stage_id.tell_client):
            if stage.client_told_date:
                continue
            if not stage._get_client_recipients():
                stage._log_on_project(
                    self.env._(
                        "The client could not be told that the stage %(stage)s is reached: there is no mail address.",
                        stage=stage.name,
                    )
                )
                continue
            stage.with_context(**{TELLS_CLIENT: True}).message_post_with_source(
                template,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                email_layout_xmlid=LAYOUT,
            )

    def _get_open_before(self):
        """The stages of works before this one that are not reached yet."""
        self.ensure_one()
        stages = self.project_id.milestone_ids.filtered("project_stage_id")
        if self not in stages:
            return stages.browse()
        return stages[: list(stages).index(self)].filtered(lambda stage: not stage.is_reached)

    def _describe_reached(self, instalments):
        """The note on a stage that was reached, as lines."""
        self.ensure_one()
        lines = [
            self.env._(
                "Stage %(stage)s reached on %(day)s.",
                stage=self.name,
                day=format_date(self.env, self.reached_date),
            )
        ]
        if self.reach_reason:
            lines.append(self.env._("All the same, because: %(reason)s", reason=self.reach_reason))
            lines += self._get_reach_holds()
        if before := self._get_open_before():
            lines.append(
                self.env._("Stages before it that are still open: %(stages)s", stages=", ".join(before.mapped("name")))
            )
        return lines + [self._describe_due(row) for row in instalments]

    def _describe_due(self, row):
        return self.env._(
            "Instalment “%(name)s” of contract %(contract)s: due on %(day)s.",
            name=row.name,
            contract=row.contract_id.name,
            day=format_date(self.env, row.date_due),
        )

    def _log_lines(self, lines):
        self.ensure_one()
        items = Markup("").join(Markup("<li>%s</li>") % line for line in lines[1:])
        self._log_on_project(Markup("<p>%s</p>%s") % (lines[0], Markup("<ul>%s</ul>") % items if items else ""))

    def _warn_out_of_order(self):
        """Say at once, to whoever ticked, that stages before these are still open."""
        for stage in self:
            before = stage._get_open_before()
            if before:
                self.env.user._bus_send(
                    "simple_notification",
                    {
                        "type": "warning",
                        "title": self.env._("%(stage)s is reached", stage=stage.name),
                        "message": self.env._(
                            "Stages before it are still open: %(stages)s", stages=", ".join(before.mapped("name"))
                        ),
                    },
                )

    # === HOOKS === #

    def _after_reach(self, instalments):
        res = super()._after_reach(instalments)
        for project, stages in self.grouped("project_id").items():
            rows = instalments.filtered(
                lambda row, project=project: row.contract_id.lead_id.construction_project_id == project
            )
            for stage in stages:
                # what several stages made due at once is told with the last of them
                stage._log_lines(stage._describe_reached(rows if stage == stages[-1:] else rows.browse()))
        self._warn_out_of_order()
        self._tell_client()
        return res

    def _after_unreach(self, instalments):
        res = super()._after_unreach(instalments)
        for stage in self:
            rows = instalments.filtered(
                lambda row, stage=stage: row.contract_id.lead_id.construction_project_id == stage.project_id
            )
            lines = [self.env._("Stage %(stage)s is open again.", stage=stage.name)]
            if stage == self[-1:] and rows:
                lines.append(self.env._("Instalments that wait again: %(rows)s", rows=", ".join(rows.mapped("name"))))
            stage._log_lines(lines)
        return res
