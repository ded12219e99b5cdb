"""Two users doing the same thing at the same moment, each with a connection and a transaction of its own.

Runs inside Odoo; every transaction is retried as a web request would be.
"""

import threading
import time
from functools import partial

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.fields import Command, Date
from odoo.service.model import retrying

from . import worlds

PATIENCE = 60
# How long the second one waits in every other round: the first has finished, but not in his view of the database.
PAUSE = 1.5
# The functions below that the test runs.
RACES = (
    "generate",
    "finalize",
    "renew",
    "revise",
    "send",
    "send_or_sign",
    "revise_or_sign",
    "decline_or_sign",
    "sign",
    "regenerate",
    "choose",
    "choose_alternative",
    "round_first",
    "sign_up",
    "start",
    "invoice",
    "invoice_many",
    "invoice_last_two",
    "collect",
    "collect_again",
    "collect_transfer",
    "collect_crossing",
    "collect_on_account",
    "confirm",
)


def run(env, prepare, act, count, rounds=3, runners=2):
    """Prepare a record, let several act on it at once, count what came of it; one dict a round.

    `prepare(env)` gives the record, `act(record, index)` does the thing, `count(record)` counts the results.
    """
    found = []
    for _round in range(rounds):
        record = prepare(env)
        env.cr.commit()
        outcomes = together(record, act, runners, pause=PAUSE * (_round % 2))
        env.invalidate_all()
        found.append({"outcomes": outcomes, "results": count(record)})
        env.cr.commit()
    return found


