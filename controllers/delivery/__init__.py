from . import certificates
from . import materials
from . import handover
