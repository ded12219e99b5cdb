from . import pipeline
from . import estimate
from . import quote
from . import contract
from . import delivery
