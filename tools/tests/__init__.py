"""Tests of ./dev itself; they need neither a network nor a database."""
