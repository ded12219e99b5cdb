from . import explosion
from . import pricing
