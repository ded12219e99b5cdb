from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged

from .common import ContractCommon
