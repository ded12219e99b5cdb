from . import construction_type
from . import crm_lead
