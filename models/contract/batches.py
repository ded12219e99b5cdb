"""Daily jobs: work through many records in batches, one that fails stopping no other.

Several workers may run a job at once: each takes what nobody else holds. A row somebody changed since the batch was
read is read anew.
"""

import logging

from psycopg2 import OperationalError

from odoo.exceptions import UserError
from odoo.tools import split_every

_logger = logging.getLogger(__name__)

BATCH = 200
TRIES = 3
FAILED_ACTIVITY = "mail.mail_activity_data_warning"


def search_batches(model, domain, size=BATCH):
    """Records of a domain by id, a batch at a time, each batch searched when its turn comes."""
    last = 0
    while records := model.search([*domain, ("id", ">", last)], order="id", limit=size):
        last = records[-1].id
        yield records


def split_batches(records, size=BATCH):
    """Known records, a batch at a time."""
    return map(records.browse, split_every(size, records.ids))


def work_off(batches, work):
    """Do a piece of work on each batch and commit it; the rows of a batch that fails are tried one by one.

    :param batches: iterable of recordsets, see `search_batches`
    :param work: function of the locked records of a batch; it finds out by itself what is still to do
    :return: False when the time of the job is over
    """
    for records in batches:
        commit = records.env["ir.cron"]._commit_progress
        if _try_work(records, work):
            if not commit(len(records)):
                return False
            continue
        for record in records:
            _work_alone(record, work)
            if not commit(1):
                return False
    return True


def _try_work(records, work):
    """Whether the work went through, for all rows of a batch nobody else is at."""
    try:
        with records.env.cr.savepoint():
            work(records.try_lock_for_update(allow_referencing=True))
    except OperationalError:
        # somebody changed a row since this transaction began: look again
        records.env.cr.rollback()
        return False
    except Exception:  # pylint: disable=broad-except
        # found out and told row by row
        return False
    return True


def _work_alone(record, work):
    """Do the work on one row; a failure is told on the record."""
    for _attempt in range(TRIES):
        try:
            with record.env.cr.savepoint():
                work(record.try_lock_for_update(allow_referencing=True))
        except OperationalError:
            record.env.cr.rollback()
        except Exception as error:  # pylint: disable=broad-except
            _logger.exception("A daily job failed on %s", record)
            tell_failure(record, error)
            return
        else:
            return
    _logger.info("A daily job left %s to those who are at work on it", record)


def tell_failure(record, error):
    """Leave an activity on the record, or on the contract of an instalment, unless one is there."""
    document = record.contract_id if "contract_id" in record._fields else record
    env = document.env
    try:
        with env.cr.savepoint():
            kind = env.ref(FAILED_ACTIVITY)
            if kind in document.activity_ids.activity_type_id:
                return
            reason = env._("An unexpected error: ask your administrator to look at the log.")
            document.activity_schedule(
                FAILED_ACTIVITY,
                user_id=document.user_id.id or env.uid,
                summary=env._("The daily update of %(document)s failed", document=record.display_name),
                note=str(error) if isinstance(error, UserError) else reason,
            )
    except Exception:  # pylint: disable=broad-except
        _logger.exception("Nobody could be told that a daily job failed on %s", record)
