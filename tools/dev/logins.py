"""The ready-made logins of the demo company, as `./dev run` prints them."""

# login (also the password), who it is
LOGINS = (
    ("admin", "Administrator"),
    ("sales", "Salesperson"),
    ("surveyor", "Surveyor"),
    ("estimator", "Estimator"),
    ("manager", "Sales manager"),
    ("pm", "Project manager"),
    ("accountant", "Accountant"),
    ("consultant", "Consultant (settings)"),
    ("portal", "Customer (portal)"),
)


def table():
    """The logins as lines to print."""
    width = max(len(login) for login, _role in LOGINS)
    return [f"  {login:<{width}} / {login:<{width}}  {role}" for login, role in LOGINS]
