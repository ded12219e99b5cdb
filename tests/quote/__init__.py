from . import test_generate
from . import test_quote_equal
from . import test_sent
from . import test_revision
from . import test_won
