"""Tables with the names and columns of the real ones and made-up, plausible numbers."""

import numpy as np

from nuatom.table import Column, Table

EDGES = {"K": (11.103, 2), "L1": (1.4146, 2), "L2": (1.2481, 2), "L3": (1.217, 4)}
EDGES |= {"M1": (0.1801, 2), "M2": (0.1249, 2), "M3": (0.1208, 4), "M4": (0.0298, 4)}
EDGES |= {"M5": (0.0292, 6), "N1": (0.0143, 2), "N2": (0.0079, 2)}
PER = "per_kg_keV_day"


def table(name, columns, references=("Somebody, Journal 1, 2 (2010)",)):
    """Return a table from a mapping of columns."""
    made = tuple(
        Column(
            key,
            tuple(values) if isinstance(values[0], str) else np.asarray(values, dtype=float),
            f"meaning of {key}",
        )
        for key, values in columns.items()
    )
    return Table(name, f"Title of {name}", made, ("made-up numbers",), references)


def derivation():
    x = np.geomspace(1e-8, 1e6, 200)
    columns = {"q2_over_t2": x, "magnetic_moment": 1 / (1 + x), "millicharge": 1 / x / (1 + x)}
    columns["weak"] = x / (1 + x)
    identities = {"identity": ["Eq. (6)", "Eq. (9)"], "holds": ["no", "yes"]}
    return [table("derivation_integrand", columns), table("identities", identities)]


def fig2():
    energy = np.geomspace(0.01, 100, 400)
    bound = sum(n * (energy > e) for e, n in EDGES.values())
    free = 0.6 / energy
    jumps = 1 + 1.5 * (energy > 1.2) + 6 * (energy > 11.1) + 0.4 * (energy > 0.12)
    paper = 2.5e3 * energy**-2.2 * jumps * 1e-1 / (1 + (energy / 12) ** 1.2)
    nucleus = 60 * np.exp(-energy / 0.035)
    columns = {"energy_keV": energy, f"ai_eq10_retracted_{PER}": paper}
    columns |= {f"ai_eq10_low_{PER}": paper * 0.85, f"ai_eq10_high_{PER}": paper * 1.2}
    columns |= {f"free_{PER}": free, f"stepped_{PER}": free * bound / 32}
    right, band = free * bound / 32 / (1 + 0.05 / energy), 0.3 / (1 + energy / 0.1)
    columns |= {f"ab_initio_{PER}": right, f"ab_initio_low_{PER}": right * (1 - band)}
    columns |= {f"ab_initio_high_{PER}": right * (1 + band)}
    columns |= {f"weak_electron_{PER}": 2e-3 * bound / 32 / (1 + energy / 300)}
    columns |= {f"weak_nucleus_{PER}": np.where(energy < 0.6, nucleus, 0)}
    edges = {"shell": list(EDGES), "energy_keV": [e for e, _ in EDGES.values()]}
    edges["electrons"] = [n for _, n in EDGES.values()]
    return [table("fig2", columns), table("fig2_edges", edges)]


def fig3a():
    low = np.arange(12.0, 60.0)
    noise = np.random.default_rng(1).normal(0, 0.08, low.size)
    excluded = 0.5 * (12 / low) ** 2.6
    columns = {"energy_low_keV": low, "energy_high_keV": low + 1}
    columns |= {f"residual_{PER}": noise, f"error_{PER}": np.full(low.size, 0.08)}
    columns |= {f"ai_allowed_retracted_{PER}": excluded / 4}
    columns |= {f"ai_excluded_retracted_{PER}": excluded}
    columns |= {f"stepped_excluded_{PER}": 0.0006 * 12 / low}
    columns |= {f"ab_initio_excluded_{PER}": 0.00059 * 12 / low}
    level = np.geomspace(0.05, 5, 40)
    error = {"background_cpkkd": level, "statistical_error_1e22_mu_B2": 2.7 * np.sqrt(level / 0.6)}
    limits = {
        "method": [
            "Feldman-Cousins",
            "1.645 sigma",
            "best physical point + 2.71",
            "CLs",
            "flat in mu^2",
            "flat in mu",
            "1.28 sigma",
            "stepped electrons",
            "free electrons (Table I)",
        ],
        "limit_1e11_mu_B": [1.933, 1.919, 1.946, 2.028, 2.028, 1.716, 1.627, 11.2, np.nan],
        "published_1e11_mu_B": [1.9, np.nan, np.nan, np.nan, np.nan, np.nan, np.nan, 7.4, 5.7],
    }
    names = ("fig3a", "fig3a_error_vs_background", "eq11_limits")
    return [table(n, c) for n, c in zip(names, (columns, error, limits), strict=True)]


