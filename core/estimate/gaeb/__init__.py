"""GAEB DA XML 3.x, the tenders and offers of German-speaking countries: read to a `Draft`, answered with prices.

`reader.read` makes a `Draft` of the phases X80 to X86. `offer.write_offer` answers a tender with its own numbers
and identifiers and our prices (X84); `budget.write_budget` writes a sheet of ours from nothing.
"""
