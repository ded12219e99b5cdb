from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import LazyTranslate

from ...core.delivery.weights import propose_weights
from ..pipeline.row_lock import touch

_lt = LazyTranslate(__name__)

# The stages most works go through: key → name, days, weight, settings, checks (name, required).
USUAL_STAGES = {
    "design": (
        _lt("Design"),
        15,
        5,
        {"needs_approval": True},
        [
            (_lt("Drawings approved by the client"), True),
            (_lt("Permits obtained"), True),
            (_lt("Materials and finishes chosen"), False),
        ],
    ),
    "purchase": (
        _lt("Purchase of materials"),
        10,
        15,
        {},
        [
            (_lt("Main materials ordered"), True),
            (_lt("Delivery dates confirmed by the suppliers"), False),
        ],
    ),
    "first": (
        _lt("First stage of works"),
        25,
        30,
        {"needs_approval": True, "tell_client": True},
        [
            (_lt("Works checked on site against the drawings"), True),
            (_lt("Photos taken of what will be covered"), True),
        ],
    ),
    "second": (
        _lt("Second stage of works"),
        20,
        25,
        {"needs_approval": True, "tell_client": True},
        [
            (_lt("Works checked on site against the drawings"), True),
            (_lt("Installations tested"), True),
            (_lt("Photos taken of what will be covered"), True),
        ],
    ),
    "finishing": (
        _lt("Finishing"),
        15,
        20,
        {"tell_client": True},
        [
            (_lt("Finishes checked room by room"), True),
            (_lt("Site cleaned"), True),
        ],
    ),
    "handover": (
        _lt("Handover"),
        5,
        5,
        {"needs_approval": True, "is_handover": True, "tell_client": True},
        [
            # snags and the signed act hold this stage by themselves
            (_lt("Final inspection made"), True),
            (_lt("Manuals, certificates and keys ready for the client"), True),
        ],
    ),
}
FIRST_SEQUENCE = 51


def _translate_name(record, text):
    """Give a record its name in every language installed."""
    languages = [code for code, _name in record.env["res.lang"].get_installed() if code != "en_US"]
    texts = {code: record.with_context(lang=code).env._(text) for code in languages}
    if texts:
        record.update_field_translations("name", texts)


class ProjectProjectStage(models.Model):
    """The usual stages of works, made when somebody asks for them and then the firm's own."""

    _inherit = "project.project.stage"

    usual_key = fields.Char(readonly=True, copy=False, export_string_translation=False)

    _usual_key_uniq = models.UniqueIndex(
        "(usual_key, COALESCE(company_id, 0)) WHERE usual_key IS NOT NULL AND active",
        "The usual stages are there already. Reload the page.",
    )

    @api.model
    def _get_usual_stages(self, company=None):
        """The usual stages of works, made where there are none yet: in every language installed; again is once.

        :param company: whose stages, those shared by all companies when empty
        :return: project.project.stage in their order
        """
        # one after the other: two who ask at once get the same stages
        touch(company or self.env.ref("base.main_company"))
        company = company or self.env["res.company"]
        # reason of sudo: whoever configures construction types may have them made
        Stage = self.sudo()
        known = Stage.search([("usual_key", "in", list(USUAL_STAGES)), ("company_id", "in", [company.id, False])])
        found = {stage.usual_key: stage for stage in known.sorted(lambda stage: bool(stage.company_id))}
        stages = Stage.browse()
        for number, (key, usual) in enumerate(USUAL_STAGES.items()):
            stages |= found.get(key) or Stage._make_usual_stage(key, usual, FIRST_SEQUENCE + number, company)
        return stages.sudo(self.env.su)

    @api.model
    def _make_usual_stage(self, key, usual, sequence, company):
        name, days, weight, settings, checks = usual
        source = self.with_context(lang=None)
        stage = source.create(
            {
                **settings,
                "usual_key": key,
                "name": source.env._(name),
                "sequence": sequence,
                "duration_days": days,
                "usual_weight": weight,
                "company_id": company.id,
                "check_template_ids": [
                    Command.create({"sequence": 10 * row, "name": source.env._(check), "is_required": required})
                    for row, (check, required) in enumerate(checks, start=1)
                ],
            }
        )
        _translate_name(stage, name)
        for template, (check, _required) in zip(stage.check_template_ids, checks, strict=True):
            _translate_name(template, check)
        return stage.with_env(self.env)

    def action_add_usual_stages(self):
        """Make the usual stages of works where there are none yet, and show them."""
        self.check_access("create")
        self._get_usual_stages()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _propose_weights(self):
        """The usual weights of these stages, adding up to 100 %: those that have none go by their duration."""
        return propose_weights(self.mapped("usual_weight"), self.mapped("duration_days"))


class ConstructionType(models.Model):
    _inherit = "construction.type"

    def action_add_usual_stages(self):
        """Give these types the usual stages of works they lack: twice is once."""
        self.check_access("write")
        for construction_type in self:
            stages = self.env["project.project.stage"]._get_usual_stages(construction_type.company_id)
            construction_type.stage_ids |= stages
        return True

    def action_view_stages(self):
        """Open the stages of works of these types, to set their days, weights and checklists."""
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.project_project_stage_action")
        action["domain"] = [("construction_type_ids", "in", self.ids)]
        action["context"] = {"default_construction_type_ids": self.ids}
        return action