def fig3b():
    low = np.arange(0.22, 1.5, 0.04)
    excluded = 180 * (0.2 / low) ** 2.2
    columns = {"energy_low_keV": low, "energy_high_keV": low + 0.04}
    noise = np.random.default_rng(2).poisson(60 * np.exp(-low / 0.2) + 6, low.size)
    columns |= {f"observed_{PER}": noise / 0.338 / 0.04 / 10}
    columns |= {f"ai_allowed_retracted_{PER}": excluded / 4}
    columns |= {f"ai_excluded_retracted_{PER}": excluded}
    columns |= {f"stepped_excluded_{PER}": 0.03 * 0.2 / low}
    columns |= {f"ab_initio_excluded_{PER}": 0.027 * 0.2 / low}
    level = np.geomspace(0.1, 1000, 41)
    paper = 0.55 * (1 + level / 2) ** 0.27
    limits = {"background_level_cpkkd": level, "limit_eq10_retracted_1e11_mu_B": paper}
    limits |= {"limit_low_1e11_mu_B": paper * 0.94, "limit_high_1e11_mu_B": paper * 1.07}
    limits |= {"limit_stepped_1e11_mu_B": paper * 70, "limit_ab_initio_1e11_mu_B": paper * 75}
    limits |= {"limit_ab_initio_low_1e11_mu_B": paper * 69}
    limits |= {"limit_ab_initio_high_1e11_mu_B": paper * 85}
    return [table("fig3b", columns), table("fig3b_limit_vs_level", limits)]


def table1():
    electron, both = "SM nu-e (ideal)", "SM (nu-e + nu-N)"
    rows = [
        ("HPGe data", np.nan, 12e3, "AmBkg", 57, 19, 110, 19.4),
        ("ULEGe data", np.nan, 220, "AmBkg", np.nan, 13, np.nan, np.nan),
        ("", 10, 100, "AmBkg + SM nu-N", 30, 0.3, 31.4, 0.29),
        ("", 1, 100, "AmBkg + SM nu-N", 10, 0.1, 9.9, 0.093),
        ("", 0.1, 100, both, 4, 0.04, 9.0, 0.08),
        ("", 0.1, 100, electron, 2, 0.009, 1.4, 0.012),
        ("", 0.1, 10, both, 4, 0.04, 7.1, 0.07),
        ("", 0.1, 10, electron, 0.7, 0.0009, 0.5, 0.0011),
    ]
    names = ("row_label", "ambient_cpkkd", "threshold_eV", "limiting_background", "mode")
    columns = {name: [] for name in names}
    columns |= {"published_1e12_mu_B": [], "ours_1e12_mu_B": [], "ratio": [], "status": []}
    for label, level, threshold, limiting, *numbers in rows:
        for place, mode in enumerate(("FE", "AI")):
            published, ours = numbers[place], numbers[place + 2]
            cells = (label, level, threshold, limiting, mode, published, ours, ours / published)
            for column, cell in zip(columns.values(), (*cells, "differs"), strict=True):
                column.append(cell)
    columns["row_label"] = [label or " " for label in columns["row_label"]]
    stepped = np.array([value or np.nan for value in columns["ours_1e12_mu_B"][::2]])
    right = {"row": [f"row {i}" for i in range(len(rows))], "stepped_1e12_mu_B": stepped}
    right |= {"ab_initio_1e12_mu_B": 1.1 * stepped, "ab_initio_low_1e12_mu_B": stepped}
    right |= {"ab_initio_high_1e12_mu_B": 1.3 * stepped}
    return [table("table1", columns), table("table1_ab_initio", right)]


