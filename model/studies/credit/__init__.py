"""What each clause is worth: what is lost if it alone were dropped."""
