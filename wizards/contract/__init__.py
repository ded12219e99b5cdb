from . import construction_collect
from . import construction_collection_use
from . import sale_advance_payment_inv
