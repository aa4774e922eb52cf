"""Helpers of the tests: one good user and the stacks around it, pages as programs, and what is tried on servers."""
