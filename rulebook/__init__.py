"""How rules run: their declaration, options, configuration, exemptions and outcomes. It knows no rule."""
