"""Response tables on disk: what is written is read, and nothing damaged is."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from nuatom import constants as c
from nuatom import units as u
from nuatom.errors import CannotWrite, InvalidInput
from nuatom.responses.response_table import Provenance, RelativeUncertainty, ResponseTable
from nuatom.responses.scaled_grid import TableShell, kinetic_grid
from nuatom.responses.table_format import from_dataset, read_table, to_dataset, write_table
from nuatom.responses.table_seal import checksum, sealed, unsealed

ROUNDING = 2.0**-17  # 16 bits of the significand, rounded to nearest
PROVENANCE = Provenance(
    element="Xx",
    atomic_number=3,
    method="a smooth invention",
    inputs="none",
    code_version="0",
    command="none",
    references=("first reference", "second reference"),
    edges_used="invented",
    created_by="a test",
)


def shell(name, edge, free_above=np.inf):
    width = np.sqrt(2 * c.electron_mass * edge)
    return TableShell(name, 2.0, edge, 1.1 * edge, free_above, width, edge)


def smooth_table(**changes):
    """Two shells with all seven responses, positive and within their bounds."""
    shells = (shell("K", 1 * u.keV, 5 * u.keV), shell("L1", 0.1 * u.keV))
    kinetic = np.array([kinetic_grid(9 * s.edge, s.edge, 9) for s in shells])
    q = np.array([s.momentum_grid(s.edge + k, 11) for s, k in zip(shells, kinetic, strict=True)])
    x = q / (q + 10 * u.keV)
    responses = dict.fromkeys(("L", "T", "A00", "A33", "AT"), (1 + x) / u.keV)
    responses |= {"A03": -0.5 * (1 + x) / u.keV, "VA": 2 * (1 + x) / u.keV}
    arguments = {
        "shells": shells,
        "kinetic_energy": kinetic,
        "responses": responses,
        "provenance": PROVENANCE,
        "uncertainty": RelativeUncertainty(
            ("weak", "millicharge"),
            np.array([0.1, 1.0, 9.0]) * u.keV,
            np.array([[-0.1, 0.0, -0.2], [-0.3, -0.1, 0.0]]),
            np.array([[0.1, 0.0, 0.2], [0.3, 0.1, 0.0]]),
        ),
    }
    return ResponseTable(**(arguments | changes))


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    file = tmp_path_factory.mktemp("table") / "table.nc"
    write_table(file, smooth_table())
    return file.read_bytes()


@pytest.fixture(scope="module")
def dataset():
    return to_dataset(smooth_table())


@pytest.fixture
def path(tmp_path, content):
    file = tmp_path / "table.nc"
    file.write_bytes(content)
    return file


def reseal(path, dataset):
    """Write a dataset with a fitting seal."""
    body = path.parent / "body.nc"
    numbers = [name for name, v in dataset.variables.items() if v.dtype.kind == "f"]
    plain = {name: {"_FillValue": None} for name in numbers}
    dataset.to_netcdf(body, engine="h5netcdf", encoding=plain)
    path.write_bytes(sealed(body.read_bytes()))


def refused(path, *words):
    """Return nothing if the file is refused in one line that names it and the cause."""
    with pytest.raises(InvalidInput) as caught:
        read_table(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    for word in words:
        assert word in message


def test_round_trip(path):
    """A table that is read is the one that was written, to the stated rounding."""
    written, read = smooth_table(), read_table(path)
    assert read.provenance == written.provenance
    for ours, theirs in zip(read.shells, written.shells, strict=True):
        assert ours.name == theirs.name
        for label in ("electrons", "edge", "calculated_threshold", "free_above", "energy_scale"):
            # a division and a multiplication by the unit
            assert getattr(ours, label) == pytest.approx(getattr(theirs, label), rel=1e-15)
    np.testing.assert_allclose(read.kinetic_energy, written.kinetic_energy, rtol=1e-14)
    assert set(read.responses) == set(written.responses)
    for name, values in written.responses.items():
        np.testing.assert_allclose(read.responses[name], values, rtol=ROUNDING * 1.01)
    for name in ("energy_transfer", "lower", "upper"):
        ours, theirs = getattr(read.uncertainty, name), getattr(written.uncertainty, name)
        np.testing.assert_allclose(ours, theirs, rtol=1e-15)
    assert read.uncertainty.channels == ("weak", "millicharge")


def test_any_subset_of_responses(tmp_path):
    """A table may hold L alone, without an uncertainty."""
    table = smooth_table(responses={"L": smooth_table().responses["L"]}, uncertainty=None)
    write_table(tmp_path / "l.nc", table)
    read = read_table(tmp_path / "l.nc")
    assert set(read.responses) == {"L"}
    assert read.uncertainty is None


def test_equal_tables_give_equal_bytes(path, tmp_path):
    """A build is deterministic down to the file."""
    write_table(tmp_path / "again.nc", smooth_table())
    assert (tmp_path / "again.nc").read_bytes() == path.read_bytes()


def test_other_programs_can_read_it(path):
    """Plain xarray opens the file, seal and all, and finds names, units and provenance."""
    with xr.open_dataset(path, engine="h5netcdf") as dataset:
        assert dataset.sizes["energy_transfer"] == 9
        assert dataset["L"].dims == ("shell", "energy_transfer", "momentum_transfer")
        assert dataset["L"].attrs["units"] == "1/keV"
        assert dataset["momentum"].attrs["units"] == "keV"
        assert list(dataset["shell"].values) == ["K", "L1"]
        assert dataset.attrs["references"] == "first reference\nsecond reference"
        # the first momentum at each energy is the photon point
        energy = dataset["edge"] + dataset["kinetic_energy"]
        np.testing.assert_allclose(dataset["momentum"][:, :, 0], energy, rtol=1e-6)
        assert "7.6e-06" in dataset["L"].attrs["storage_accuracy"]


def test_the_number_of_bits_is_the_accuracy(tmp_path):
    """Eight bits round to 2^-9 and 23 to 2^-24."""
    values = smooth_table().responses["L"]
    for bits in (8, 23):
        write_table(tmp_path / "t.nc", smooth_table(), significand_bits=bits)
        error = np.abs(read_table(tmp_path / "t.nc").responses["L"] / values - 1).max()
        assert 2.0 ** -(bits + 3) < error < 2.0 ** -(bits + 1) * 1.01
    with pytest.raises(InvalidInput, match="8 to 23"):
        write_table(tmp_path / "t.nc", smooth_table(), significand_bits=24)


def test_a_flipped_byte_is_found(path):
    """One bit changed anywhere in the file is refused."""
    content = path.read_bytes()
    for position in range(0, len(content), len(content) // 50):
        damaged = bytearray(content)
        damaged[position] ^= 4
        path.write_bytes(damaged)
        refused(path, "fetch or build the table again")


@pytest.mark.parametrize("keep", [0.0, 0.01, 0.5, 0.999])
def test_a_truncated_file_is_found(path, keep):
    """A copy that broke off is refused."""
    content = path.read_bytes()
    path.write_bytes(content[: int(keep * len(content))])
    refused(path, "truncated")


@pytest.mark.parametrize("content", [b"", b"not a table\n", b"\x89HDF\r\n\x1a\n" + bytes(600)])
def test_no_table_at_all(path, content):
    """A file of something else is refused, sealed or not."""
    path.write_bytes(content)
    refused(path)
    path.write_bytes(sealed(content))
    refused(path, "expected NetCDF")


def test_a_missing_file(tmp_path):
    """A path where nothing is says so, and so does a folder."""
    refused(tmp_path / "none.nc", "no such file")
    refused(tmp_path, "no such file")


@pytest.mark.parametrize(("version", "words"), [(0, "build it again"), (2, "newer nuatom")])
def test_another_version(path, dataset, version, words):
    """An older table is to be built again, a newer one needs a newer program."""
    reseal(path, dataset.assign_attrs(format_version=version))
    refused(path, f"format_version {version}", words)


def test_content_changed_by_another_program(path, dataset):
    """A number or an attribute that was edited does not fit the checksum."""
    reseal(path, dataset.assign(T=dataset["T"] * np.float32(1.01)))
    refused(path, "checksum")
    reseal(path, dataset.assign_attrs(method="another one"))
    refused(path, "checksum")
    reseal(path, dataset.assign_attrs(format="something else"))
    refused(path, "format")


def changed(name, index, value):
    """Return the change of one entry of a variable."""

    def change(dataset):
        values = dataset[name].values.copy()
        values[index] = value
        return dataset.assign({name: (dataset[name].dims, values, dataset[name].attrs)})

    return change


def without_attribute(name):
    """Return the change that takes an attribute away."""

    def change(dataset):
        del dataset.attrs[name]
        return dataset

    return change


def relabelled(name, unit):
    """Return the change of the unit of a variable."""

    def change(dataset):
        dataset[name].attrs["units"] = unit
        return dataset

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d.drop_vars("edge"), "edge"),
        (lambda d: d.drop_vars("kinetic_energy"), "kinetic_energy"),
        (lambda d: d.drop_vars("momentum"), "momentum"),
        (lambda d: d.drop_vars(["L", "T", "A00", "A03", "A33", "AT", "VA"]), "responses"),
        (lambda d: d.drop_vars("A33"), "A33"),
        (changed("L", (0, 3, 4), np.nan), "finite"),
        (changed("T", (1, 0, 0), -1.0), "expected a square"),
        (changed("T", (1, 0, 0), 0.0), "expected a square"),
        (changed("VA", (0, 0, 0), 9.0), "sqrt(T AT)"),
        (changed("kinetic_energy", (0, 3), 0.0), "unsorted"),
        (changed("kinetic_energy", (0, 0), 0.02), "first value"),
        (changed("edge", 0, -1.0), "edge"),
        (changed("edge", 0, np.nan), "edge"),
        (changed("momentum", (0, 0, 5), 77.0), "momentum_formula"),
        (changed("free_above", 0, 11.0), "free_above"),
        (changed("shell", 1, "K"), "no name twice"),
        (changed("band_energy", 0, 2.0), "unsorted"),
        (changed("relative_uncertainty", (0, 0, 0), 0.1), "lower <= 0"),
        (relabelled("edge", "eV"), "'keV'"),
        (relabelled("L", "1/eV"), "'1/keV'"),
        (without_attribute("command"), "command"),
        (lambda d: d.assign_attrs(inputs=""), "inputs"),
        (lambda d: d.transpose("momentum_transfer", ...), "dimensions"),
    ],
)
def test_unsound_content(path, dataset, change, words):
    """Content that breaks a rule of the format is refused even with a right checksum."""
    dataset = change(dataset.copy(deep=True))
    dataset.attrs["sha256"] = checksum(dataset)
    reseal(path, dataset)
    refused(path, words)


def test_checksum_depends_on_content_only(path, dataset):
    """The checksum in memory is that of the file, and writing does not change it."""
    assert checksum(to_dataset(from_dataset(dataset))) == checksum(dataset)
    with xr.open_dataset(path, engine="h5netcdf", mask_and_scale=False) as opened:
        assert checksum(opened.load()) == dataset.attrs["sha256"]


def test_seal():
    """The seal of a content does not fit another one."""
    assert unsealed(sealed(b"content")) == b"content"
    with pytest.raises(InvalidInput, match="corrupted"):
        unsealed(b"x" + sealed(b"content"))


def test_nothing_half_written(tmp_path):
    """A place that refuses leaves nothing behind and the old table as it was."""
    blocker = tmp_path / "file"
    blocker.write_text("x")
    with pytest.raises(CannotWrite):
        write_table(blocker / "table.nc", smooth_table())
    if Path("/dev/full").exists():
        with pytest.raises(CannotWrite):
            write_table(Path("/dev/full"), smooth_table())
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_shapes_in_memory():
    """Arrays of the wrong shape are refused before anything is written."""
    table = smooth_table()
    with pytest.raises(InvalidInput, match="shape"):
        smooth_table(kinetic_energy=table.kinetic_energy[:, :5])
    with pytest.raises(InvalidInput, match="shape"):
        smooth_table(responses=dict(table.responses, L=table.responses["L"][:, :, :-1]))
    with pytest.raises(InvalidInput, match="expected one of"):
        smooth_table(responses=dict(table.responses, X=table.responses["L"]))
    with pytest.raises(InvalidInput, match="shape"):
        RelativeUncertainty(("a",), np.ones(2), np.zeros((1, 3)), np.zeros((1, 3)))


def test_momentum_grid_follows_its_formula():
    """From the photon point to the reach, in equal steps of arsinh[(q-c)/w] + ln(q)/2."""
    one = shell("K", 1 * u.keV)
    T = np.array([1.0, 30.0]) * u.keV
    q = one.momentum_grid(T, 40)
    ridge = np.sqrt(T**2 + 2 * c.electron_mass * T)
    np.testing.assert_allclose(q[:, 0], T, rtol=1e-14)
    np.testing.assert_allclose(q[:, -1], ridge + 80 * one.momentum_width, rtol=1e-14)
    steps = np.diff(np.arcsinh((q - ridge[:, None]) / one.momentum_width) + np.log(q) / 2)
    # bisection to the last bit of ln q
    np.testing.assert_allclose(steps, np.mean(steps, axis=1, keepdims=True) + 0 * steps, rtol=1e-9)
    place = one.position(T[:, None], q, np.log(q))
    np.testing.assert_allclose(place, np.linspace(0, 1, 40) + 0 * q, atol=1e-10)
