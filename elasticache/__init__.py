"""What an ElastiCache user is and may do: the typed user, access strings, key patterns, the command table.

Nothing here knows Pulumi or policies; see CONTRIBUTING.md for the four rooms and the direction of imports.
"""
