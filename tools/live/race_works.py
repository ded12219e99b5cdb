"""Two project managers at the same works: certifying them, varying them."""

from . import worlds
from .race import run

# The functions below that the test runs.
RACES = (
    "make_certificate",
    "approve_certificate",
    "approve_or_withdraw",
    "confirm_variation",
    "undo_variation",
    "vary_while_certified",
)


def measured(env):
    """A contract paid by certificates, half of its first chapter reported and approved."""
    contract = worlds.contract(env)
    contract.action_invoice_by_certificates()
    project = contract.lead_id._start_project()
    report(project, 0.5)
    return contract


def report(project, share):
    progress = project.env["construction.progress"].create({"project_id": project.id})
    line = progress.line_ids[0]
    line.quantity = line.quantity_contracted * share
    progress.action_submit()
    progress.action_approve()


def draft(env):
    """The draft certificate of those works."""
    action = measured(env).action_make_certificate()
    return env["construction.certificate"].browse(action["res_id"])


def proposed(env, contract=None):
    """A signed-to-be variation: five more of the first chapter."""
    contract = contract or worlds.contract(env)
    wizard = env["construction.variation.propose"].browse(contract.action_propose_variation()["res_id"])
    wizard.line_ids[0].change = 5
    wizard.action_apply()
    order = wizard.order_id
    order.action_quotation_sent()
    return order


def adds_up(contract):
    """Whether the plan comes to the contract, and the contract to its orders, to the cent."""
    contract.invalidate_recordset()
    compare = contract.currency_id.compare_amounts
    planned = sum(contract.instalment_ids.mapped("amount"))
    ordered = sum(contract.order_ids.mapped("amount_total"))
    return not compare(planned, contract.amount_total) and not compare(ordered, contract.amount_total)


def make_certificate(env):
    """One draft of one contract."""

    def count(contract):
        return len(contract.certificate_ids)

    return run(env, measured, lambda contract, _index: contract.action_make_certificate(), count)


def approve_certificate(env):
    """One instalment of one certificate, and the pot gives it once."""

    def count(certificate):
        return len(certificate.instalment_ids) if adds_up(certificate.contract_id) else -1

    return run(env, draft, lambda certificate, _index: certificate.action_approve(), count)


def approve_or_withdraw(env):
    """Approved by one while another withdraws: either way the plan is whole."""

    def act(certificate, index):
        certificate.action_withdraw() if index else certificate.action_approve()

    def count(certificate):
        rows = len(certificate.instalment_ids)
        is_right = rows == (certificate.step == "approved") and adds_up(certificate.contract_id)
        return 1 if is_right else -1

    return run(env, draft, act, count)


def confirm_variation(env):
    """One variation joins its contract once, though two confirm it."""

    def count(order):
        contract = order.variation_contract_id
        position = contract._get_varied_positions()[:1]
        is_once = position.quantity_variations == 5 and adds_up(contract)
        return len(contract.order_ids) - 1 if is_once else -1

    return run(env, proposed, lambda order, _index: order.action_confirm(), count)


def undo_variation(env):
    """One variation leaves its contract once, though two undo it."""

    def prepare(env):
        order = proposed(env)
        order.action_confirm()
        return order

    def count(order):
        contract = order.variation_contract_id
        return 1 if len(contract.order_ids) == 1 and adds_up(contract) else -1

    return run(env, prepare, lambda order, _index: order.action_undo_variation(), count)


def vary_while_certified(env):
    """A certificate is approved while its contract is varied: it shows all of the contract, before or after."""

    def prepare(env):
        certificate = draft(env)
        proposed(env, certificate.contract_id)
        return certificate

    def act(certificate, index):
        if index:
            certificate.contract_id.variation_order_ids.action_confirm()
        else:
            certificate.action_approve()

    def count(certificate):
        return len(certificate.instalment_ids) if adds_up(certificate.contract_id) else -1

    return run(env, prepare, act, count)
