"""Every command with good input: numbers, columns, names and help."""

import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import nuatom as na
from nuatom import catalog, validity
from nuatom import units as u
from nuatom.cli import doctor
from nuatom.cli.main import app, main
from nuatom.report import results
from nuatom.responses.shipped_tables import shipped_elements
from nuatom.targets.elements import SYMBOLS

COMMANDS = [
    "reproduce", "xsec", "rate", "expected", "project", "limit", "gallery", "list", "doctor",
    "atom",
]  # fmt: skip
BY_THEMSELVES = [name for name in COMMANDS if name not in {"project", "limit", "gallery", "atom"}]
"""Whose examples need no more than a second; the others have tests of their own."""
ONE_KEV = "--neutrino-energy-MeV 1 --transfer-keV 1"
CM2_PER_KEV = u.cm**2 / u.keV
NINE_DIGITS = 1e-8
"""The CSV keeps nine significant digits."""


def energies(answer):
    return answer.table()["energy_transfer_keV"]


# --- the program itself -----------------------------------------------------------------


def test_commands_are_those_listed_here():
    """A new command needs tests."""
    names = [entry.name or entry.callback.__name__ for entry in app.registered_commands]
    names += [entry.typer_instance.info.name for entry in app.registered_groups]
    assert names == COMMANDS


def test_version(run):
    """The version is that of the package."""
    assert run("--version").out == f"nuatom {na.__version__}\n"


def test_no_arguments_show_the_help(run):
    """A program called without words says what it can do."""
    answer = run()
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == run("--help").out
    assert all(name in answer.out for name in COMMANDS)


def examples(text):
    return [
        shlex.split(line.partition("nuatom ")[2])
        for line in text.splitlines()
        if line.strip().startswith("Example: nuatom ")
    ]


@pytest.mark.parametrize("command", [None, *BY_THEMSELVES])
def test_help_shows_an_example_that_runs(run, command, monkeypatch, tmp_path):
    """The first example of each help page is on one line, to be copied, and works."""
    monkeypatch.chdir(tmp_path)
    asked = []
    monkeypatch.setattr(results, "write", lambda out, names, step: asked.extend(names) or ())
    page = run(*([command] if command else []), "--help")
    assert (page.code, page.err) == (0, "")
    words = examples(page.out)[0]
    answer = run(*words)
    assert answer.code == 0
    assert answer.out or "--out" in words
    assert bool(asked) == (words[0] == "reproduce")


