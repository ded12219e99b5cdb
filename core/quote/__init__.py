from . import chapters
from . import revisions
