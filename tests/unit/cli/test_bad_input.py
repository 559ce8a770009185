"""Bad input: exit code 2, one line that helps, nothing written, never a traceback.

The fixture `refused` asserts all of that and returns the line.
"""

import contextlib
import io
import os
import subprocess
import sys

import hypothesis
import pytest
from hypothesis import strategies as st

from nuatom import catalog
from nuatom.cli.main import main
from nuatom.interactions.terms import FLAVORS
from nuatom.report import results
from nuatom.reproduce.quantities import Item
from nuatom.targets.elements import SYMBOLS

XSEC = "xsec Ge weak --neutrino-energy-MeV 1 --transfer-keV 1"
RATE = "rate Ge weak --source kuo-sheng --transfer-keV 1"
MOMENT = "xsec Ge magnetic-moment=1e-11 --neutrino-energy-MeV 1 --transfer-keV 1"

# --- names ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "nearest"),
    [
        (XSEC.replace("xsec", "xsc"), "xsec"),
        (XSEC.replace("Ge", "ge"), "Ge"),
        (XSEC.replace("Ge", "Gee"), "Ge"),
        (XSEC.replace("weak", "waek"), "weak"),
        (XSEC.replace("weak", "magnetic_moment=1e-11"), "magnetic-moment"),
        (XSEC.replace("weak", "MILLICHARGE=1e-12"), "millicharge"),
        (XSEC + " --response steped", "stepped"),
        (XSEC + " --response equivalent_photon", "equivalent-photon"),
        (XSEC + " --flavor nu_muon", "nu_mu"),
        (XSEC + " --flavor antinu_e", "anti_nu_e"),
        (XSEC + " --flavor NU_TAU", "nu_tau"),
        (XSEC + " --photoabsorption henk", "henke"),
        (XSEC + " --form-factor hel", "helm"),
        (XSEC + " --respons free", "--response"),
        (XSEC + " --flavour nu_e", "--flavor"),
        (XSEC.replace("keV", "kev"), "--transfer-keV"),
        (XSEC.replace("MeV", "mev"), "--neutrino-energy-MeV"),
        (RATE.replace("kuo-sheng", "kuosheng"), "kuo-sheng"),
        (RATE.replace("--source", "--sorce"), "--source"),
        ("list responces", "responses"),
        ("list targts", "targets"),
        ("reproduce --only fig2,tabel1", "table1"),
        ("reproduce --onyl fig2", "--only"),
        ("--versoin", "--version"),
        ("docter", "doctor"),
    ],
)
def test_unknown_name_suggests_the_nearest(refused, words, nearest):
    """A slip of the finger is answered with the name that was meant."""
    line = refused(*words.split())
    assert "id you mean" in line
    assert f"'{nearest}'" in line


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["xyzzy"], "nuatom --help"),
        ([*XSEC.split(), "--zzz"], "--response"),
        ([*XSEC.split(), "-z"], "--response"),
        ([*XSEC.split(), "--response", "qqqq"], "stepped"),
        ([*XSEC.split(), "--response", ""], "stepped"),
        ([*XSEC.split(), "--flavor", ""], "anti_nu_tau"),
        (["list", "zzz"], "interactions"),
        (["doctor", "now"], "nuatom doctor --help"),
        (["reproduce", "--only", "zzzzz"], "interpretation"),
        ([*RATE.split(), "--source", "zzz"], "kuo-sheng"),
    ],
)
def test_name_that_is_far_from_any(refused, words, expected):
    """Where nothing is near, the line shows what there is."""
    assert expected in refused(*words)


@pytest.mark.parametrize(
    ("words", "missing"),
    [
        ("xsec", "TARGET"),
        ("xsec Ge", "INTERACTION"),
        ("xsec Ge weak --transfer-keV 1", "--neutrino-energy-MeV"),
        ("xsec Ge weak --neutrino-energy-MeV 1", "--transfer-keV"),
        ("rate Ge weak --transfer-keV 1", "--source"),
    ],
)
def test_missing_words(refused, words, missing):
    """What is missing is named, and where to read about it."""
    line = refused(*words.split())
    assert missing in line
    assert f"nuatom {words.split()[0]} --help" in line


def test_option_without_its_value(refused):
    """An option at the end of the line lacks what belongs to it."""
    line = refused(*XSEC.split()[:-1])
    assert "'--transfer-keV' requires an argument" in line
    assert "nuatom --help" in line


