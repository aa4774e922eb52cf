"""Tools for developing and showing the pack; nothing here runs in a preview."""
