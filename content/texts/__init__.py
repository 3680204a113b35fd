"""One module per feature, a function per sentence: typed arguments in, small HTML out."""
