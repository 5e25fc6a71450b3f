"""One module a standard format: a file of a town in, the compiled section out, BadContent for what is wrong."""
