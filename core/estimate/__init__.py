from . import explosion
from . import fiebdc
from . import pricing
