"""From the structure of an atom to its table of responses, with an uncertainty.

`plan` says what is computed, `tasks` cuts it into independent pieces that can be kept on
disk, `build` runs them, and `variants` computes how far other choices of the theory move
the cross sections.
"""

from nuatom.ab_initio.build import build_table
from nuatom.ab_initio.plan import TablePlan

__all__ = ["TablePlan", "build_table"]
