"""Measurements: what an operation of ours costs against stock Odoo, in one run (`./dev bench`).

How to add a row
----------------
Put a function into the `rows_*.py` file of its subject (or a new one: every `rows_*.py` is found by its name):

    @row("plan_create", gate=0.15, want=0.10)
    def plan_create(bench):
        \"\"\"Plan of 120 instalments / stock invoice with a 120-line payment term.\"\"\"
        count = bench.size(120)             # a tenth of it with --quick

        def ours(env):                      # a side is a generator
            contract = …                    # before the first yield: prepared, not measured
            yield "create"                  # from here on the clock runs, under this label
            contract.action_…()
            yield None                      # optional: the clock stands still again
            …

        def stock(env):
            …

        return bench.compare(ours, stock, budget=12)

Each side runs in a transaction of its own that is rolled back; its measured parts end with a flush. What is dear to
make and may be used again is committed once: `bench.kept(name, make)`; what every row may use is in `data.py`.
`compare` returns the row's facts; add to the dict what else a reader needs. `growth` (see `Bench.growth`) tells how the
cost of one row changes from N to 10 N. A row is ok when its ratio is within the gate, its queries within the budget,
`growth` within LINEAR and `differences` absent or 0. What stock has nothing like (`recipe_cost`) gives its seconds as
the ratio, says so by `unit`, and has seconds for its gate.

The figures
-----------
CPU is the Python process plus the database backend. A round is stock, ours, stock again; `ratio` is the median over
the rounds of ours against the mean of the two stocks; `stock_to_stock` is the median of the second stock against the
first. A run with this one outside 0.95–1.05 is thrown away and repeated, at last reported as `noisy`. `clock` says
"wall" where the backend's CPU cannot be read. With --quick the fixed cost of an operation weighs more than at full
size, and single figures are noisier: judge gates by a full run.
"""


def main(env, names, quick, stock=None):
    """Measure the named rows (all when none is named): `{name: facts}`, each with its `ok`.

    `env` is the superuser's in a database with the addon; `stock` names a database made alike without it.
    """
    from .inside import measure  # Odoo can only be imported inside Odoo

    return measure(env, names, quick, stock)


def carry(env, files):
    """Carry budgets through the whole line: `{file name: facts}` with the stations, each with its `ok`."""
    from .flow import carry_all  # as above

    return carry_all(env, files)
