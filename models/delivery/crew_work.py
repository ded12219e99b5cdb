"""Hours of work read for the load of crews: few queries, whatever the number of tasks and quotes."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from odoo import fields
from odoo.fields import Domain
from odoo.tools import SQL

from .hours import get_hour, to_hours

# Works are taken to start so many days after the expected closing of their deal, where nobody wants another day.
START_DELAY_DAYS = 14
CLOSED_TASK_STATES = ("1_done", "1_canceled")

# What is left of a task is what its chapter is not measured as done; subtasks of crews are rows of their own.
_TASKS = """
    SELECT task.id, task.crew_id,
           GREATEST(task.allocated_hours - COALESCE(part.hours, 0), 0)
               * (1 - LEAST(GREATEST(COALESCE(position.percent_done, 0), 0), 100) / 100.0) AS hours,
           task.date_work_start,
           (task.date_deadline AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(calendar.tz, 'UTC'))::date,
           milestone.date_start, milestone.deadline
      FROM project_task task
      JOIN construction_crew crew ON crew.id = task.crew_id
      JOIN res_company company ON company.id = crew.company_id
      JOIN project_project project ON project.id = task.project_id
 LEFT JOIN resource_calendar calendar
           ON calendar.id = COALESCE(crew.resource_calendar_id, company.resource_calendar_id)
 LEFT JOIN project_milestone milestone ON milestone.id = task.milestone_id
 LEFT JOIN (
           SELECT parent_id, SUM(allocated_hours) AS hours
             FROM project_task
            WHERE parent_id IS NOT NULL AND crew_id IS NOT NULL AND active
         GROUP BY parent_id
           ) part ON part.parent_id = task.id
 LEFT JOIN construction_position position ON position.chapter_line_id = task.chapter_line_id
     WHERE crew.company_id IN %(companies)s
       AND task.active AND task.state NOT IN %(closed)s AND task.allocated_hours > 0
       AND project.active AND project.is_template IS NOT TRUE AND task.is_template IS NOT TRUE
  ORDER BY task.id
"""

# The section a line stands under is the last one before it. Options at zero have no hours, nor has a line that is a
# task of its own already.
_LABOUR = """
    WITH line AS (
        SELECT id, order_id, display_type, chapter_product_id, product_id, product_uom_id, product_uom_qty,
               cost_nature, task_id,
               COUNT(*) FILTER (WHERE display_type = 'line_section')
                   OVER (PARTITION BY order_id ORDER BY sequence, id) AS chapter
          FROM sale_order_line
         WHERE order_id IN %(orders)s
    )
    SELECT part.order_id, part_template.trade_id, stage.crew_id, part.product_uom_id, SUM(part.product_uom_qty)
      FROM line part
      JOIN product_product part_product ON part_product.id = part.product_id
      JOIN product_template part_template ON part_template.id = part_product.product_tmpl_id
 LEFT JOIN line section ON section.order_id = part.order_id AND section.chapter = part.chapter
                       AND section.display_type = 'line_section'
 LEFT JOIN product_product item ON item.id = section.chapter_product_id
 LEFT JOIN product_template item_template ON item_template.id = item.product_tmpl_id
 LEFT JOIN project_project_stage stage ON stage.id = item_template.construction_stage_id
     WHERE part.display_type IS NULL AND part.cost_nature = 'labour' AND part.task_id IS NULL
  GROUP BY part.order_id, part_template.trade_id, stage.crew_id, part.product_uom_id
"""

# Items that stand as one priced line take the labour of their recipe.
_WHOLE_ITEMS = """
    SELECT DISTINCT line.id
      FROM sale_order_line line
      JOIN product_product product ON product.id = line.product_id
      JOIN construction_recipe recipe ON recipe.product_tmpl_id = product.product_tmpl_id
                                     AND (recipe.id = line.recipe_id
                                          OR line.recipe_id IS NULL AND recipe.state = 'active'
                                             AND recipe.company_id = line.company_id)
     WHERE line.order_id IN %(orders)s AND line.display_type IS NULL AND line.product_uom_qty > 0
       AND line.cost_nature IS NULL AND line.task_id IS NULL AND line.is_downpayment IS NOT TRUE
