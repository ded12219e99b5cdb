from . import estimate
from . import quote
