"""The narrowest access string for what was observed, and what it rests on."""
