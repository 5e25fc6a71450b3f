"""Load, decide, save, send: the few lines where the pure dialogue meets the outside."""
