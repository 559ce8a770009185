"""Limits of the 1-kg detector that do not rest on Eq. (10), side by side.

Published ones, and those of stepped electrons and of the ab-initio response on the
pseudo-dataset of `fig3a`, which computes them.
"""

import numpy as np

from nuatom.reproduce.published import PAPER, card
from nuatom.reproduce.quantities import judge, judge_band
from nuatom.reproduce.spectra import BAND_NOTE
from nuatom.table import Column, Table

Right = tuple[float, tuple[float, float]]
"""A limit of the ab-initio response, and the least and greatest in its band."""
_STATED = "on the pseudo-dataset, statistical error only; nothing tuned"


def limit_table(stepped: float, right: Right, pseudo: str) -> Table:
    """Return the limits side by side.

    Parameters
    ----------
    stepped : float
        Of stepped electrons, in units of 1e-11 mu_B [dimensionless].
    right : tuple
        Of the ab-initio response with its band, in the same unit [dimensionless].
    pseudo : str
        What the pseudo-dataset is called [text].

    Returns
    -------
    Table
        ``eq11_free_electron``.
    """
    published = card()["eq11"]["free_electron_limits_1e11_mu_B"]
    nothing = (np.nan, np.nan)
    rows: dict[str, Right] = {
        "original analysis, PRL 90, 131802 and PRD 75, 012001": (
            published["original_analysis"],
            nothing,
        ),
        "Table I of the paper (free electrons)": (published["table_1_of_the_paper"], nothing),
        f"stepped electrons on the {pseudo}": (stepped, nothing),
        f"ab-initio response on the {pseudo}": right,
    }
    limits, bands = zip(*rows.values(), strict=True)
    least, greatest = np.array(bands).T
    return Table(
        "eq11_free_electron",
        "Limits on mu from the 1-kg detector without Eq. (10), side by side; nothing tuned",
        (
            Column("analysis", list(rows)),
            Column("limit_1e11_mu_B", np.array(limits), "90 % C.L."),
            Column("least_1e11_mu_B", least, "at the upper end of the band of the response"),
            Column("greatest_1e11_mu_B", greatest, "at the lower end of the band of the response"),
        ),
        notes=(BAND_NOTE,),
        references=(PAPER,),
    )


def limit_summary(stepped: float, right: Right) -> dict[str, object]:
    """Return the limits for the summary.

    Parameters
    ----------
    stepped : float
        Of stepped electrons, in units of 1e-11 mu_B [dimensionless].
    right : tuple
        Of the ab-initio response with its band, in the same unit [dimensionless].

    Returns
    -------
    dict
        ``free_electron`` and ``ab_initio_limit_1e11_mu_B``.
    """
    published = card()["eq11"]["free_electron_limits_1e11_mu_B"]
    return {
        "free_electron": {
            f"{name}_1e11_mu_B": judge(
                f"eq11.free-electron.{name}",
                published=limit,
                ours=stepped,
                note=f"stepped electrons {_STATED}",
            )
            for name, limit in published.items()
        },
        "ab_initio_limit_1e11_mu_B": judge_band(
            "eq11.ab-initio", *right, note=f"ab-initio response {_STATED}"
        ),
    }
