"""Sources with their activity and factors: activity x factor x (1 - control)."""
