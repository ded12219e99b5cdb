from . import contract
from . import delivery
