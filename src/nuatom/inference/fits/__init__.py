"""The best fit of a likelihood, and how its deviance rises around it."""
