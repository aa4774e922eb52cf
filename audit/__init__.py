"""Runs the rules over exported state: `python -m audit`, inside the checkout."""
