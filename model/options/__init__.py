"""What every source can become: states, moves and their cost. The physical world ends here."""
