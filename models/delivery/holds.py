"""Reasons why something of the works has to wait."""


class HardHold(str):
    """A hold no manager may override: a plain sentence for whoever reads it."""

    @staticmethod
    def is_hard(hold):
        return isinstance(hold, HardHold)
