"""What is asked beside the plan."""
