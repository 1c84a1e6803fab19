# tests/parity/references/safetensors_file.py - writes named arrays: length, JSON header, raw data.
import json
import struct

import numpy as np

DTYPES = {np.dtype("float64"): "F64", np.dtype("int64"): "I64"}


def describe(arrays):
    return {
        name: {"dtype": DTYPES[a.dtype], "shape": list(a.shape)} for name, a in arrays.items()
    }


def write(path, arrays):
    header, at = describe(arrays), 0
    for name, a in arrays.items():
        header[name]["data_offsets"] = [at, at + a.nbytes]
        at += a.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for a in arrays.values():
            file.write(np.ascontiguousarray(a).tobytes())
