"""The numbers of the design, each a figure, its floor and their ratio. ``make bench`` runs them all."""
