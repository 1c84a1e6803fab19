# tests/framework/data/read_results.py FILE - what hdf5_test.cpp wrote, as xarray and h5py see it.
# Exits with 77 when they are not installed.
import sys

try:
    import h5py
    import numpy
    import xarray
except ImportError as missing:
    print(missing)
    sys.exit(77)

path = sys.argv[1]

for engine in ("netcdf4", "h5netcdf"):
    if engine not in xarray.backends.list_engines():
        continue
    with xarray.open_dataset(path, group="spectrum", engine=engine) as data:
        assert dict(data.sizes) == {"checkpoint": 3, "sequence": 2, "index": 4, "none": 0}, data.sizes
        assert data.exponent.dims == ("checkpoint", "sequence", "index"), data.exponent.dims
        assert (data.exponent.values == numpy.arange(24.0).reshape(3, 2, 4)).all(), data.exponent
        assert data.exponent.attrs["units"] == "nats/step", data.exponent.attrs
        assert data.exponent.attrs["warmup"] == 100, data.exponent.attrs
        assert data.exponent.attrs["tolerance"] == 1e-3, data.exponent.attrs
        assert list(data.checkpoint.values) == [0, 1, 5], data.checkpoint
        assert data.checkpoint.dims == ("checkpoint",), data.checkpoint.dims
        assert "index" not in data.variables, "a dimension without coordinates became a variable"
        assert list(data.cell.values) == ["lstm", "gru", "sürpriß"], data.cell
        assert data.dead.dtype == numpy.int64, data.dead.dtype
        assert data.exponent.sel(checkpoint=5).values[1, 3] == 23
        assert data.attrs == {"state": "hidden", "orientation": "forward"}, data.attrs
    with xarray.open_dataset(path, engine=engine) as data:
        assert data.total.dims == () and data.total == -0.5, data.total

with h5py.File(path) as file:
    exponent = file["spectrum/exponent"]
    assert [d.label for d in exponent.dims] == ["", "", ""]
    assert exponent.dims[0][0].name == "/spectrum/checkpoint", exponent.dims[0][0]
    assert exponent.dims[2].keys() != []
    assert isinstance(exponent.attrs["units"], str)
    assert exponent.maxshape == (None, 2, 4), exponent.maxshape
    field = file["ftle/late/field"]
    assert field.shape == (6, 5) and field.chunks is None
    expected = numpy.full((6, 5), numpy.nan)
    expected[2:4, 1:5] = 7
    numpy.testing.assert_array_equal(field[...], expected)
    assert file["spectrum/nothing"].shape == (0,)
