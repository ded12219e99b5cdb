"""Tests that drive whole databases from outside: install, upgrade, uninstall, real commits, two connections."""
