from odoo import fields, models

# Terms that are figures or names, the same in a template and in the contract made of it.
CLAUSES = (
    "place_signed",
    "penalty_own_percent",
    "penalty_own_cap",
    "penalty_client_percent",
    "penalty_client_cap",
    "defect_repair_days",
)


class ConstructionContractClauses(models.AbstractModel):
    """What a contract and its template have in common."""

    _name = "construction.contract.clauses"
    _description = "Terms of a Contract"

    place_signed = fields.Char(string="Place of Signing")
    penalty_own_percent = fields.Float(
        string="Penalty for Us (% per day)",
        digits=(6, 3),
        help="What we owe for each day the works are late, in percent of the contract value.",
    )
    penalty_own_cap = fields.Float(
        string="Penalty for Us, at Most (%)",
        digits=(5, 2),
        help="The penalty never exceeds this share of the contract value. Empty: no limit.",
    )
    penalty_client_percent = fields.Float(
        string="Penalty for the Client (% per day)",
        digits=(6, 3),
        help="What the client owes for each day a payment is late, in percent of that payment.",
    )
    penalty_client_cap = fields.Float(
        string="Penalty for the Client, at Most (%)",
        digits=(5, 2),
        help="The penalty never exceeds this share of the late payment. Empty: no limit.",
    )
    defect_repair_days = fields.Integer(
        string="Defects Repaired Within (days)",
        help="Days we have to put a defect right once the client has told us.",
    )

    _penalties_range = models.Constraint(
        "CHECK(penalty_own_percent >= 0 AND penalty_own_percent <= 100 AND penalty_own_cap >= 0"
        " AND penalty_own_cap <= 100 AND penalty_client_percent >= 0 AND penalty_client_percent <= 100"
        " AND penalty_client_cap >= 0 AND penalty_client_cap <= 100)",
        "The penalties of a contract must lie between 0 and 100 %.",
    )
    _defect_repair_days_not_negative = models.Constraint(
        "CHECK(defect_repair_days >= 0)",
        "The days to repair a defect cannot be negative.",
    )
