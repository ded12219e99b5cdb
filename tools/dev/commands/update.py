"""Not made yet."""


def add_arguments(parser):
    """No arguments yet."""


def main(args):
    """Say so."""
    raise SystemExit("not made yet")
