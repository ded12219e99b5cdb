"""Developer tools; no part of the installed addon."""
