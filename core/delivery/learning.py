"""What the works teach: how much they took against what a recipe says."""

from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True, slots=True)
class Sample:
    """One project: what the recipe would have taken for the works done there (`expected`), and what they took."""

    expected: float
    used: float

    @property
    def ratio(self):
        return self.used / self.expected


@dataclass(frozen=True, slots=True)
class Lesson:
    """What several projects say together.

    `ratio` times the coefficient of the recipe is what the works took, larger works counting more; `low` and `high`
    are the ratios of the thriftiest and of the greediest project, `spread` is how far projects lie apart: their
    standard deviation in percent of their mean, 0 for one project.
    """

    count: int
    ratio: float
    low: float
    high: float
    spread: float


def learn(samples):
    """Sum up samples; None where nothing was expected, for then nothing can be compared.

    >>> learn([Sample(100, 110), Sample(300, 330)])
    Lesson(count=2, ratio=1.1, low=1.1, high=1.1, spread=0.0)
    >>> lesson = learn([Sample(100, 90), Sample(300, 360)])
    >>> lesson.count, lesson.ratio, lesson.low, lesson.high, round(lesson.spread, 1)
    (2, 1.125, 0.9, 1.2, 14.3)
    >>> learn([Sample(0, 5)]) is None
    True
    """
    samples = [sample for sample in samples if sample.expected > 0]
    if not samples:
        return None
    ratios = [sample.ratio for sample in samples]
    mean = sum(ratios) / len(ratios)
    deviation = sqrt(sum((ratio - mean) ** 2 for ratio in ratios) / len(ratios))
    return Lesson(
        len(samples),
        sum(sample.used for sample in samples) / sum(sample.expected for sample in samples),
        min(ratios),
        max(ratios),
        100 * deviation / mean if mean else 0.0,
    )


def share_out(used, expected):
    """Share what was used of one thing among those that were to take it, in proportion to what they were to take.

    >>> share_out(90, {"wall": 20, "floor": 10})
    {'wall': 60.0, 'floor': 30.0}
    >>> share_out(90, {"wall": 0})
    {}
    """
    total = sum(expected.values())
    return {key: used * part / total for key, part in expected.items()} if total > 0 else {}
