from . import construction_type
from . import construction_party
from . import crm_lead
