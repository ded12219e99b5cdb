from . import breakdown
from . import buildup
from . import costing
from . import explosion
from . import fiebdc
from . import formula
from . import nesting
from . import pricing
