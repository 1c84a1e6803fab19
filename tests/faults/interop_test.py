#!/usr/bin/env python3
"""tests/faults/interop_test.py - what data/docs/interop.md shows works, and gives the same numbers."""
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import unittest
import zipfile

from program import PROGRAM, ProgramTest, npy, numbers, recurrent, safetensors, tensors_of

try:
    import h5py
    import numpy
    import pandas
    import xarray
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(0)
try:
    import torch
except ImportError:
    torch = None

DOC = pathlib.Path(__file__).resolve().parents[2] / "data/docs/interop.md"
BLOCKS = re.findall(r"```(python|bash)\n(.*?)```", DOC.read_text(), re.S)
UNITS, INPUTS, OUTPUTS = 6, 3, 2

PIPELINE = """\
lyap: 1
name: lstm
trials:
  task: {use: arrays, with: {inputs: in.npy, targets: out.npy, fractions: [0.5, 0.5]}}
  cell: {use: CELL, layers: LAYERS, with: {units: 6, bias: BIAS}}
  train: {use: bptt, with: {epochs: 2, batch: 5}, checkpoints: every}
  measure: [{use: spectrum, as: le, at: every, with: {sequences: 3}}]
  record: {spectrum: le.spectrum}
"""


class Interop(ProgramTest):
    def make_run(self, cell="lstm", bias="two", layers=1):
        """A run in runs/lstm, on sequences that are kept as self.inputs and self.targets."""
        self.inputs = numpy.array(numbers(20 * 9 * INPUTS, 3)).reshape(20, 9, INPUTS)
        self.targets = numpy.array(numbers(20 * 9 * OUTPUTS, 5)).reshape(20, 9, OUTPUTS)
        self.file("in.npy", npy(self.inputs.shape, self.inputs.ravel()))
        self.file("out.npy", npy(self.targets.shape, self.targets.ravel()))
        self.file("p.yaml", PIPELINE.replace("CELL", cell).replace("BIAS", bias)
                  .replace("LAYERS", str(layers)))
        self.done("run", "p.yaml", "-q", "--out", "runs")
        self.only_run("runs").rename(self.here / "runs/lstm")

    def best_loss(self):
        """Of the epoch whose weights training ended with (`restore_best`)."""
        lines = (self.here / "runs/lstm/metrics.jsonl").read_text().splitlines()
        return min(json.loads(line)["validation_loss"] for line in lines)

    def follow(self, *marks):
        """Carries out the blocks of the document that hold one of the marks, in its order."""
        scope = {"print": lambda *_: None}
        for language, text in BLOCKS:
            if not any(mark in text for mark in marks):
                continue
            if language == "python":
                exec(compile(text, str(DOC), "exec"), scope)
            else:
                for line in text.splitlines():
                    command = line.split(" #")[0].replace("lyap ", shlex.quote(PROGRAM) + " ", 1)
                    subprocess.run(command, shell=True, check=True, cwd=self.here,
                                   env=self.environment(), stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        return scope

    def setUp(self):
        super().setUp()
        before = os.getcwd()
        os.chdir(self.here)
        self.addCleanup(os.chdir, before)

    def test_results_are_the_same_in_xarray_h5py_numpy_and_pandas(self):
        self.make_run()
        in_xarray = self.follow("import xarray")["le"]
        in_h5py = self.follow("import h5py")["le"]
        scope = self.follow("--to csv", "import pandas")
        in_numpy = self.follow("--to npz", "numpy.load")["results"]
        spectrum = in_h5py["spectrum"][:]
        self.assertEqual(spectrum.shape, (3, 2 * UNITS))
        self.assertEqual(in_xarray.spectrum.dims, ("checkpoint", "index"))
        self.assertEqual(in_xarray.spectrum.units, "nats/step")
        numpy.testing.assert_array_equal(in_xarray.spectrum.values, spectrum)
        numpy.testing.assert_array_equal(in_numpy["le.spectrum"], spectrum)
        numpy.testing.assert_allclose(scope["spectra"].values, spectrum, rtol=1e-15)
        self.assertEqual(list(scope["spectra"].index), [0, 1, 2])
        self.assertEqual(len(scope["losses"]), 3)

    def test_every_array_is_exported(self):
        self.make_run()
        arrays = {}
        with h5py.File("runs/lstm/spectra.h5") as results:
            results.visititems(lambda name, item: arrays.update({name: item[()]})
                               if isinstance(item, h5py.Dataset) and not item.attrs.get("NAME", b"")
                               .startswith(b"This is a netCDF dimension but") else None)
        self.done("export", "runs/lstm/spectra.h5", "--to", "npz", "--out", "all.npz")
        exported = numpy.load("all.npz")
        self.assertEqual(sorted(exported), sorted(name.replace("/", ".") for name in arrays))
        for name, array in arrays.items():
            numpy.testing.assert_array_equal(exported[name.replace("/", ".")], array)
        self.done("export", "runs/lstm", "--to", "csv", "--out", "all")
        for path in (self.here / "all").iterdir():
            table = pandas.read_csv(path, float_precision="round_trip")
            numpy.testing.assert_array_equal(table.iloc[:, -1].values,
                                             exported[path.stem].ravel(), err_msg=path.name)

    def test_a_table_of_networks_with_words_and_texts(self):
        self.make_run()
        self.file("s.yaml", PIPELINE.replace("CELL", "$cell").replace("BIAS", "two")
                  .replace("LAYERS", "1").replace("trials:\n", "trials:\n  sweep: {cell: [rnn, gru]}\n")
                  .replace("record: {", "record: {cell: $cell, "))
        self.done("sweep", "run", "s.yaml", "-q", "--out", "sweeps")
        folder = self.only_run("sweeps")
        self.done("export", folder, "--to", "csv", "--out", "csv")
        points = pandas.read_csv("csv/point.csv").point
        self.assertEqual(list(points), list(pandas.read_csv(folder / "trials.csv").point))
        self.assertEqual(list(pandas.read_csv("csv/cell.csv").cell), ["rnn", "gru"])
        self.done("export", folder, "--to", "npz", "--out", "t.npz")
        self.assertEqual(list(numpy.load("t.npz")["point"]), list(points))

    def test_a_checkpoint_is_read_without_a_package(self):
        self.make_run()
        load = self.follow("def load_safetensors")["load_safetensors"]
        path = "runs/lstm/checkpoints/final.safetensors"
        read, truth = load(path), tensors_of(pathlib.Path(path).read_bytes())
        self.assertEqual({n: a.tobytes() for n, a in read.items()}, {n: t[2] for n, t in truth.items()})
        self.done("export", path, "--to", "npz", "--out", "w.npz")
        for name, array in numpy.load("w.npz").items():
            numpy.testing.assert_array_equal(array, read[name])

    @unittest.skipUnless(torch, "no torch here")
    def test_our_network_gives_the_same_loss_in_pytorch(self):
        self.make_run()
        scope = self.follow("--to pytorch", "torch.load")
        x, y = (torch.as_tensor(a[10:]).float().transpose(0, 1) for a in (self.inputs, self.targets))
        net = scope["net"]
        loss = torch.nn.functional.mse_loss(net["readout"](net["cell"](x)[0]), y).item()
        self.assertAlmostEqual(loss, self.best_loss(), delta=1e-6 * loss)
        self.done("export", "runs/lstm", "--to", "pytorch", "--epoch", "0", "--out", "first.pt")
        kept = tensors_of((self.here / "runs/lstm/checkpoints/epoch-0000.safetensors").read_bytes())
        self.assertEqual({n: t.numpy().tobytes() for n, t in torch.load("first.pt").items()},
                         {n: t[2] for n, t in kept.items()})

    @unittest.skipUnless(torch, "no torch here")
    def test_cells_layers_and_biases_fit_their_modules(self):
        modules = {"rnn": torch.nn.RNN, "gru": torch.nn.GRU, "lstm": torch.nn.LSTM}
        for cell, bias, layers in (("rnn", "one", 2), ("gru", "none", 1), ("gru", "one", 1), ("lstm", "two", 3)):
            with self.subTest(cell=cell, bias=bias, layers=layers):
                self.setUp()
                self.make_run(cell, bias, layers)
                self.done("export", "runs/lstm", "--to", "pytorch", "-o", "n.pt")
                net = torch.nn.ModuleDict({"cell": modules[cell](INPUTS, UNITS, layers, bias != "none"),
                                           "readout": torch.nn.Linear(UNITS, OUTPUTS)})
                net.load_state_dict(torch.load("n.pt"))
                x, y = (torch.as_tensor(a[10:]).float().transpose(0, 1) for a in (self.inputs, self.targets))
                loss = torch.nn.functional.mse_loss(net["readout"](net["cell"](x)[0]), y).item()
                self.assertAlmostEqual(loss, self.best_loss(), delta=1e-6 * loss)

    @unittest.skipUnless(torch, "no torch here")
    def test_a_pytorch_network_has_the_spectrum_that_autograd_gives(self):
        scope = self.follow("def save_safetensors", "torch.nn.LSTM(3, 5)", "lyap spectrum",
                            "json.load(file)")
        net = scope["net"].float().double()  # what the file holds: rounded to float32
        found = json.loads((self.here / "spectrum.json").read_text())
        for sequence, exponents in zip(numpy.load("x.npy"), found["per_sequence"]):
            truth = by_autograd(net, torch.as_tensor(sequence), 10)
            numpy.testing.assert_allclose(exponents, truth, atol=1e-9)

    def test_every_dtype_and_shape_arrives(self):
        for dtype in ("F64", "F32", "F16", "BF16"):
            self.file("w.safetensors", safetensors({"one": ([], [0.5]), "none": ([0, 3], []),
                                                    "m": ([2, 3], numbers(6))}, dtype))
            self.done("export", "w.safetensors", "--to", "npz")
            read = numpy.load("w.npz")
            self.assertEqual(read["m"].tolist(), numpy.reshape(numbers(6), (2, 3)).tolist())
            self.assertEqual((read["one"].shape, read["one"][()], read["none"].shape), ((), 0.5, (0, 3)))
            self.done("export", "w.safetensors", "--to", "pytorch")
            self.assertIsNone(zipfile.ZipFile("w.pt").testzip())
            if torch:
                state = torch.load("w.pt")
                self.assertEqual(state["m"].double().tolist(), read["m"].tolist())
                self.assertEqual((state["one"].item(), tuple(state["none"].shape)), (0.5, (0, 3)))

    def test_what_cannot_be_exported_is_said(self):
        self.file("w.safetensors", safetensors(recurrent(1, 4, 3)))
        self.file("bad.h5", b"no")
        (self.here / "empty").mkdir()
        self.refused(["export", "w.safetensors"], 2, "--to is needed: pytorch, npz or csv")
        self.refused(["export", "w.safetensors", "--to", "onnx"], 2, "not 'onnx'")
        self.refused(["export", "w.safetensors", "--to", "csv"], 3, "weights are not exported to CSV")
        self.refused(["export", "nothing", "--to", "csv"], 3, "there is no 'nothing'")
        self.refused(["export", "bad.h5", "--to", "npz"], 3, "'bad.h5' is not an HDF5 file that can be read")
        self.refused(["export", "empty", "--to", "npz"], 3, "'empty' has no spectra.h5")
        self.refused(["export", "empty", "--to", "pytorch"], 3, "empty")
        self.refused(["export", "w.safetensors", "--to", "npz", "--epoch", "1"], 2, "--epoch goes with")


def by_autograd(net, inputs, warmup):
    """Benettin's exponents of (h, c) under one sequence, with PyTorch's Jacobians."""
    units = net.hidden_size
    state, q, sums = torch.zeros(2 * units).double(), torch.eye(2 * units).double(), 0
    for t, x in enumerate(inputs):
        def step(s):
            h, c = s[:units].reshape(1, 1, -1), s[units:].reshape(1, 1, -1)
            _, (h, c) = net(x.reshape(1, 1, -1), (h, c))
            return torch.cat([h.ravel(), c.ravel()])
        q, r = torch.linalg.qr(torch.autograd.functional.jacobian(step, state) @ q)
        state = step(state).detach()
        if t >= warmup:
            sums = sums + torch.log(torch.abs(torch.diagonal(r)))
    return (sums / (len(inputs) - warmup)).numpy()


if __name__ == "__main__":
    unittest.main()
