"""Many cases of one scenario, solved from what they share."""