"""


@dataclass
class TaskWork:
    """What is left to do of a task; without dates ``start`` and ``end`` are None."""

    task_id: int
    crew_id: int
    hours: float
    start: date | None
    end: date | None


@dataclass
class QuoteWork:
    """Hours of one trade in a quote, or in an order whose project has not started."""

    order_id: int
    lead_id: int
    company_id: int
    trade_id: int
    stage_crew_id: int
    hours: float
    start: date
    probability: float
    is_sold: bool


def read_tasks(env, companies):
    """Return the open work of all crews of these companies, as a list of :class:`TaskWork`.

    :param env: with sudo, for whoever may see the load: rows hold hours and ids only
    """
    if not companies:
        return []
    for model, names in {
        "project.task": None,
        "project.milestone": ["date_start", "deadline"],
        "project.project": ["active", "is_template"],
        "construction.position": ["chapter_line_id", "percent_done"],
        "construction.crew": ["resource_calendar_id", "company_id"],
    }.items():
        env[model].flush_model(names)
    rows = env.execute_query(SQL(_TASKS, companies=tuple(companies.ids), closed=CLOSED_TASK_STATES))
    works = []
    for task_id, crew_id, hours, start, end, stage_start, stage_end in rows:
        if hours > 0:
            # The stage gives what the task lacks, but never turns its dates round.
            first = start or (stage_start if not (stage_start and end) or stage_start <= end else None)
            last = end or (stage_end if not (stage_end and start) or stage_end >= start else None)
            works.append(TaskWork(task_id, crew_id, hours, first, last))
    return works


def read_quotes(env, companies, today, leads=None):
    """Return the work of open quotes and of orders whose project has not started, as a list of :class:`QuoteWork`.

    Of a quote with revisions only the latest counts, of variants the one with the most hours.

    :param env: with sudo, for whoever may see the load: rows hold hours and ids only
    :param companies: whose quotes
    :param leads: only the quotes of these deals, of whichever company
    """
    live = Domain("state", "in", ("draft", "sent")) & Domain("superseded_by_id", "=", False)
    sold = (
        Domain("state", "=", "sale")
        & Domain("opportunity_id.construction_project_id", "=", False)
        & (Domain("contract_id", "=", False) | Domain("contract_id.state", "in", ("draft", "signed", "running")))
    )
    chosen = Domain("opportunity_id", "in", leads.ids) if leads else Domain("company_id", "in", companies.ids)
    orders = env["sale.order"].search(
        chosen
        & Domain("opportunity_id.construction_type_id", "!=", False)
        & Domain("opportunity_id.active", "=", True)
        & (live | sold),
        order="id",
    )
    hours = read_labour(orders)
    works = []
    for order in _pick_current(orders, hours):
        works += prepare_quote_work(order, hours.get(order.id, {}), today)
    return works


def prepare_quote_work(order, hours, today):
    """Return the :class:`QuoteWork` rows of one order, from its entry of :func:`read_labour`."""
    lead = order.opportunity_id
    is_sold = order.state == "sale"
    start = get_expected_start(lead, today, is_sold)
    probability = 100.0 if is_sold else min(max(lead.probability, 0.0), 100.0)
    return [
        QuoteWork(order.id, lead.id, order.company_id.id, trade, crew, value, start, probability, is_sold)
        for (trade, crew), value in hours.items()
    ]


def get_expected_start(lead, today, is_sold=False):
    """Return the day from which the works of a deal are reckoned: the wanted one, else some time after its closing."""
    start = lead.date_start_wanted
    if not start and not is_sold:
        start = (lead.date_deadline or today) + timedelta(days=START_DELAY_DAYS)
    return max(start or today, today)


def read_labour(orders):
    """Return the hours of labour in orders: ``{order id: {(trade id, id of the stage's crew): hours}}``, ids or 0."""
    result = defaultdict(lambda: defaultdict(float))
    if not orders:
        return result
    env = orders.env
    env["sale.order.line"].flush_model()
    env["product.template"].flush_model(["trade_id", "construction_stage_id"])
    env["project.project.stage"].flush_model(["crew_id"])
    env["construction.recipe"].flush_model(["state"])
    hour = get_hour(env)
    for order_id, trade, crew, uom_id, quantity in env.execute_query(SQL(_LABOUR, orders=tuple(orders.ids))):
        if quantity and quantity > 0 and (value := to_hours(quantity, env["uom.uom"].browse(uom_id), hour)):
            result[order_id][trade or 0, crew or 0] += value
    _add_whole_items(orders, hour, result)
    return result


def _add_whole_items(orders, hour, result):
    rows = orders.env.execute_query(SQL(_WHOLE_ITEMS, orders=tuple(orders.ids)))
    lines = orders.env["sale.order.line"].browse(sorted(line_id for (line_id,) in rows))
    taken_apart = lines._take_works_apart() if lines else {}
    for line in taken_apart:
        crew = line.product_id.construction_stage_id.crew_id.id or 0
        for trade, value in line._get_hours_by_trade(hour, taken_apart).items():
            result[line.order_id.id][trade.id or 0, crew] += value


def _pick_current(orders, hours):
    """Leave out quotes whose newer revision is there too, and all variants of a quote but the largest."""
    latest = {}
    for order in orders:
        key = (order.original_id or order).id
        known = latest.get(key)
        if not known or _get_issue_rank(order) > _get_issue_rank(known):
            latest[key] = order
    families = {}
    for order in latest.values():
        key = (order.variant_of_id or order.original_id or order).id
        rank = (order.state == "sale", sum(hours.get(order.id, {}).values()), -order.id)
        if key not in families or rank > families[key][0]:
            families[key] = (rank, order)
    return [order for _rank, order in families.values()]


def _get_issue_rank(order):
    return order.state == "sale", order.revision, order.id


def get_today(env):
    return fields.Date.context_today(env.user)