def together(record, act, runners, pause=0.0):
    """What each of the simultaneous actors met: "done", or the words of the refusal, or a fault."""
    barrier = threading.Barrier(runners)
    outcomes = [None] * runners

    def actor(index):
        with record.env.registry.cursor() as cr:
            own = api.Environment(cr, SUPERUSER_ID, {})
            mine = record.with_env(own)
            # The view of the database is taken before the other one starts.
            mine.read(["display_name"])
            barrier.wait(PATIENCE)
            time.sleep(pause * index)
            try:
                retrying(partial(act, mine, index), own)
                outcomes[index] = "done"
            except UserError as error:
                outcomes[index] = f"refused: {error}"
            except Exception as error:  # reported to the test
                outcomes[index] = f"FAULT: {type(error).__name__}: {error}"

    threads = [threading.Thread(target=actor, args=(index,)) for index in range(runners)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return outcomes


def generate(env):
    """One quote of one sheet."""
    return run(env, worlds.sheet, lambda sheet, _i: sheet.action_generate_quote(), lambda sheet: len(sheet.order_ids))


def finalize(env):
    """One final state, and nobody is told anything unclear."""

    def measured(env):
        sheet = worlds.sheet(env)
        sheet.action_new_version()
        return sheet.next_version_ids

    return run(env, measured, lambda sheet, _i: sheet.action_finalize(), lambda sheet: int(sheet.state == "final"))


def renew(env):
    """One new version of one sheet."""
    return run(
        env, worlds.sheet, lambda sheet, _i: sheet.action_new_version(), lambda sheet: len(sheet.next_version_ids)
    )


def revise(env):
    """One revision of one quote."""
    return run(env, worlds.sent, lambda quote, _i: quote.action_revise(), lambda quote: len(quote.next_revision_ids))


def send_or_sign(env):
    """The old quote is signed, or its revision is sent: not both."""

    def revised(env):
        quote = worlds.sent(env)
        quote.action_revise()
        quote.next_revision_ids.order_line[1].price_unit = 1.0
        return quote

    def act(quote, index):
        if index:
            quote.action_confirm()
        else:
            quote.next_revision_ids.write({"state": "sent"})

    def count(quote):
        return int(quote.state == "sale") + int(quote.next_revision_ids.state == "sent")

    return run(env, revised, act, count)


def send(env):
    """A quote is sent once, and one document of it is kept."""

    def act(quote, _index):
        quote.action_quotation_sent()

    def count(quote):
        return len(quote.sent_attachment_ids) or int(quote.state == "sent")

    return run(env, worlds.quote, act, count)


def sign(env):
    """One confirmation: the client presses twice."""

    def count(quote):
        return int(quote.state == "sale") * len(quote.sudo().opportunity_id.order_ids)

    return run(env, worlds.sent, lambda quote, _i: quote.action_confirm(), count)


def revise_or_sign(env):
    """A quote is signed while its revision is begun: the signature holds, whatever became of the revision."""

    def act(quote, index):
        if index:
            quote.action_confirm()
        else:
            quote.action_revise()

    def count(quote):
        signed = quote._get_issues().filtered(lambda issue: issue.state == "sale")
        return len(signed) if len(quote.next_revision_ids) <= 1 else -1

    return run(env, worlds.sent, act, count)


def decline_or_sign(env):
    """A quote is declined or signed: not both."""
    reason = env["crm.lost.reason"].search([], limit=1)

    def act(quote, index):
        if index:
            quote.action_confirm()
        else:
            quote._decline(reason.with_env(quote.env), "Too late")

    def count(quote):
        return int(quote.state == "sale") + int(quote.state == "cancel" and bool(quote.decline_note))

    return run(env, worlds.sent, act, count)


def regenerate(env):
    """A newer sheet is taken over once: two people saw what would change, and both apply it."""

    def act(quote, index):
        wizards = quote.env["construction.quote.regenerate"].search([("order_id", "=", quote.id)], order="id")
        wizards[index].action_apply()

    def count(quote):
        quantities = quote.evaluation_id.line_ids.mapped("quantity")
        if quote.chapter_ids.mapped("chapter_quantity") != quantities or len(quote.order_line) != worlds.QUOTE_LINES:
            return -1
        return len(quote.message_ids.filtered(lambda message: "Regenerated from" in (message.body or "")))

    return run(env, worlds.outdated, act, count)


def choose_alternative(env):
    """One of three alternatives."""

    def act(quote, index):
        quote.chapter_ids[1 + index].action_toggle_chosen()

    return run(env, worlds.alternatives, act, lambda quote: len(quote.chapter_ids.filtered("is_chosen")))


def round_first(env):
    """One product that rounding stands for, made when the first price is rounded."""

    def unrounded(env):
        product = env["product.product"]._find_rounding_product()
        product.active = False
        env["ir.model.data"].search([("module", "=", "construction_crm"), ("name", "=", "product_rounding")]).unlink()
        return worlds.sheet(env)

    def act(sheet, _index):
        sheet.env["product.product"]._get_rounding_product()

    def count(_sheet):
        return env["product.product"].search_count([("name", "=", "Rounding")])

    return run(env, unrounded, act, count)


def choose(env):
    """One of two variants."""

    def varied(env):
        quote = worlds.sent(env)
        quote.action_make_variant("Premium", "Economy")
        return quote

    def act(quote, index):
        quote._get_variants()[index].action_confirm()

    def count(quote):
        return len(quote._get_family().filtered(lambda variant: variant.state == "sale"))

    return run(env, varied, act, count)


def start(env):
    """One project of one deal, whether the wizard is opened by both or started at once."""

    def act(order, _index):
        order.opportunity_id._start_project()

    def count(order):
        return (
            env["project.project"]
            .with_context(active_test=False)
            .search_count([("lead_id", "=", order.opportunity_id.id)])
        )

    return run(env, worlds.sold, act, count)


def sign_up(env):
    """One contract of one order."""

    def count(order):
        return env["construction.contract"].search_count([("lead_id", "=", order.opportunity_id.id)])

    return run(env, worlds.sold, lambda order, _i: order.action_create_contract(), count)


def invoice(env):
    """One invoice of one instalment."""

    def count(contract):
        return len(contract.order_ids.invoice_ids)

    return run(env, worlds.contract, lambda contract, _i: contract.instalment_ids[0].action_invoice(), count)


def invoice_many(env):
    """One invoice an instalment, two people each with a list of them."""

    def act(contract, _index):
        run = contract.env["construction.invoicing"].create(
            {"line_ids": [Command.create({"instalment_id": row.id}) for row in contract.instalment_ids[:2]]}
        )
        run.action_confirm()

    def prepare(env):
        found = worlds.contract(env)
        found.instalment_ids.date_event = Date.today()
        return found

    def count(contract):
        return max(len(row.invoice_ids) for row in contract.instalment_ids)

    return run(env, prepare, act, count)


def invoice_last_two(env):
    """One settlement: the two last instalments at once are not both taken for one before the last."""

    def prepare(env):
        found = worlds.contract(env)
        found.instalment_ids.date_event = Date.today()
        found.instalment_ids[:-2].action_invoice()
        found.instalment_ids[-2:].kind = "progress"
        return found

    def act(contract, index):
        contract.instalment_ids[-2 + index].action_invoice()

    def count(contract):
        lines = contract.order_ids.order_line.filtered(lambda line: not line.is_downpayment and not line.display_type)
        return len(lines.invoice_lines.move_id)

    return run(env, prepare, act, count)


def collect(env):
    """One payment of one instalment: two people with a wizard each, and the second is too late."""
    return collect_with(env, lambda index: f"token of {index}")


def collect_again(env):
    """One payment for one request that is sent twice; both get it."""
    return collect_with(env, lambda _index: "one token")


def collect_with(env, token):
    journal = env["account.journal"].search([("type", "=", "bank")], limit=1)

    def act(instalment, index):
        instalment._collect(
            f"{token(index)} {instalment.id}",
            journal.with_env(instalment.env),
            instalment.amount,
            instalment.currency_id,
            Date.today(),
        )

    def count(instalment):
        if instalment.currency_id.compare_amounts(instalment.amount_collected, instalment.amount):
            return -1
        return len(instalment.contract_id.collection_ids.payment_id)

    return run(env, worlds.invoiced, act, count)


def collect_transfer(env):
    """One payment of two instalments by one transfer that two people record, each on a screen of his own."""
    return split_over_two(env, lambda index, rows: (rows, f"token of {index}"))


def collect_crossing(env):
    """The same in the other order: neither waits for the other forever."""
    return split_over_two(env, lambda index, rows: (rows[::-1] if index else rows, f"token of {index}"))


def split_over_two(env, share):
    journal = env["account.journal"].search([("type", "=", "bank")], limit=1)

    def prepare(env):
        contract = worlds.contract(env)
        contract.instalment_ids[0].action_invoice()
        contract.instalment_ids[0].invoice_ids.action_post()
        return contract

    def act(contract, index):
        rows, token = share(index, list(contract.instalment_ids[:2]))
        record(contract, journal, f"{token} {contract.id}", [(row, row.amount) for row in rows])

    def count(contract):
        rows = contract.instalment_ids[:2]
        if contract.currency_id.compare_amounts(contract.amount_collected, sum(rows.mapped("amount"))):
            return -1
        return len(contract.collection_ids.payment_id)

    return run(env, prepare, act, count)


def collect_on_account(env):
    """One payment on account of a contract for one request that is sent twice."""
    journal = env["account.journal"].search([("type", "=", "bank")], limit=1)

    def act(contract, _index):
        record(contract, journal, f"on account {contract.id}", [(contract.instalment_ids.browse(), 100.0)])

    def count(contract):
        return len(contract.collection_ids) if contract.amount_on_account == 100.0 else -1

    return run(env, worlds.contract, act, count)


def confirm(env):
    """One posting of a draft that two accountants confirm."""
    journal = env["account.journal"].search([("type", "=", "bank")], limit=1)

    def prepare(env):
        contract = worlds.contract(env)
        record(contract, journal, f"draft {contract.id}", [(contract.instalment_ids[0], 100.0)])
        contract.collection_ids.payment_id.action_draft()
        return contract

    def act(contract, _index):
        contract.collection_ids.action_confirm()

    def count(contract):
        return len(contract.collection_ids.payment_id.move_id) if contract.amount_collected == 100.0 else -1

    return run(env, prepare, act, count)


def record(contract, journal, token, parts):
    """Record one payment by the road of the addon: parts are (instalment or empty, amount)."""
    from odoo.addons.construction_crm.models.contract.construction_collection_record import Receipt

    rows = tuple((contract, instalment, amount) for instalment, amount in parts)
    receipt = Receipt(token, journal.with_env(contract.env), contract.currency_id, Date.today(), rows)
    contract.env["construction.collection"]._record([receipt])
