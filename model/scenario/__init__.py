"""The scenario grammar: YAML to a frozen Scenario that knows no arrays."""
