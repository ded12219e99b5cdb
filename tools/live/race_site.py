"""Two people on the same site: handing over, numbering snags, verifying them."""

from odoo.fields import Date

from . import worlds
from .race import run

# The functions below that the test runs.
RACES = ("sign_handover", "number_snags", "verify_snag")

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="


def site(env):
    """The project of a signed contract that started long enough ago."""
    contract = worlds.contract(env)
    contract.write({"date_start": Date.today()})
    return contract.lead_id._start_project()


def sign_handover(env):
    """One handover of one act: told once, though two managers complete it."""

    def prepare(env):
        act = env["construction.handover"].create({"project_id": site(env).id})
        act.action_ready()
        act.write({"signature_own": PIXEL, "signature_client": PIXEL})
        return act

    def count(act):
        told = act.project_id.message_ids.filtered(lambda message: act.name in (message.body or ""))
        return len(told) if act.state == "signed" and act.contract_id.state == "completed" else -1

    return run(env, prepare, lambda act, _index: act.action_sign(), count)


def number_snags(env):
    """One snag a number, though two people write one at once."""

    def act(project, index):
        project.env["construction.snag"].create({"name": f"Crack {index}", "project_id": project.id})

    def count(project):
        numbers = project.env["construction.snag"].search([("project_id", "=", project.id)]).mapped("number")
        return len(numbers) / (len(set(numbers)) or 1) if len(numbers) == 2 else -1

    return run(env, site, act, count)


def verify_snag(env):
    """One snag is verified once, though two managers find it fixed."""

    def prepare(env):
        snag = env["construction.snag"].create({"name": "Crack", "project_id": site(env).id})
        snag.action_fix()
        # another person told that it is fixed
        snag.sudo().fixed_by_id = env.ref("base.user_admin")
        return snag

    def count(snag):
        told = snag.message_ids.tracking_value_ids.filtered(lambda value: value.new_value_char == "Verified")
        return len(told) if snag.state == "verified" else -1

    return run(env, prepare, lambda snag, _index: snag.action_verify(), count)
