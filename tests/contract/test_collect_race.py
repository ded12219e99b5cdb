import threading
from contextlib import contextmanager
from uuid import uuid4

from psycopg2 import errors

from odoo import api, fields
from odoo.exceptions import UserError
from odoo.tests import BaseCase, get_db_name, tagged

from odoo.modules.registry import Registry
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ...models.contract.construction_collection_record import Receipt
from .ledger_check import assert_money_true
