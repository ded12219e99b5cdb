"""Several users doing the same thing at the same moment, each with a connection and a transaction of its own.

Runs inside Odoo; every transaction is retried as a web request would be. What they do is in `race_<room>.py`.
"""

import threading
import time
from functools import partial

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.service.model import retrying

PATIENCE = 60
# How long the second one waits in every other round: the first has finished, but not in his view of the database.
PAUSE = 1.5


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
