# The rooms in the order in which a job flows: a room may use those above it, never one below.
from . import pipeline
from . import estimate
from . import quote
from . import contract
from . import delivery
