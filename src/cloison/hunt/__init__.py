"""Was it seen? Indicators, the sweep, rules and secrets."""
