#!/usr/bin/env python3
"""tests/faults/measures_test.py - finite-time exponents, gradients, alignment and perturbation in
real runs: what is written, what Python opens, what a person sees."""
import json
import struct
import unittest

from program import ProgramTest

try:
    import numpy
    import xarray
except ImportError as missing:  # ./dev test installs them
    raise unittest.SkipTest(str(missing))

PIPELINE = """\
lyap: 1
name: measures
trials:
  task: {use: digits, with: {order: permuted_pixels, pool: 7, train: 100, test: 20}}
  cell: {use: rnn, with: {units: 6}}
  train: {use: bptt, with: {epochs: 1}, checkpoints: every}
  measure:
    - {use: ftle, as: local, at: every,
       with: {sequences: 3, split: test, keep: [q, r_matrix, jacobian, states]}}
    - {use: gradient, as: slope, at: every, with: {sequences: 3}}
    - {use: alignment, as: align, at: every, with: {starts: 2, group: 2, singular: 2}}
    - {use: perturbation, as: flips, at: every,
       with: {sequences: 4, choose: first, counts: [1, 4, 16], draws: 3, picture_count: 4}}
    - {use: perturbation, as: again, at: every, from: {score: flips.r},
       with: {sequences: 4, choose: first, counts: [4], draws: 3}}
    - {use: spectrum, as: le, at: every, with: {sequences: 3, split: test, method: householder}}
  record:
    exponents: local.exponent
    error: slope.state_error
"""


class Measures(ProgramTest):
    def setUp(self):
        super().setUp()
        self.file("measures.yaml", PIPELINE)
        self.output = self.done("run", "measures.yaml", "-q", "--out", "out")
        (self.folder,) = (self.here / "out").iterdir()

    def group(self, name, file="spectra.h5"):
        with xarray.open_dataset(self.folder / file, group=name) as data:
            return data.load()

    def test_what_one_run_leaves_behind(self):
        with self.subTest("large fields have a file for each checkpoint"):
            names = sorted(path.name for path in (self.folder / "fields").iterdir())
            self.assertEqual(names, ["local_epoch-0000.h5", "local_epoch-0001.h5",
                                     "slope_epoch-0000.h5", "slope_epoch-0001.h5"])

        with self.subTest("Q, R and J of every step belong together"):
            local = self.group("local", "fields/local_epoch-0001.h5")
            q, r, jacobian = (local[name].values for name in ("q", "r_matrix", "jacobian"))
            self.assertEqual(q.shape, (3, 16, 6, 6))
            self.assertTrue(numpy.isfinite(q).all())
            for sequence in range(3):
                before = numpy.eye(6)
                for step in range(16):
                    numpy.testing.assert_allclose(q[sequence, step] @ r[sequence, step],
                                                  jacobian[sequence, step] @ before, atol=1e-13)
                    before = q[sequence, step]
            exponents = numpy.log(local.r.values).cumsum(1) / numpy.arange(1, 17)[:, None]
            numpy.testing.assert_allclose(local.exponent.values, exponents, atol=1e-12)

        with self.subTest("the last finite-time exponents are the spectrum"):
            spectrum = self.group("le").per_sequence.sel(checkpoint=1).values
            numpy.testing.assert_allclose(local.exponent.values[:, -1], spectrum, atol=1e-12)

        with self.subTest("small results have all checkpoints, coordinates none"):
            flips = self.group("flips")
            self.assertEqual(flips.difference.dims, ("checkpoint", "order", "sequence", "count"))
            self.assertEqual(list(flips["count"].values), [1, 4, 16])
            self.assertEqual(list(flips.checkpoint.values), [0, 1])
            self.assertEqual(self.group("local").attrs["in_fields"].split(", ")[:2],
                             ["exponent", "r"])

        with self.subTest("an ordering may come from another measure"):
            given, own = self.group("again").difference, flips.difference.sel(count=4)
            score, by_r = 3, 0
            numpy.testing.assert_array_equal(given.values[:, score, :, 0], own.values[:, by_r])

        with self.subTest("flipped images are pictures"):
            png = (self.folder / "pictures" / "flips_epoch-0001_pictures.png").read_bytes()
            width, height = struct.unpack(">II", png[16:24])
            # 2 pictures of 4 x 4 points, each as it is, by R values and 4 times at random.
            self.assertEqual((width, height), (6 * (4 * 4 + 4) + 4, 2 * (4 * 4 + 4) + 4))

        with self.subTest("the record says where large results are"):
            record = json.loads((self.folder / "record.json").read_text())
            self.assertEqual(record["exponents"], "fields/local_epoch-0001.h5:local/exponent")
            self.assertLess(max(record["error"]), 1e-12)

        with self.subTest("tables stand below the headline"):
            self.assertRegex(self.output, r"transposed +right +final +0\.\d{3}")
            self.assertIn("steps by r: loss difference beyond that of random steps", self.output)
            self.assertIn("state_error self-check: Q_t v_t = dL/ds_t", self.output)


class Storage(ProgramTest):
    def test_fields_above_what_may_be_stored_are_refused_before_anything_is_trained(self):
        self.file("measures.yaml", PIPELINE)
        words = ["run", "measures.yaml", "-q", "--out", "out", "-s", "trials.measure.local.with.storage=0.01"]
        self.refused(words, 3, "storage", "MB")
        self.assertFalse((self.here / "out").exists())


if __name__ == "__main__":
    unittest.main()
