"""How a table on disk is recognised as whole: a checksum of its content, a seal of its bytes.

The checksum is an attribute and depends on numbers and names only; the seal stands behind
the end of the data and depends on every byte.
"""

import hashlib
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from nuatom.errors import InvalidInput

if TYPE_CHECKING:
    import xarray as xr

SEAL = b"nuatom-sha256:"
"""Followed by 64 hexadecimal digits at the end of a file."""


def sealed(content: bytes) -> bytes:
    """Return the bytes of a NetCDF file with a seal at their end: their own sha256.

    NetCDF readers ignore what follows the end of the data.  With the seal a damaged
    file is recognised before it reaches a library that it could hang.

    Parameters
    ----------
    content : bytes
        A complete file [bytes].

    Returns
    -------
    bytes
        78 more.

    Example
    -------
    >>> len(sealed(b"")), sealed(b"")[:14]
    (78, b'nuatom-sha256:')
    """
    return content + SEAL + hashlib.sha256(content).hexdigest().encode()


def unsealed(content: bytes) -> bytes:
    """Return the bytes of a file without their seal, after checking it.

    Parameters
    ----------
    content : bytes
        What `sealed` returned [bytes].

    Returns
    -------
    bytes
        The complete file.

    Raises
    ------
    InvalidInput
        If there is no seal or it does not fit.

    Example
    -------
    >>> unsealed(sealed(b"abc"))
    b'abc'
    """
    length = len(SEAL) + 64
    body, seal = content[:-length], content[-length:]
    if not seal.startswith(SEAL):
        raise InvalidInput(
            "found no seal at the end: the file is truncated, was rewritten by another program "
            "or is no response table; fetch or build the table again"
        )
    if sealed(body) != content:
        raise InvalidInput(
            "found a content that does not fit its sha256: the file is corrupted; fetch or build "
            "the table again"
        )
    return body


def checksum(dataset: "xr.Dataset") -> str:
    """Return the sha256 over every array and attribute of a dataset except the checksum.

    Each variable enters in the order of names with its dimensions, type, shape,
    attributes and little-endian bytes, each attribute as JSON, so that the result
    does not depend on compression or on the library that wrote the file.

    Parameters
    ----------
    dataset : Dataset
        Any dataset of numbers and strings [any].

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    digest = hashlib.sha256()
    attributes = {key: value for key, value in dataset.attrs.items() if key != "sha256"}
    digest.update(_json(attributes))
    for name in sorted(str(name) for name in dataset.variables):
        variable = dataset.variables[name]
        values = variable.values
        text = values.dtype.kind not in "fiub"
        kind = "text" if text else f"{values.dtype.kind}{values.dtype.itemsize}"
        header = [name, list(variable.dims), kind, list(values.shape), dict(variable.attrs)]
        digest.update(_json(header))
        if text:
            digest.update(_json([str(value) for value in values.ravel()]))
        else:
            little = values.astype(values.dtype.newbyteorder("<"))
            digest.update(np.ascontiguousarray(little).tobytes())
    return digest.hexdigest()


def _json(value: Any) -> bytes:
    """Return canonical JSON, with numbers of numpy as plain ones."""

    def plain(item: Any) -> Any:
        return item.tolist() if isinstance(item, np.ndarray | np.generic) else str(item)

    return json.dumps(value, sort_keys=True, ensure_ascii=True, default=plain).encode()
