#!/usr/bin/env python3
"""tests/faults/repositories_test.py - networks laid out as other repositories save them have the
spectra of the same networks laid out as ours."""
import json
import unittest

from program import ProgramTest, npy, numbers, safetensors

N, I = 4, 3


def matrix(rows, cols, seed):
    return [rows, cols], numbers(rows * cols, seed)


def vector(rows, seed):
    return [rows], numbers(rows, seed)


def transposed(tensor):
    (rows, cols), values = tensor
    return [cols, rows], [values[i * cols + j] for j in range(cols) for i in range(rows)]


def beside(*tensors):
    """Matrices side by side."""
    rows = tensors[0][0][0]
    values = []
    for i in range(rows):
        for (_, cols), numbers_of in tensors:
            values += numbers_of[i * cols:(i + 1) * cols]
    return [rows, sum(shape[1] for shape, _ in tensors)], values


def total(*tensors):
    return tensors[0][0], [sum(column) for column in zip(*(values for _, values in tensors))]


class Repositories(ProgramTest):
    def setUp(self):
        super().setUp()
        self.file("x.npy", npy([3, 12, I], numbers(36 * I, 7)))

    def spectrum(self, tensors, *words):
        self.file("w.safetensors", safetensors(tensors, "F64"))
        found = json.loads(self.done("spectrum", "w.safetensors", "--inputs", "x.npy", "--json", "-q",
                                     *words))
        return found["settings"]["cell"]["use"], found["per_sequence"]

    def check(self, cell, ours, theirs, options, words):
        options = [word for option in options for word in ("--with", option)]
        expected = self.spectrum(ours, "--cell", cell, *options)
        self.assertEqual(self.spectrum(theirs, *options, *words), expected)
        self.assertEqual(expected[0], cell)
        self.assertLess(min(map(min, expected[1])), max(map(max, expected[1])))

    def test_cornn_of_one_linear_layer(self):
        V, W_z, W_y, b = matrix(N, I, 1), matrix(N, N, 2), matrix(N, N, 3), vector(N, 4)
        self.check("cornn", {"weight_ih": V, "weight_z": W_z, "weight_y": W_y, "bias": b},
                   {"cell.i2h.weight": beside(V, W_z, W_y), "cell.i2h.bias": b,
                    "readout.weight": matrix(2, N, 5)}, ["dt=0.3"],
                   ["--tensor", f"weight_ih=cell.i2h.weight[:, 0:{I}]",
                    "--tensor", f"weight_z=cell.i2h.weight[:, {I}:{I + N}]",
                    "--tensor", f"weight_y=cell.i2h.weight[:, {I + N}:]",
                    "--tensor", "bias=cell.i2h.bias"])

    def test_cornn_of_three_linear_layers(self):
        V, W_z, W_y = matrix(N, I, 1), matrix(N, N, 2), matrix(N, N, 3)
        biases = [vector(N, seed) for seed in (4, 5, 6)]
        self.check("cornn", {"weight_ih": V, "weight_z": W_z, "weight_y": W_y, "bias": total(*biases)},
                   {"V.weight": V, "wz.weight": W_z, "wy.weight": W_y, "V.bias": biases[0],
                    "wz.bias": biases[1], "wy.bias": biases[2]}, [],
                   ["--tensor", "weight_ih=V.weight", "--tensor", "weight_z=wz.weight",
                    "--tensor", "weight_y=wy.weight", "--tensor", "bias=V.bias + wz.bias + wy.bias"])

    def test_lem(self):
        ours = {"inp2hid.weight": matrix(4 * N, I, 1), "inp2hid.bias": vector(4 * N, 2),
                "hid2hid.weight": matrix(3 * N, N, 3), "hid2hid.bias": vector(3 * N, 4),
                "transform_z.weight": matrix(N, N, 5), "transform_z.bias": vector(N, 6)}
        theirs = {"cell." + name: tensor for name, tensor in ours.items()}
        theirs["classifier.weight"] = matrix(2, N, 7)
        self.check("lem", ours, theirs, ["dt=0.21"], [])

    def test_antisymmetric_rnn_of_rows(self):
        W, V, b = matrix(N, N, 1), matrix(N, I, 2), vector(N, 3)
        self.check("asrnn", {"weight_W": transposed(W), "weight_ih": V, "bias": b},
                   {"weight_W_l0": transposed(W), "weight_ih_l0.weight": V, "weight_ih_l0.bias": b},
                   ["product=row", "epsilon=0.5"],
                   ["--cell", "asrnn", "--tensor", "weight_ih=weight_ih_l0.weight",
                    "--tensor", "bias=weight_ih_l0.bias"])

    def test_rows_are_columns_of_the_transpose(self):
        W, V, b = matrix(N, N, 1), matrix(N, I, 2), vector(N, 3)
        by_row = self.spectrum({"weight_W": W, "weight_ih": V, "bias": b}, "--cell", "asrnn",
                               "--with", "product=row")
        by_column = self.spectrum({"weight_W": transposed(W), "weight_ih": V, "bias": b}, "--cell",
                                  "asrnn")
        made = self.spectrum({"weight_W": W, "weight_ih": V, "bias": b}, "--cell", "asrnn",
                             "--tensor", "weight_W=weight_W^T")
        for one, other in zip(sum(by_row[1], []), sum(by_column[1], [])):
            self.assertAlmostEqual(one, other, delta=1e-14)
        self.assertEqual(made, by_column)

    def lipschitz(self, gated):
        ours = {"B": matrix(N, N, 1), "C": matrix(N, N, 2), "E_in": matrix(N, I, 3),
                "b_in": vector(N, 4)}
        theirs = {"B": ours["B"], "C": ours["C"], "E.weight": ours["E_in"], "E.bias": ours["b_in"],
                  "D.weight": matrix(2, N, 5), "D.bias": vector(2, 6)}
        words = ["--tensor", "E_in=E.weight", "--tensor", "b_in=E.bias"]
        if gated:
            ours.update({"E_g": matrix(N, I, 7), "b_g": vector(N, 8)})
            theirs.update({"E_gate.weight": ours["E_g"], "E_gate.bias": ours["b_g"]})
            words += ["--tensor", "E_g=E_gate.weight", "--tensor", "b_g=E_gate.bias"]
        return ours, theirs, words

    def test_lipschitz_rnn(self):
        for gated in (False, True):
            ours, theirs, words = self.lipschitz(gated)
            self.check("lipschitz", ours, theirs,
                       ["product=row", "epsilon=0.5", f"gated={str(gated).lower()}"],
                       ["--cell", "lipschitz", *words])

    def test_noisy_rnn_with_its_learned_step(self):
        ours, theirs, words = self.lipschitz(False)
        ours["d"] = theirs["d"] = [N], [0.25, 0.5, 0.75, 1.0]
        self.check("noisy", ours, theirs, ["product=row", "noise=repository"],
                   ["--cell", "noisy", *words])

    def test_tensors_decide_between_the_forms_of_a_cell(self):
        plain = {"weight_W": matrix(N, N, 1), "weight_ih": matrix(N, I, 2), "bias": vector(N, 3)}
        gate = {"weight_iz": matrix(N, I, 4), "bias_z": vector(N, 5)}
        square = {"weight_ih": matrix(N, I, 2), "bias": vector(N, 3)}
        for tensors, cell, form in (
                (plain, "asrnn", {"variant": "plain"}), ({**plain, **gate}, "asrnn", {"variant": "gated"}),
                (self.lipschitz(True)[0], "lipschitz", {"gated": True}),
                ({**square, "weight_hh": matrix(N, N, 1)}, "ornn", {"param": "init", "start": "zero"}),
                ({**square, "U": matrix(N, N, 1), "start": vector(N, 6)}, "ornn",
                 {"param": "householder", "start": "learned"})):
            self.file("w.safetensors", safetensors(tensors, "F64"))
            found = json.loads(self.done("spectrum", "w.safetensors", "--inputs", "x.npy", "--json",
                                         "-q"))["settings"]["cell"]
            self.assertEqual(found["use"], cell)
            self.assertEqual({name: found["with"][name] for name in form}, form)

    def test_mistakes_in_an_expression_are_told_before_anything_is_done(self):
        self.file("w.safetensors", safetensors({"W": matrix(N, N, 1)}, "F64"))
        self.refused(["spectrum", "w.safetensors", "--tensor", "weight_hh=V"], 3,
                     "w.safetensors: tensor 'V', character 2: the file has no tensor 'V'")
        self.refused(["spectrum", "w.safetensors", "--tensor", "weight_hh"], 2,
                     "--tensor takes NAME=VALUE, as in --tensor 'weight_ih=i2h.weight[:, 0:28]', not "
                     "'weight_hh'")


if __name__ == "__main__":
    unittest.main()
