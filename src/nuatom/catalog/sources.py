"""The neutrino sources that a user may ask for by name.

A radioactive or stopped-pion source stands for a unit of activity at a unit of distance,
which its help says: scale it.
"""

from nuatom import units as u
from nuatom.catalog.entries import Named
from nuatom.sources import (
    Source,
    capture_source,
    kuo_sheng,
    reactor_at,
    solar,
    stopped_pions,
    tritium_source,
)

_SOLAR_REFERENCE = "N. Vinyoles et al., Astrophys. J. 835, 202 (2017); NuFIT 6.0"
_ENSDF = "Evaluated Nuclear Structure Data File (ENSDF)"


def _renamed(source: Source, name: str) -> Source:
    return Source(name, source.fluxes, source.references, source.notes)


def _chromium() -> Source:
    source = capture_source("Cr51", activity=1e15 / u.second, distance=1 * u.metre)
    return _renamed(source, "chromium-51")


def _argon() -> Source:
    source = capture_source("Ar37", activity=1e15 / u.second, distance=1 * u.metre)
    return _renamed(source, "argon-37")


def _tritium() -> Source:
    return _renamed(tritium_source(activity=1e15 / u.second, distance=1 * u.metre), "tritium")


def _kalinin() -> Source:
    return reactor_at("kalinin-gemma")


def _brokdorf() -> Source:
    return reactor_at("brokdorf-conus")


def _leibstadt() -> Source:
    return reactor_at("leibstadt-conus-plus")


def _dresden() -> Source:
    return reactor_at("dresden-ii")


def _solar_gs98() -> Source:
    return solar("b16-gs98")


def _solar_agss09met() -> Source:
    return solar("b16-agss09met")


def _stopped_pion() -> Source:
    return stopped_pions(rate=1e15 / u.second, distance=20 * u.metre)


SOURCES: dict[str, Named] = {
    "kuo-sheng": Named(
        kuo_sheng,
        "Kuo-Sheng reactor at 28 m, 6.4e12 / (cm^2 s)",
        "H. T. Wong et al. (TEXONO), Phys. Rev. D 75, 012001 (2007)",
    ),
    "kalinin-gemma": Named(
        _kalinin,
        "Kalinin reactor at 13.9 m (GEMMA), 2.7e13 / (cm^2 s)",
        "A. G. Beda et al. (GEMMA), arXiv:1005.2736",
    ),
    "brokdorf-conus": Named(
        _brokdorf,
        "Brokdorf reactor, 3.9 GW at 17.1 m (CONUS)",
        "H. Bonet et al. (CONUS), Phys. Rev. Lett. 126, 041804 (2021)",
    ),
    "leibstadt-conus-plus": Named(
        _leibstadt,
        "Leibstadt reactor at 20.7 m (CONUS+), 1.5e13 / (cm^2 s)",
        "N. Ackermann et al. (CONUS+), arXiv:2407.11912, arXiv:2412.13707",
    ),
    "dresden-ii": Named(
        _dresden,
        "Dresden-II reactor (NCC-1701), 4.8e13 / (cm^2 s)",
        "J. Colaresi et al., Phys. Rev. Lett. 129, 211802 (2022)",
    ),
    "solar-b16-gs98": Named(
        _solar_gs98, "the Sun, model B16-GS98, all components by flavour", _SOLAR_REFERENCE
    ),
    "solar-b16-agss09met": Named(
        _solar_agss09met,
        "the Sun, model B16-AGSS09met, all components by flavour",
        _SOLAR_REFERENCE,
    ),
    "chromium-51": Named(_chromium, "51Cr, lines of nu_e, 1e15 decays/s at 1 m", _ENSDF),
    "argon-37": Named(_argon, "37Ar, lines of nu_e, 1e15 decays/s at 1 m", _ENSDF),
    "tritium": Named(_tritium, "tritium, anti_nu_e up to 18.6 keV, 1e15 decays/s at 1 m", _ENSDF),
    "stopped-pion": Named(
        _stopped_pion,
        "pions at rest, 1e15 decays/s at 20 m: nu_mu of 29.79 MeV, nu_e, anti_nu_mu",
        "Particle Data Group, Phys. Rev. D 110, 030001 (2024)",
    ),
}
