"""Policies about one ElastiCache user group."""
