"""What observations say about the numbers of the tables: least squares in log space, and harmonisation."""