@pytest.mark.parametrize("words", [["xsec", "--help"], ["list"]], ids=" ".join)
def test_reader_that_went_away(words, monkeypatch):
    """`nuatom ... | head` is no error, whoever writes the text."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as stream, monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", stream)
        assert main(words) == 0


@pytest.mark.parametrize("words", [["xsec", "--help"], ["list"]], ids=" ".join)
def test_full_disk_behind_standard_output(words, monkeypatch, capsys):
    """A full disk is an error, whoever writes the text."""
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    with full.open("w") as stream, monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", stream)
        assert main(words) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("nuatom: cannot write standard output: No space left")


@pytest.mark.parametrize(
    "words",
    [
        ["xsec", "H", "weak", "--neutrino-energy-MeV", "1", "--transfer-keV", "1"],
        ["list", "sorces"],
    ],
    ids=["good", "bad"],
)
def test_module_and_console_script_are_the_same_program(run, words):
    """The exit code and both outputs of the process are those of `main`."""
    expected = run(*words)
    script = Path(sys.executable).with_name("nuatom")
    for start in ([sys.executable, "-m", "nuatom.cli.main"], [str(script)]):
        if not Path(start[0]).exists():
            continue  # run from a source tree: only the module is there
        done = subprocess.run([*start, *words], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (
            expected.code,
            expected.out,
            expected.err,
        )


# --- xsec -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        ("magnetic-moment=1e-11", 2.492177e-47),
        ("millicharge=1e-12", 2.546350e-46),
        ("weak", 1.036265e-47),
    ],
)
@pytest.mark.parametrize(("target", "electrons"), [("H", 1), ("Ge", 32)])
def test_xsec_of_free_electrons(run, channel, expected, target, electrons):
    """Z free electrons at T = 1 keV, E = 1 MeV: the closed forms, in cm^2/keV."""
    words = f"xsec {target} {channel} --response free --neutrino-energy-MeV 1 --transfer-keV 1"
    answer = run(*words.split())
    # at 1 keV the electron of hydrogen is as good as free, the K shell of germanium is closed
    assert answer.code == 0
    assert ("note: " in answer.err) == (target == "Ge")
    assert ("convention: " in answer.err) == channel.startswith("millicharge")
    # the values have seven digits and came from slightly different constants
    assert answer.table() == {
        "energy_transfer_keV": [pytest.approx(1.0, rel=1e-12)],
        "cross_section_cm2_per_keV": [pytest.approx(electrons * expected, rel=1e-4)],
    }


def test_xsec_of_a_coherent_channel(run):
    """At T = 0.2 keV, E = 4 MeV germanium scatters with 2.526e-40 cm^2/keV, less F^2."""
    words = ["xsec", "Ge", "coherent", "--neutrino-energy-MeV", "4", "--transfer-keV", "0.2"]
    helm, klein = (
        run(*words, *form).table()["cross_section_cm2_per_keV"][0]
        for form in ([], ["--form-factor", "klein-nystrand"])
    )
    # the quoted value is for the mean nucleus without a form factor: F^2 = 0.996 and the
    # spread of N over the isotopes, <N^2>/<N>^2 = 1.002, are what is left
    assert helm == pytest.approx(2.52585e-40, rel=5e-3)
    assert klein == pytest.approx(helm, rel=1e-3)
    assert klein != helm


@pytest.mark.filterwarnings("ignore::nuatom.errors.ValidityWarning")
@pytest.mark.parametrize("flavor", ["nu_e", "nu_mu", "nu_tau", "anti_nu_e", "anti_nu_mu"])
def test_xsec_is_that_of_the_python_interface(run, flavor):
    """Interfering channels, a flavour and a model: the CSV holds what Python computes."""
    words = "xsec Ge weak millicharge=-2e-13 charge-radius=1e-32 magnetic-moment=3e-12"
    words += f" --neutrino-energy-MeV 0.5 --transfer-keV 11,0.3,1.3 --flavor {flavor}"
    words += " --response stepped"
    answer = run(*words.split())
    T, E = np.array([11, 0.3, 1.3]) * u.keV, 0.5 * u.MeV
    stepped = na.response("stepped", "Ge")
    keeping = na.Couplings((na.Weak(), na.Millicharge(-2e-13), na.ChargeRadius(1e-32 * u.cm**2)))
    expected = sum(
        na.differential_cross_section(T, E, interaction=channel, response=stepped, flavor=flavor)
        for channel in (keeping, na.MagneticMoment(3e-12))
    )
    np.testing.assert_allclose(energies(answer), [11, 0.3, 1.3], rtol=NINE_DIGITS)
    np.testing.assert_allclose(
        answer.table()["cross_section_cm2_per_keV"], expected / CM2_PER_KEV, rtol=NINE_DIGITS
    )


def test_xsec_takes_the_electron_antineutrino_by_default(run):
    """Reactors make electron antineutrinos."""
    words = f"xsec Ge weak {ONE_KEV}".split()
    assert run(*words) == run(*words, "--flavor", "anti_nu_e")
    assert run(*words) != run(*words, "--flavor", "nu_e")


def test_xsec_beyond_the_kinematic_end(run):
    """A free electron takes at most 2E^2/(m+2E) = 28.1 keV from 100 keV; then it is 0."""
    words = "xsec Ge weak --response free --neutrino-energy-MeV 0.1 --transfer-keV 28,28.2,99"
    inside, *beyond = run(*words.split()).table()["cross_section_cm2_per_keV"]
    assert inside > 0
    assert beyond == [0, 0]


@pytest.mark.parametrize("source", catalog.PHOTOABSORPTION)
def test_photoabsorption_is_the_one_asked_for(run, source):
    """Eq. (10) is proportional to the photoabsorption that is named."""
    words = "xsec Ge magnetic-moment=1e-11 --response equivalent-photon-paper"
    words += f" --neutrino-energy-MeV 1 --transfer-keV 1.3,5 --photoabsorption {source}"
    answer = run(*words.split())
    sigma = na.photoabsorption(na.target("Ge"), source).cross_section(np.array([1.3, 5]) * u.keV)
    m = 510.99895 * u.keV
    expected = 1e-22 * (1 / 137.035999 / np.pi) * (u.MeV / m) ** 2 * sigma
    expected /= np.array([1.3, 5]) * u.keV
    # the constants are typed in with eight digits
    np.testing.assert_allclose(
        answer.table()["cross_section_cm2_per_keV"], expected / CM2_PER_KEV, rtol=3e-8
    )


@pytest.mark.parametrize(
    "response", ["equivalent-photon", "equivalent-photon-transverse", "equivalent-photon-paper"]
)
@pytest.mark.parametrize(
    "command",
    [
        "xsec Ge magnetic-moment=1e-11 --neutrino-energy-MeV 1 --transfer-keV 1.3",
        "rate Ge magnetic-moment=1e-11 --source kuo-sheng --transfer-keV 1.3",
    ],
    ids=["xsec", "rate"],
)
def test_retraction_is_said_on_standard_error(run, command, response, tmp_path):
    """A magnetic moment by equivalent photons comes with one line; the CSV stays pure."""
    answer = run(*command.split(), "--response", response)
    assert answer.code == 0
    (line,) = answer.err.splitlines()
    assert line.startswith("note: ")
    assert "retracted" in line
    assert "arXiv:1001.2074v3" in line
    (value,) = answer.table()[answer.out.partition("\n")[0].split(",")[1]]
    assert value > 0
    assert len(answer.out.splitlines()) == 2
    file = tmp_path / "out.csv"
    again = run(*command.split(), "--response", response, "--out", str(file))
    assert (again.out, again.err) == ("", answer.err)
    assert file.read_text() == answer.out


@pytest.mark.parametrize(
    "words",
    [
        "xsec Ge millicharge=1e-12 --neutrino-energy-MeV 1 --transfer-keV 1"
        " --response photoabsorption-ionisation",
        "xsec Ge magnetic-moment=1e-11 --neutrino-energy-MeV 1 --transfer-keV 1",
        "xsec Ge magnetic-moment=1e-11 --neutrino-energy-MeV 1 --transfer-keV 40 --response free",
        "rate Ge coherent-magnetic-moment=1e-11 --source kuo-sheng --transfer-keV 1",
    ],
)
def test_nothing_else_is_called_retracted(run, words):
    """A millicharge by screened photons stands, and so does a moment on free electrons."""
    assert "note: " not in run(*words.split()).err


@pytest.mark.parametrize(
    ("words", "where", "reason"),
    [
        ("millicharge=1e-12 --response stepped --transfer-keV 1.3", "1.3 keV", "no soft photons"),
        ("millicharge=1e-12 --response impulse --transfer-keV 1,2", "1-2 keV", "no photon point"),
        (
            "weak --response ab-initio --transfer-keV 0.05,1",
            "0.05 keV",
            "free atom below 0.1 keV in a solid",
        ),
        ("weak --response free --transfer-keV 0.5", "0.5 keV", "bound more tightly"),
    ],
)
def test_one_line_says_why_a_model_does_not_hold(run, words, where, reason):
    """The numbers come all the same, with exit code 0 and the reason on standard error."""
    for command in ("xsec Ge --neutrino-energy-MeV 1", "rate Ge --source kuo-sheng"):
        answer = run(*command.split(), *words.split())
        assert answer.code == 0
        assert energies(answer)
        notes = [text for text in answer.err.splitlines() if text.startswith("note: ")]
        (line,) = (text for text in notes if reason in text)
        assert f"on Ge at {where}: " in line


def test_conventions_go_with_the_output(run):
    """Where papers differ in a sign or a factor, one line says which is meant, in order."""
    words = "xsec Xe weak charge-radius=-1e-32 anapole=1e-33 --neutrino-energy-MeV 1"
    words += " --response stepped"
    answer = run(*words.split(), "--transfer-keV", "10")
    (line,) = answer.err.splitlines()
    assert line.startswith("convention: charge-radius: <r^2> = 6 dF_1/dq^2")
    assert "anapole: acts as a charge radius of -6 a" in line
    assert "convention: <r^2> = 6 dF_1/dq^2" in run("list", "interactions").out


# --- rate -------------------------------------------------------------------------------


def test_rate_is_that_of_the_python_interface(run):
    """Counts per (kg keV day) at the Kuo-Sheng reactor, ab-initio by default, which is said."""
    words = "rate Ge magnetic-moment=1e-11 weak --source kuo-sheng --transfer-keV 0.3,1.3,11"
    answer = run(*words.split())
    asked = run(*words.split(), "--response", "ab-initio")
    assert answer.out == asked.out
    lines = answer.err.splitlines()
    assert [line for line in lines if line not in asked.err.splitlines()] == lines[:1]
    assert lines[0].startswith("response: ab-initio, the default for this element")
    T = np.array([0.3, 1.3, 11]) * u.keV
    expected = sum(
        na.differential_rate(T, source="kuo-sheng", target="Ge", interaction=channel)
        for channel in (na.MagneticMoment(1e-11), na.Weak())
    )
    table = answer.table()
    assert list(table) == ["energy_transfer_keV", "rate_per_kg_keV_day"]
    np.testing.assert_allclose(table["rate_per_kg_keV_day"], expected / u.cpkkd, rtol=NINE_DIGITS)


@pytest.mark.parametrize("channel", ["coherent", "coherent-magnetic-moment=1e-11"])
def test_rate_of_a_coherent_channel_is_in_recoil_energy(run, channel):
    """The column says that the energy is that of the nucleus."""
    answer = run(*f"rate Ge {channel} --source kuo-sheng --transfer-keV 0.1,0.5,50".split())
    table = answer.table()
    assert list(table) == ["recoil_energy_keV", "rate_per_kg_keV_day"]
    low, high, beyond = table["rate_per_kg_keV_day"]
    assert low > high > 0
    # 2E^2/(M+2E) is below 4 keV for any reactor neutrino on germanium
    assert beyond == 0


def test_rate_of_a_table_of_the_user(run, tmp_path):
    """A flat flux of 1e10 /(cm^2 s) within a thousandth of 1 MeV: flux times cross section."""
    file = tmp_path / "beam.csv"
    file.write_text("neutrino_energy_MeV,flux_per_MeV_cm2_s\n0.9995,1e13\n1.0005,1e13\n")
    rate = run(*f"rate Ge weak --response free --source {file} --transfer-keV 1".split())
    sigma = run(*f"xsec Ge weak --response free {ONE_KEV}".split())
    kilogram = 1000 / 72.630 * 6.02214076e23
    expected = sigma.table()["cross_section_cm2_per_keV"][0] * 1e10 * 86400 * kilogram
    # the atomic weight has five digits; the width of the flux enters squared
    assert rate.table()["rate_per_kg_keV_day"] == [pytest.approx(expected, rel=2e-5)]


# --- list and doctor --------------------------------------------------------------------

KINDS = {
    "interactions": catalog.INTERACTIONS,
    "responses": catalog.RESPONSES,
    "sources": catalog.SOURCES,
    "photoabsorption": catalog.PHOTOABSORPTION,
    "form-factors": catalog.FORM_FACTORS,
}


@pytest.mark.parametrize(("kind", "table"), KINDS.items(), ids=KINDS)
def test_list_shows_every_name_with_its_reference(run, kind, table):
    """Each catalogue entry is listed with what it is and where it comes from."""
    answer = run("list", kind)
    assert (answer.code, answer.err) == (0, "")
    names = [line.split()[0] for line in answer.out.splitlines() if line[:1].strip()]
    assert names == list(table)
    for entry in table.values():
        assert entry.help in answer.out
        assert entry.reference in answer.out


def test_list_targets(run):
    """The elements stand in one line, hydrogen to uranium."""
    assert run("list", "targets").out.split() == list(SYMBOLS)


def test_list_names_the_elements_with_a_table(run):
    """Where ab-initio can be asked for is listed with it."""
    listed = run("list", "responses").out
    assert f"tables of {', '.join(shipped_elements())}\n" in listed
    assert "Ge" in shipped_elements()


def test_list_says_what_is_retracted(run):
    """The six models with equivalent photons, and nothing else."""
    assert run("list", "responses").out.count("RETRACTED for magnetic-moment") == 6


def test_list_validity_shows_what_was_measured(run):
    """Each channel and model has its lines, and each letter its reason with a reference."""
    lines = run("list", "validity").out.splitlines()
    table = validity.table()
    pairs = set(zip(table.column("channel"), table.column("model"), strict=True))
    assert pairs <= {tuple(line.split()[:2]) for line in lines if line}
    used = set(re.findall(r"\bno \(([a-z,]+)\)", "\n".join(lines)))
    legend = {line[1]: line for line in lines if re.match(r"\([a-z]\) ", line)}
    assert set(",".join(used).split(",")) == set(legend)
    assert any("retracted" in reason and "Voloshin" in reason for reason in legend.values())
    shown = next(line for line in lines if line.startswith("weak ") and " stepped " in line)
    assert shown.split()[2] == "Ge"
    assert shown.split()[3].startswith("0.01-")
    assert shown.split()[4:6] == ["keV", "no"]


def test_list_of_everything(run):
    """Without a kind, every list follows under its heading."""
    everything = run("list").out
    for kind in (*KINDS, "targets"):
        assert f"{kind.upper()}\n\n{run('list', kind).out.rstrip()}\n" in everything


def test_doctor(run):
    """The doctor names versions, editions and the state of the data."""
    answer = run("doctor")
    assert (answer.code, answer.err) == (0, "")
    assert f"nuatom        {na.__version__}\n" in answer.out
    assert "CODATA" in answer.out
    assert ", 0 damaged" in answer.out


@pytest.fixture
def data(tmp_path):
    """Two editions: a table with its checksum, and a card that holds its numbers itself."""
    edition = tmp_path / "kind" / "name" / "edition"
    edition.mkdir(parents=True)
    (edition / "table.csv").write_bytes(b"x\n1\n")
    digest = hashlib.sha256(b"x\n1\n").hexdigest()
    (edition / "data.toml").write_text(f'sha256 = "{digest}"\n')
    card = tmp_path / "kind" / "card" / "edition"
    card.mkdir(parents=True)
    (card / "data.toml").write_text("answer = 42\n")
    return tmp_path


def test_intact_data(data):
    """A table with the stated checksum is intact, in either form of the card."""
    assert doctor.damaged_data(data) == (1, [])
    card = data / "kind/name/edition/data.toml"
    digest = card.read_text().partition("= ")[2]
    card.write_text(f'[sha256]\n"table.csv" = {digest}')
    assert doctor.damaged_data(data) == (1, [])


@pytest.mark.parametrize(
    "damage",
    [
        lambda edition: (edition / "table.csv").write_text("x\n2\n"),
        lambda edition: (edition / "table.csv").unlink(),
        lambda edition: (edition / "more.csv").write_text("x\n1\n"),
        lambda edition: (edition / "data.toml").write_text("no toml"),
        lambda edition: (edition / "data.toml").write_text("[sha256]\n'other.csv' = ''\n"),
    ],
    ids=["changed", "deleted", "one too many", "unreadable card", "other table"],
)
def test_damaged_data(data, damage):
    """A changed, missing or additional table, or a broken card, is found."""
    damage(data / "kind/name/edition")
    assert doctor.damaged_data(data) == (1, ["kind/name/edition"])


def test_doctor_tells_what_is_damaged(run, monkeypatch):
    """Damage is exit code 2 with one line, after the report."""
    monkeypatch.setattr(doctor, "damaged_data", lambda root: (7, ["kind/name/edition"]))
    monkeypatch.setattr(doctor, "_LIBRARIES", ("numpy", "no-such-library"))
    answer = run("doctor")
    assert answer.code == 2
    assert "7 tables, 1 damaged" in answer.out
    assert "no-such-library not installed" in answer.out
    assert answer.err == "nuatom: damaged data: kind/name/edition; install the package again\n"


# --- reproduce --------------------------------------------------------------------------


def test_reproduce_writes_what_was_asked_for(run, tmp_path):
    """One cheap item: its files, the page and the summary, and one line that says where."""
    out = tmp_path / "results"
    answer = run("reproduce", "--only", "fig1", "--out", str(out))
    names = ["fig1.csv", "fig1.png", "fig1.svg", "report.html", "summary.json"]
    assert sorted(path.name for path in out.iterdir()) == names
    assert answer.code == 0
    assert answer.out == f"5 files in {out}; open {out / 'report.html'}\n"
    assert "schema_version" in json.loads((out / "summary.json").read_text())


def test_reproduce_shows_no_bar_where_nobody_looks(run, tmp_path):
    """The progress bar is for terminals: a redirected standard error stays empty."""
    answer = run("reproduce", "--only", "fig1", "--out", str(tmp_path))
    assert answer.err == ""


def test_interrupted_run(run, tmp_path, monkeypatch):
    """Ctrl-C ends with one line, exit code 2 and an empty folder."""

    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr(results, "ITEMS", {"slow": interrupted})
    answer = run("reproduce", "--out", str(tmp_path / "out"))
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == "nuatom: interrupted; nothing was written\n"
    assert list((tmp_path / "out").iterdir()) == []