def interpretation():
    rows = [
        ("minimal Dirac, 1 meV to 0.5 eV", "prediction", 3.2e-22, 1.6e-19, "no"),
        ("naturalness, Dirac", "theory bound", 1e-14, 1e-14, "no"),
        ("stellar cooling", "astrophysical bound", 1e-12, 1e-10, "no"),
        ("Kuo-Sheng HPGe, FE", "experimental limit", 7.4e-11, 7.4e-11, "no"),
        ("Kuo-Sheng HPGe, AI", "experimental limit", 1.9e-11, 1.9e-11, "yes"),
        ("Kuo-Sheng ULEGe, AI", "experimental limit", 1.3e-11, 1.3e-11, "yes"),
        ("Eq. (11) recomputed", "this work", 1.93e-11, 1.93e-11, "yes"),
        ("stepped, pseudo-data", "this work", 1.1e-10, 1.1e-10, "no"),
    ]
    names = ("label", "kind", "low_mu_B", "high_mu_B", "retracted")
    columns = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    columns["reference"] = ["PRL 105, 061801 (2010)"] * len(rows)
    return [table("interpretation", columns)]


def channel(name):
    """Rates of one channel in two targets, by four models that hold here and there."""
    energy = np.geomspace(0.03, 100, 150)
    both = np.concatenate([energy, energy])
    target = ["Ge"] * energy.size + ["Xe"] * energy.size
    edge = np.where(np.array(target) == "Ge", 11.1, 34.6)
    stepped = 0.3 / both * (0.9 + 0.1 * (both > edge))
    models = {
        "stepped": (stepped, both > 0.1),
        "hydrogenic": (stepped * (1 - 0.05 / (1 + both)), both > 0.2),
        "ab_initio": (stepped * (1 - 0.06 / (1 + both)), both > 0.1),
        "impulse": (stepped * 0.999, both > 1),
        "photoabsorption_ionisation_in_vacuum": (stepped * (1 + 5 / both), both > 30),
        "equivalent_photon": (stepped * 0.01, both < 0),
    }
    columns = {"target": target, "energy_keV": both}
    for model, (rate, holds) in models.items():
        columns |= {f"{model}_{PER}": rate, f"{model}_holds": holds.astype(float)}
    valid = np.array([np.where(holds, rate, np.nan) for rate, holds in models.values()])
    columns |= {f"lowest_{PER}": np.fmin.reduce(valid), f"highest_{PER}": np.fmax.reduce(valid)}
    columns |= {f"ab_initio_lower_{PER}": 0.85 * stepped, f"ab_initio_upper_{PER}": 1.1 * stepped}
    columns |= {f"eq10_retracted_{PER}": 1e4 * stepped / both}
    columns |= {f"change_of_weak_{PER}": 0.1 + 0 * both}
    return table(f"channels_{name}", columns)


def channels():
    shells = ("K", "L1", "L3", "M1", "M5", "N1")
    energies = (11.1, 1.41, 1.22, 0.18, 0.03, 0.01, 34.6, 5.45, 4.78, 1.15, 0.68, 0.21)
    edges = {"target": ["Ge"] * 6 + ["Xe"] * 6, "shell": list(shells) * 2}
    edges |= {"energy_keV": energies, "electrons": [2.0] * 12}
    names = ("magnetic_moment", "millicharge", "charge_radius", "weak", "b_l_boson")
    return [*map(channel, names), table("channels_edges", edges)]


def qed():
    energy = np.geomspace(1, 1000, 25)
    growth = {"lepton_energy_MeV": energy, "charged_vacuum_cm2_per_keV": 1 + np.log(energy) / 10}
    growth |= {"charged_medium_cm2_per_keV": 1.1 + 0 * energy}
    growth |= {"magnetic_moment_eq10_cm2_per_keV": 1e-6 * energy**2}
    growth |= {"magnetic_moment_stepped_cm2_per_keV": 1e-9 + 0 * energy}
    kinetic, unit = np.geomspace(20, 1e6, 30), "MeV_cm2_per_g"
    medium = 1.4 + 30 / kinetic + 0.1 * np.log(1 + kinetic / 300)
    loss = {"kinetic_energy_MeV": kinetic, f"loss_{unit}": medium}
    loss |= {f"loss_vacuum_{unit}": medium * 1.2, f"bethe_{unit}": medium * 0.99}
    loss |= {f"bethe_vacuum_{unit}": medium * 1.19, "ratio": 1.01 + 0 * kinetic}
    loss |= {"ratio_vacuum": 1.008 + 0 * kinetic}
    points = {"kinetic_energy_MeV": [20.0, 1e3, 1e5], f"tabulated_{unit}": [2.9, 1.5, 2.1]}
    points |= {"ratio": [1.0, 1.01, 1.02], f"struck_electron_bremsstrahlung_{unit}": [0, 0, 0.04]}
    names = ("qed_growth", "qed_energy_loss", "qed_tabulated")
    return [table(n, c) for n, c in zip(names, (growth, loss, points), strict=True)]


