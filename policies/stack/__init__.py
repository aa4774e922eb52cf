"""Policies about the users and groups of a whole stack."""
