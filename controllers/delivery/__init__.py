from . import materials
from . import handover
