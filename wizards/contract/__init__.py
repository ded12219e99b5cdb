from . import construction_collect
from . import construction_contract_make
from . import sale_advance_payment_inv
from . import construction_invoicing
from . import account_move_reversal
