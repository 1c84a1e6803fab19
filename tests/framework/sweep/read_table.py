# tests/framework/sweep/read_table.py FILE - what table_file_test.cpp wrote, as xarray sees it.
# Exits with 77 when it is not installed.
import sys

try:
    import numpy
    import xarray
except ImportError as absent:
    print(absent)
    sys.exit(77)

with xarray.open_dataset(sys.argv[1]) as data:
    assert list(data.point.values) == ["aa", "bb"], data.point
    assert data.sizes["network"] == 2, data.sizes
    assert data.attrs["command"] == "lyap sweep run x", data.attrs
    assert data.cell.dims == ("network",) and data.cell.attrs["flag_meanings"] == "lstm gru"
    assert data.spectrum.dims == ("network", "checkpoint", "index_spectrum"), data.spectrum.dims
    assert data.spectrum.attrs["units"] == "nats/step", data.spectrum.attrs
    assert list(data.checkpoint.values) == [0, 5], data.checkpoint
    assert (data.spectrum.sel(checkpoint=5).values[0] == [3, -numpy.inf]).all(), data.spectrum
    assert data.short.dims == ("network", "time"), data.short.dims
    assert data.long.dims == ("network", "time_long"), data.long.dims
    assert data.late.dims == ("network", "checkpoint_late"), data.late.dims
    assert list(data.checkpoint_late.values) == [7, 9], data.checkpoint_late
    assert data.same.dims == ("network", "checkpoint"), data.same.dims
    assert data.index.dims == ("network",) and list(data.index.values) == [1, 2], data.index
    assert data.network.dims == ("network",) and list(data.network.values) == [3, 4], data.network
    frame = data[["cell", "index"]].to_dataframe()
    assert frame.shape == (2, 2), frame
