"""The paper, one module for each figure, equation or table: compute() -> Item."""
