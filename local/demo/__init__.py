"""Made-up cases that show the product: a few hundred, each marked as demonstration."""
