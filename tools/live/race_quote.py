"""Two people at the same sheet, quote or order."""

from . import worlds
from .race import run

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
    "start",
)


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