def smoking_gun():
    low = np.geomspace(0.1, 14, 80)
    high = np.append(low[1:], 15)
    columns = {"energy_low_keV": low, "energy_high_keV": high, f"background_{PER}": 1 + 0 * low}
    shown = {"eq10_retracted": 1e4, "moment_stepped": 0.1, "moment_ab_initio": 0.09}
    shown |= {"millicharge": 3}
    shown |= {"millicharge_in_solid": 1, "weak": 1e-3}
    columns |= {f"{name}_{PER}": size / low for name, size in shown.items()}
    ratios = {"kind": ["capture"] * 2 + ["neutrino"] * 6, "name": ["68Ge", "65Zn", *shown]}
    ratios |= {"counts_L_over_K": [0.12, 0.11, 60, 70, 71, 80, 20, 15]}
    ratios |= {"counts_M_over_K": [0.02, 0.02, 300, 200, 190, 150, 60, 50]}
    couplings = np.geomspace(3e-12, 3e-10, 9)
    reach = {"moment_mu_B": couplings, "millicharge_e": couplings / 100}
    for name in ("eq10_retracted", "moment_stepped", "moment_ab_initio", "millicharge_in_solid"):
        reach[f"{name}_lines_kg_day"] = (3e-11 / couplings) ** 4
        reach[f"{name}_smooth_kg_day"] = 1e4 * (3e-11 / couplings) ** 4
    names = ("smoking_gun", "smoking_gun_ratios", "smoking_gun_reach")
    return [table(n, c) for n, c in zip(names, (columns, ratios, reach), strict=True)]


def suppression():
    T = np.geomspace(0.03, 100, 90)
    columns = {"energy_transfer_keV": T}
    for symbol in ("Ge", "I", "Xe"):
        columns |= {f"{symbol}_stepped": T / (1 + T), f"{symbol}_ab_initio_moment": T / (1.1 + T)}
    energy = np.geomspace(1, 300, 15)
    totals = {"neutrino_energy_keV": energy}
    for scale, symbol in enumerate(("H", "He", "Ne", "Ar", "Xe"), start=1):
        rise = energy / (energy + scale)
        totals |= {f"{symbol}_hydrogenic": rise, f"{symbol}_stepped": rise * 0.98}
    return [table("suppression", columns), table("suppression_total", totals)]


def table1_contour():
    threshold, ambient = np.geomspace(10, 1000, 9), np.geomspace(0.01, 100, 7)
    shape = threshold.size * ambient.size
    x, y = np.repeat(threshold, ambient.size), np.tile(ambient, threshold.size)
    moment = 8 * np.sqrt(y + 0.1) * (x / 100) ** 0.3
    columns = {
        "nuclear_recoils": ["kept"] * shape + ["told apart"] * shape,
        "threshold_eV": np.tile(x, 2),
        "ambient_cpkkd": np.tile(y, 2),
    }
    for name, factor in (("eq10_retracted", 0.01), ("stepped", 1.0), ("ab_initio", 1.1)):
        both = np.concatenate([moment * factor, 0.6 * moment * factor])
        columns[f"{name}_1e12_mu_B"] = both
    rows = {
        "nuclear_recoils": ["kept", "told apart"],
        "threshold_eV": [100.0, 10.0],
        "ambient_cpkkd": [1.0, 0.1],
        "published_free_electron_1e12_mu_B": [10.0, 0.7],
        "published_atomic_ionisation_1e12_mu_B": [0.1, 0.0009],
    }
    return [table("table1_contour", columns), table("table1_contour_rows", rows)]


def all_tables():
    """Return the tables of every item by item and table name."""
    items = (
        derivation, fig2, fig3a, fig3b, table1, interpretation,
        qed, channels, smoking_gun, suppression, table1_contour,
    )  # fmt: skip
    made = {item.__name__.replace("_", "-"): {t.name: t for t in item()} for item in items}
    return {"derivation": made.pop("derivation"), "fig1": {}, **made}