# --- numbers ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["0", "-1", "-0.0", "nan", "inf", "-inf", "1e999", "abc", "1keV", "", " ", ",", "1,,2", "1,",
     ",1", "1,nan", "1,0", "1,-2", "1;2", "1 2", "1e", "1,1e999"],
)  # fmt: skip
@pytest.mark.parametrize("words", [XSEC, RATE], ids=["xsec", "rate"])
def test_energy_transfers(refused, words, text):
    """Only positive finite numbers between single commas are energies."""
    line = refused(*words.split()[:-1], text)
    assert "--transfer-keV: found" in line
    assert "expected" in line


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "1e999", "abc", "", "1,2", "1MeV"])
def test_neutrino_energy(refused, text):
    """The neutrino energy is one positive finite number."""
    line = refused("xsec", "Ge", "weak", "--transfer-keV", "1", "--neutrino-energy-MeV", text)
    assert "--neutrino-energy-MeV: found" in line
    assert repr(text) in line


@pytest.mark.parametrize("transfer", ["1000", "1000.001", "1e6", "1,1000"])
def test_transfer_is_less_than_the_neutrino_energy(refused, transfer):
    """No neutrino of 1 MeV gives all of its energy, or more."""
    line = refused(*XSEC.split()[:-1], transfer)
    assert "expected less than the neutrino energy of 1000 keV" in line


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        ("magnetic-moment", "magnetic-moment=NUMBER in mu_B"),
        ("millicharge", "millicharge=NUMBER in e"),
        ("charge-radius", "charge-radius=NUMBER in cm^2"),
        ("coherent-magnetic-moment", "in mu_B"),
        ("magnetic-moment=", "found ''"),
        ("magnetic-moment=abc", "found 'abc'"),
        ("magnetic-moment=1e-11muB", "found '1e-11muB'"),
        ("magnetic-moment=1,2", "found '1,2'"),
        ("magnetic-moment=nan", "finite"),
        ("millicharge=inf", "finite"),
        ("weak=-inf", "finite"),
        ("weak=1e999", "finite"),
        ("magnetic-moment=-1e-11", "expected >= 0"),
        ("=1", "unknown interaction ''"),
        ("", "unknown interaction ''"),
        ("weak weak", "found twice"),
        ("magnetic-moment=1e-11 weak magnetic-moment=2e-11", "found twice"),
        ("weak coherent", "two runs"),
        ("coherent magnetic-moment=1e-11", "two runs"),
    ],
)
def test_couplings(refused, channel, expected):
    """A coupling is one finite number in a stated unit, once for each channel."""
    words = ["xsec", "Ge", *(channel.split() or [""])]
    line = refused(*words, "--neutrino-energy-MeV", "1", "--transfer-keV", "0.01")
    assert expected in line


@pytest.mark.parametrize(
    "words",
    [
        MOMENT.replace("1e-11", "1e200"),
        XSEC.replace("weak", "weak=1e200"),
        XSEC.replace("weak", "millicharge=1e300"),
        XSEC.replace("weak", "charge-radius=1e200"),
        MOMENT[:-1] + "1e-320 --response free",
        RATE[:-1] + "1e306",
        RATE.replace("weak", "magnetic-moment=1")[:-1] + "1e-320 --response free",
    ],
)
def test_numbers_without_a_finite_result(refused, words):
    """Where floating-point numbers end, the answer is an error, not an empty cell."""
    message = refused(*words.split())
    # which check comes first depends on the unit scale
    assert "floating-point" in message or "less extreme" in message


# --- models, tables, targets ------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        ("", "0.01", "100"),
        ("--photoabsorption henke", "0.01", "30"),
        ("--photoabsorption elam", "0.1", "100"),
    ],
)
@pytest.mark.parametrize("response", ["equivalent-photon", "equivalent-photon-paper"])
def test_energies_outside_a_table(refused, words, low, high, response):
    """A table ends where it ends; the line says where, and nothing is extrapolated."""
    for transfer, end in ((f"1,{float(low) / 2}", low), ("1,900", high)):
        line = refused(*MOMENT.split()[:-1], transfer, "--response", response, *words.split())
        assert "found" in line
        assert f"{end} " in line
        assert "table" in line


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (XSEC + " --response equivalent-photon", ["weak", "'equivalent-photon'"]),
        (XSEC + " --response equivalent-photon-transverse", ["weak", "A00"]),
        (RATE + " --response equivalent-photon-paper", ["weak", "'equivalent-photon-paper'"]),
        (
            XSEC.replace("weak", "millicharge=1e-12") + " --response equivalent-photon-paper",
            ["millicharge", "photon"],
        ),
    ],
)
def test_channel_on_a_model_that_lacks_it(refused, words, names):
    """Both the channel and the model are named."""
    line = refused(*words.split())
    assert all(name in line for name in names)


