"""Physical constants, re-keyed from the named editions, in the units of `nuatom.units`.

CODATA 2022 (Mohr et al., Rev. Mod. Phys. 97, 025002, 2025): alpha, masses, G.
PDG 2024 (Navas et al., Phys. Rev. D 110, 030001): M_W, lepton masses, the weak
mixing angle at zero momentum transfer (Erler and Ferro-Hernandez, JHEP 03 (2018)
196, quoted there).  A test compares the CODATA values with `scipy.constants`.
"""

from nuatom import units as u

EDITIONS = {"CODATA": "2022", "PDG": "2024"}

fine_structure = 7.2973525643e-3
"""alpha, dimensionless (CODATA 2022)."""
electron_mass = 510.99895069 * u.keV
"""m (CODATA 2022)."""
muon_mass = 105.6583755 * u.MeV
"""m_mu (CODATA 2022)."""
tau_mass = 1776.93 * u.MeV
"""m_tau (PDG 2024)."""
proton_mass = 938.27208943 * u.MeV
"""m_p (CODATA 2022)."""
neutron_mass = 939.56542194 * u.MeV
"""m_n (CODATA 2022)."""
atomic_mass = 931.49410372 * u.MeV
"""u, the unified atomic mass unit (CODATA 2022)."""
fermi_coupling = 1.1663787e-5 / u.GeV**2
"""G (CODATA 2022)."""
weak_mixing = 0.23863
"""sin^2 theta_W at zero momentum transfer, MS-bar (PDG 2024)."""
w_mass = 80.3692 * u.GeV
"""M_W (PDG 2024)."""

bohr_radius = 1 / (fine_structure * electron_mass)
rydberg = fine_structure**2 * electron_mass / 2
classical_electron_radius = fine_structure / electron_mass
