from .quote import test_generate
from .quote import test_quote_equal
from .quote import test_sent
from .quote import test_revision
from .quote import test_won