@pytest.mark.parametrize("response", ["free", "stepped", "equivalent-photon", "hydrogen"])
def test_coherent_on_electrons(refused, response):
    """Coherent scattering is on the nucleus; electrons cannot be asked for."""
    line = refused(*f"rate Ge coherent --source kuo-sheng --transfer-keV 1 --response {response}"
                   .split())  # fmt: skip
    assert "expected nucleus" in line


def test_element_without_natural_isotopes(refused):
    """Technetium has no natural composition, so no coherent rate."""
    assert "Tc" in refused(*RATE.replace("Ge weak", "Tc coherent").split())


# --- sources ----------------------------------------------------------------------------

HEADER = "neutrino_energy_MeV,flux_per_MeV_cm2_s\n"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "header"),
        ("# only a remark\n", "header"),
        (HEADER, "rows"),
        (HEADER + "1,10\n", "rows"),
        ("energy,flux\n1,10\n2,10\n", "energy"),
        (HEADER.replace("energy", "enrgy") + "1,10\n2,10\n", "neutrino_energy_MeV"),
        (HEADER + "1,10\n2\n", "line 3"),
        (HEADER + "1,10\n2,10,3\n", "line 3"),
        (HEADER + "1,10\n\n2,abc\n", "line 4"),
        (HEADER + "1,10\n2,nan\n", "line 3"),
        (HEADER + "1,10\n2,-1\n", "line 3"),
        (HEADER + "2,10\n1,10\n", "increasing"),
        (HEADER + "1,10\n1,10\n", "increasing"),
        (b"\xff\xfe\x00", "UTF-8"),
    ],
)
def test_malformed_flux_table(refused, tmp_path, content, expected):
    """The line says which file and, where it can, which line of it."""
    file = tmp_path / "beam.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    line = refused(*RATE.replace("kuo-sheng", "beam.csv").split())
    assert "beam.csv" in line
    assert expected in line


def test_flux_table_that_is_not_there(refused, tmp_path):
    """A missing file, and a folder with the name of one."""
    assert "no such file" in refused(*RATE.replace("kuo-sheng", "beam.csv").split())
    (tmp_path / "folder.csv").mkdir()
    assert "cannot be read" in refused(*RATE.replace("kuo-sheng", "folder.csv").split())


# --- where to write ---------------------------------------------------------------------


@pytest.mark.parametrize("words", [XSEC, RATE, "reproduce --only fig1"])
def test_out_below_a_regular_file(refused, tmp_path, words):
    """A file is no folder; it stays as it was."""
    (tmp_path / "file").write_text("precious")
    for out in ("file/out.csv", "file/deep/out.csv"):
        assert "file" in refused(*words.split(), "--out", out)


@pytest.mark.parametrize("words", [XSEC, RATE])
def test_out_is_a_folder(refused, tmp_path, words):
    """A folder is no file."""
    (tmp_path / "folder").mkdir()
    for out in ("folder", "."):
        assert "it is a folder" in refused(*words.split(), "--out", out)


def test_results_folder_is_a_file(refused, tmp_path):
    """`reproduce` needs a folder, and says so before it computes anything."""
    (tmp_path / "file").write_text("precious")
    assert "file" in refused("reproduce", "--out", "file")


@pytest.mark.parametrize("words", [XSEC, RATE, "reproduce --only fig1"])
def test_out_is_empty(refused, words):
    """`--out "$UNSET"` must not write into the working folder."""
    assert "empty path" in refused(*words.split(), "--out", "")


def test_bad_input_leaves_an_old_file_alone(refused, tmp_path):
    """A result from before survives a later mistake."""
    (tmp_path / "out.csv").write_text("old\n")
    refused(*XSEC.split()[:-1], "1,,2", "--out", "out.csv")
    refused(*MOMENT.split()[:-1], "900", "--response", "equivalent-photon", "--out", "out.csv")


@pytest.mark.parametrize("words", [XSEC, RATE, "reproduce --only fig1"])
def test_full_device_as_a_file(refused, words):
    """A full disk is a one-line error."""
    if not os.path.exists("/dev/full"):  # noqa: PTH110
        pytest.skip("this system has no /dev/full")
    assert "/dev/full" in refused(*words.split(), "--out", "/dev/full")


@pytest.mark.parametrize("words", [XSEC, RATE, "reproduce --only fig1"])
def test_name_that_no_file_can_have(refused, words):
    """A path of 300 letters is more than a file system takes."""
    assert "name too long" in refused(*words.split(), "--out", 300 * "a")


def test_source_that_no_file_can_be(refused):
    """The same for a file that is to be read."""
    assert "name too long" in refused(*RATE.split(), "--source", 300 * "a" + ".csv")


