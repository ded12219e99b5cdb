"""The ./dev command: sets up Odoo, PostgreSQL and a browser, then runs, tests and checks the addon."""
