"""What is said and understood: pure functions over frozen values, standard library only."""
