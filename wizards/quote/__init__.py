from . import construction_evaluation_solve
