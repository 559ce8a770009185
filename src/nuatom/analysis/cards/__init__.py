"""Run cards: their sections, how they are read, and the objects that they name."""
