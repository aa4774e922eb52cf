"""Policies about one ElastiCache user."""
