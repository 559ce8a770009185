"""A whole report with made-up numbers in the shape of the real one."""

import importlib.util
from dataclasses import dataclass
from pathlib import Path

_PATH = Path(__file__).resolve().parents[1] / "plotting" / "synthetic.py"
_SPEC = importlib.util.spec_from_file_location("synthetic_for_report", _PATH)
synthetic = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(synthetic)


@dataclass(frozen=True)
class Item:
    name: str
    title: str
    tables: tuple
    summary: dict
    caption: str


def quantity(published, ours, status, note="", tolerance=0.05):
    ratio = None
    if isinstance(published, float) and isinstance(ours, float) and published:
        ratio = ours / published
    return {
        "published": published,
        "ours": ours,
        "ratio": ratio,
        "tolerance": tolerance,
        "status": status,
        "note": note,
    }


TITLES = {
    "derivation": "Derivation: Eqs. (4) to (10), checked",
    "fig1": "Fig. 1: the diagram",
    "fig2": "Fig. 2: spectra on germanium at a reactor",
    "fig3a": "Fig. 3(a) and Eq. (11): the HPGe residual and its limit",
    "fig3b": "Fig. 3(b) and Eq. (12): the ULEGe spectrum and its limit",
    "table1": "Table I: projected sensitivities",
    "table1-contour": "Table I as a surface, wrong and right",
    "interpretation": "Interpretation: where the limits stand",
    "qed": "QED: ionisation by a charged particle",
    "channels": "Channels: each on every atomic model",
    "smoking-gun": "Smoking gun: edges against capture lines",
    "suppression": "Suppression by binding",
}
CAPTION = (
    "Magnetic-moment and weak spectra on Ge at mu_nu = 1e-10 mu_B and 1e13 cm^-2 s^-1. Grey and "
    "dashed: Eq. (10), retracted; blue: the stepped cross section, which stands. The band is "
    "the spread between photoabsorption tables."
)


def items():
    return [
        Item(name, TITLES[name], tuple(tables.values()), {}, CAPTION)
        for name, tables in synthetic.all_tables().items()
    ]


def summary():
    limits = {
        "feldman_cousins": quantity(1.9e-11, 1.933e-11, "retracted", "with the printed errors"),
        "gaussian_90": quantity(1.9e-11, 1.919e-11, "retracted"),
        "cls": quantity(1.9e-11, 2.028e-11, "retracted", "rounds to 2.0"),
        "stepped": quantity(7.4e-11, 1.12e-10, "differs", "a flat pseudo-dataset, not the data"),
    }
    rows = []
    for level, threshold, limiting, fe, ai in (
        (10.0, 100.0, "AmBkg + SM nu-N", 30.0, 0.3),
        (1.0, 100.0, "AmBkg + SM nu-N", 10.0, 0.1),
        (0.1, 100.0, "SM nu-e (ideal)", 2.0, 0.009),
        (0.1, 10.0, "SM nu-e (ideal)", 0.7, 0.0009),
    ):
        for mode, number in (("FE", fe), ("AI", ai)):
            entry = {"ambient_cpkkd": level, "threshold_eV": threshold}
            entry |= {"limiting_background": limiting, "mode": mode}
            status = "retracted" if mode == "AI" else "differs"
            rows.append(entry | quantity(number, number * 1.0345678, status, "stated criterion"))
    return {
        "schema_version": 1,
        "derivation": {
            "tensor_trace": quantity("holds", "holds", "reproduced", "random momenta", 1e-12),
            "eq6_sign": quantity("+q^2", "-q^2", "differs", "L^00 must be positive", None),
            "constant_F_a": quantity(True, True, "reproduced", "(E'/E)^2 times Eq. (10)", 1e-10),
        },
        "fig2": {"ratio_at_1.3_keV": quantity(None, 2134.5678, "not public", "read from a plot")},
        "eq11": {
            "chi2_per_dof": quantity(0.8297, 0.93, "not public", "pseudo-dataset", None),
            "background_cpkkd": quantity(None, 0.5987, "solved for", "gives 2.7 (stat)", None),
            "limits": limits,
        },
        "eq12": {"limit": quantity(1.3e-11, 1.3e-11, "solved for", "level of 46 cpkkd", None)},
        "table1": rows,
        "provenance": {},
    }


PROVENANCE = {
    "version": "0.1.0",
    "python": "3.11.7",
    "data": {"reactor": "huber/2011, mueller/2011", "photoabsorption": "recommended"},
    "sha256": ["a" * 64, "b" * 64],
}
