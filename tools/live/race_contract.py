"""Two people, or two workers, at the same contract."""

from odoo.fields import Command, Date

from . import worlds
from .race import run

# The functions below that the test runs.
RACES = (
    "sign_up",
    "invoice",
    "invoice_many",
    "invoice_last_two",
    "collect",
    "collect_again",
    "collect_transfer",
    "collect_crossing",
    "collect_on_account",
    "confirm",
    "update_due",
    "draft_due",
    "propose",
)


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
    journal = env["account.journal"].search([("type", "=", "cash")], limit=1)

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


def update_due(env):
    """One activity for each row that became due over night, two workers at the daily job."""

    def prepare(env):
        found = worlds.contract(env)
        found.instalment_ids.write({"trigger": "date", "trigger_date": Date.add(Date.today(), days=1)})
        env.flush_all()
        # the night passes
        env.cr.execute(
            "UPDATE construction_instalment SET trigger_date = %(day)s, date_due = %(day)s, date_next_check = %(day)s "
            "WHERE id IN %(ids)s",
            {"day": Date.today(), "ids": tuple(found.instalment_ids.ids)},
        )
        return found

    def act(contract, _index):
        contract.instalment_ids._cron_update_due()

    def count(contract):
        rows = contract.instalment_ids
        if set(rows.mapped("state")) != {"due"} or len(rows.activity_id) != len(rows):
            return -1
        return len(contract.activity_ids) / len(rows)

    return run(env, prepare, act, count)


def draft_due(env):
    """One draft for each row that is invoiced by itself, two workers at the job."""

    def prepare(env):
        found = worlds.contract(env)
        found.invoicing_mode = "automatic"
        return found

    def act(contract, _index):
        contract.instalment_ids._cron_invoice_due()

    def count(contract):
        drafts = [len(row.invoice_ids) for row in contract.instalment_ids]
        return max(drafts) if min(drafts) else -1

    return run(env, prepare, act, count)


def propose(env):
    """One proposal to remind of an overdue row, two workers at the job."""
    kind = env.ref("construction_crm.mail_activity_type_remind")

    def prepare(env):
        contract = worlds.contract(env)
        contract.instalment_ids[0].action_invoice()
        move = contract.instalment_ids[0].invoice_ids
        late = Date.subtract(Date.today(), days=60)
        move.write({"invoice_date": late, "invoice_payment_term_id": False, "invoice_date_due": late})
        move.action_post()
        return contract

    def act(contract, _index):
        contract.instalment_ids._cron_propose_reminders()

    def count(contract):
        return len(contract.activity_ids.filtered(lambda activity: activity.activity_type_id == kind))

    return run(env, prepare, act, count)


def record(contract, journal, token, parts):
    """Record one payment by the road of the addon: parts are (instalment or empty, amount)."""
    from odoo.addons.construction_crm.models.contract.construction_collection_record import Receipt

    rows = tuple((contract, instalment, amount) for instalment, amount in parts)
    receipt = Receipt(token, journal.with_env(contract.env), contract.currency_id, Date.today(), rows)
    contract.env["construction.collection"]._record([receipt])
