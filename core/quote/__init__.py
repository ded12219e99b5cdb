from . import chapters
from . import merging
from . import numbering
from . import revisions
