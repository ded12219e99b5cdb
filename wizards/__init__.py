from . import estimate
from . import contract
from . import delivery
