"""Where the tests of a symbol go, and how a model's tests come into that file."""
