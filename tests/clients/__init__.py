"""Client libraries and frameworks, really run: what they need to connect and to do their typical work."""