def test_items_are_checked_before_anything_is_made(refused):
    """A wrong name among good ones makes no folder and computes nothing."""
    for only in ("fig1,zzz", "fig1,,fig2", ",", "fig1,", " ", "fig1;fig2"):
        refused("reproduce", "--only", only, "--out", "new")


@pytest.mark.parametrize(
    "words", [XSEC, "list", "doctor", "rate --help", "--version"], ids=lambda words: words[:6]
)
def test_full_device_behind_standard_output(words):
    """The real process, its output on a full disk: one line, exit code 2."""
    if not os.path.exists("/dev/full"):  # noqa: PTH110
        pytest.skip("this system has no /dev/full")
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = subprocess.run(
            [sys.executable, "-m", "nuatom.cli.main", *words.split()],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("nuatom: cannot write standard output: ")


# --- anything at all --------------------------------------------------------------------


def outcome(words):
    """Exit code and outputs of `main`; anything that escapes it fails the test."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(words)
    return code, out.getvalue(), err.getvalue()


def check(words):
    """Either a result, or one line and exit code 2."""
    code, out, err = outcome(words)
    if code == 0:
        assert all(line.startswith(("note: ", "convention: ")) for line in err.splitlines())
        return out
    assert (code, out) == (2, "")
    (line,) = err.splitlines()
    assert line.startswith("nuatom: ")
    return None


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    """An empty folder to work in, and an item that costs nothing to reproduce."""
    item = Item("nothing", "Nothing", (), {}, "")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(results, "ITEMS", {"fig1": lambda: item})
        patch.chdir(tmp_path_factory.mktemp("sandbox"))
        yield


NUMBERS = st.floats(allow_nan=True, allow_infinity=True).map(repr) | st.sampled_from(
    ["1", "0.3", "11", "1e-11", "-1", "0", "1,2", "1,,2", "", "nan"]
)
NAMES = st.sampled_from(
    [*catalog.INTERACTIONS, *catalog.RESPONSES, *catalog.SOURCES, *catalog.PHOTOABSORPTION,
     *catalog.FORM_FACTORS, *FLAVORS, "Ge", "Si", "ge", "magnetic-moment=1e-11", "weak=2", "fig1"]
)  # fmt: skip
OPTIONS = st.sampled_from(
    ["--transfer-keV", "--neutrino-energy-MeV", "--response", "--flavor", "--source", "--out",
     "--photoabsorption", "--form-factor", "--only", "--help", "--version", "--", "-", "-x"]
)  # fmt: skip
# no slash: a random --out must stay inside the sandbox; no NUL: no process can be given one
JUNK = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), max_size=8)
WORDS = st.one_of(NAMES, OPTIONS, NUMBERS, JUNK)
COMMANDS = st.sampled_from(["xsec", "rate", "list", "doctor", "reproduce", "xsc", ""])


@hypothesis.settings(max_examples=300)
@hypothesis.given(command=COMMANDS, words=st.lists(WORDS, max_size=9))
def test_any_words(sandbox, command, words):
    """Whatever is typed, the answer is a result or one line."""
    check([command, *words])


CHANNELS = st.lists(
    st.tuples(
        st.sampled_from(["magnetic-moment", "millicharge", "charge-radius", "weak"]),
        st.floats(min_value=-1e300, max_value=1e300),
    ),
    min_size=1,
    max_size=3,
)
ENERGIES = st.floats(min_value=0, exclude_min=True, allow_infinity=False)
USUAL = st.floats(min_value=0.01, max_value=100)


@hypothesis.settings(max_examples=200)
@hypothesis.given(
    target=st.sampled_from(SYMBOLS),
    channels=CHANNELS,
    response=st.sampled_from(list(catalog.RESPONSES)),
    flavor=st.sampled_from(FLAVORS),
    transfers=st.lists(USUAL | ENERGIES, min_size=1, max_size=4),
    neutrino_energy=st.one_of(st.none(), USUAL, ENERGIES),
)
def test_any_numbers(sandbox, target, channels, response, flavor, transfers, neutrino_energy):
    """Well-formed words with any numbers give finite CSV or one line."""
    words = [target, *(f"{name}={coupling!r}" for name, coupling in channels)]
    words += ["--transfer-keV", ",".join(map(repr, transfers)), "--response", response]
    if neutrino_energy is None:
        words = ["rate", *words, "--source", "kuo-sheng"]
    else:
        words = ["xsec", *words, "--flavor", flavor]
        words += ["--neutrino-energy-MeV", repr(neutrino_energy)]
    out = check(words)
    if out is not None:
        _, *rows = out.splitlines()
        assert len(rows) == len(transfers)
        for row in rows:
            energy, value = (float(cell) for cell in row.split(","))
            assert energy > 0
            assert abs(value) < float("inf")
