#!/usr/bin/env python3
"""tests/faults/own_network_test.py - `lyap spectrum` on files laid out as PyTorch saves modules."""
import json
import math
import unittest

from program import ProgramTest, npy, numbers, recurrent, safetensors

GATES = {"rnn": 1, "gru": 3, "lstm": 4}
UNITS, INPUTS = 4, 3


class OwnNetwork(ProgramTest):
    def setUp(self):
        super().setUp()
        self.file("x.npy", npy([3, 12, INPUTS], numbers(36 * INPUTS, 7)))

    def spectrum(self, tensors, *words, dtype="F32"):
        self.file("w.safetensors", safetensors(tensors, dtype))
        return json.loads(self.done("spectrum", "w.safetensors", "--inputs", "x.npy", "--json", "-q",
                                    *words))

    def test_every_cell_is_recognised_behind_every_prefix(self):
        for cell, gates in GATES.items():
            plain = self.spectrum(recurrent(gates, UNITS, INPUTS))
            self.assertEqual(plain["settings"]["cell"]["use"], cell)
            self.assertEqual(plain["settings"]["cell"]["with"]["units"], UNITS)
            states = 2 if cell == "lstm" else 1
            self.assertEqual(len(plain["mean"]), states * UNITS)
            self.assertEqual([len(row) for row in plain["per_sequence"]], [states * UNITS] * 3)
            for prefix in ("rnn.", "lstm.", "module.", "module.encoder.rnn."):
                behind = self.spectrum(recurrent(gates, UNITS, INPUTS, prefix=prefix))
                self.assertEqual(behind["per_sequence"], plain["per_sequence"])

    def test_every_float_type_gives_the_numbers_it_holds(self):
        tensors = recurrent(1, UNITS, INPUTS)
        of = [self.spectrum(tensors, dtype=dtype)["per_sequence"]
              for dtype in ("F64", "F32", "F16", "BF16")]
        self.assertEqual(of, [of[0]] * 4)

    def test_layers_and_bias_vectors(self):
        for gates in GATES.values():
            for layers in (1, 2, 3):
                for biases, word in ((("bias_ih", "bias_hh"), "two"), (("bias_ih",), "one"),
                                     ((), "none")):
                    cell = self.spectrum(recurrent(gates, UNITS, INPUTS, layers, "net.", biases)
                                         )["settings"]["cell"]
                    self.assertEqual((cell["layers"], cell["with"]["bias"]), (layers, word))

    def test_layers_as_wide_as_the_input_are_told_apart(self):
        cell = self.spectrum(recurrent(1, INPUTS, INPUTS, 2))["settings"]["cell"]
        self.assertEqual((cell["layers"], cell["with"]["units"]), (2, INPUTS))

    def test_a_readout_and_strangers_are_named_and_change_nothing(self):
        alone = recurrent(4, UNITS, INPUTS, prefix="lstm.")
        more = {**alone, "fc.weight": ([2, UNITS], numbers(2 * UNITS)), "fc.bias": ([2], numbers(2)),
                "norm.running_mean": ([5], numbers(5))}
        self.assertEqual(self.spectrum(alone)["per_sequence"], self.spectrum(more)["per_sequence"])
        told = self.lyap("spectrum", "w.safetensors", "--inputs", "x.npy").stderr
        self.assertIn("recognised lstm, bias two, units 4, 1 layer(s), 3 inputs", told)
        self.assertIn("not part of the recurrent network: fc.bias, fc.weight, norm.running_mean", told)

    def test_a_linear_network_has_the_exponents_of_its_matrix(self):
        scale = [0.75, 0.5, 0.25, 0.125]
        matrix = [scale[i] if i == j else 0.0 for i in range(4) for j in range(4)]
        network = {"rnn.weight_ih_l0": ([4, INPUTS], [0.0] * 12), "rnn.weight_hh_l0": ([4, 4], matrix)}
        self.file("x.npy", npy([2, 6, INPUTS], [0.0] * 36))
        found = self.spectrum(network)
        for mean, factor in zip(found["mean"], scale):
            self.assertAlmostEqual(mean, math.log(factor), delta=1e-14)
        self.assertEqual(found["std"], [0.0] * 4)

    def test_mean_and_deviation_are_those_of_the_sequences(self):
        found = self.spectrum(recurrent(3, UNITS, INPUTS))
        for i, (mean, deviation) in enumerate(zip(found["mean"], found["std"])):
            column = [row[i] for row in found["per_sequence"]]
            middle = sum(column) / 3
            self.assertAlmostEqual(mean, middle, delta=1e-13)
            self.assertAlmostEqual(
                deviation, math.sqrt(sum((v - middle) ** 2 for v in column) / 2), delta=1e-12)

    def test_settings_say_what_was_asked(self):
        words = {"warmup": 2, "steps": 8, "every": 3, "count": 3, "state": "hidden",
                 "orientation": "transposed", "sequences": 2}
        given = [word for key, value in words.items() for word in (f"--{key}", value)]
        settings = self.spectrum(recurrent(4, UNITS, INPUTS), *given)["settings"]
        for key, value in {**words, "unit": "nats/step"}.items():
            self.assertEqual(settings[key], value, key)

    def test_count_gives_the_first_of_all(self):
        tensors = recurrent(4, UNITS, INPUTS)
        every, some = self.spectrum(tensors), self.spectrum(tensors, "--count", "3")
        for whole, part in zip(every["per_sequence"], some["per_sequence"]):
            self.assertEqual(len(part), 3)
            for a, b in zip(whole, part):
                self.assertAlmostEqual(a, b, delta=1e-12)

    def test_every_changes_nothing_but_rounding(self):
        tensors = recurrent(1, UNITS, INPUTS)
        for one, three in zip(self.spectrum(tensors)["mean"],
                              self.spectrum(tensors, "--every", "3")["mean"]):
            self.assertAlmostEqual(one, three, delta=1e-10)

    def test_initial_states_are_used(self):
        tensors = recurrent(4, UNITS, INPUTS, 2)
        self.file("zero.npy", npy([3, 16], [0.0] * 48))
        self.file("h.npy", npy([3, 16], numbers(48, 11)))
        zero = self.spectrum(tensors)["per_sequence"]
        self.assertEqual(self.spectrum(tensors, "--start", "zero.npy")["per_sequence"], zero)
        self.assertNotEqual(self.spectrum(tensors, "--start", "h.npy")["per_sequence"], zero)

    def test_the_printed_pipeline_gives_the_same_numbers(self):
        words = ["--warmup", "2", "--every", "2", "--count", "3"]
        found = self.spectrum(recurrent(3, UNITS, INPUTS), *words)
        pipeline = self.done("spectrum", "w.safetensors", "--inputs", "x.npy", *words,
                             "--print-pipeline")
        self.file("p.yaml", pipeline + "  record: {mean: le.spectrum, all: le.per_sequence}\n")
        record = json.loads(self.done("run", "p.yaml", "--json", "-q", "--out", "out"))["record"]
        self.assertEqual(record["mean"], found["mean"])
        self.assertEqual(record["all"], found["per_sequence"])

    def test_without_inputs_it_says_what_drives_the_network(self):
        self.file("w.safetensors", safetensors(recurrent(1, UNITS, INPUTS)))
        result = self.lyap("spectrum", "w.safetensors", "--steps", "10", "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("no --inputs: the network is driven by standard normal numbers", result.stderr)
        self.assertEqual(len(json.loads(result.stdout)["per_sequence"]), 10)

    def test_activation_is_not_in_the_file_and_must_be_given(self):
        tensors = recurrent(1, UNITS, INPUTS)
        self.assertNotEqual(self.spectrum(tensors)["mean"],
                            self.spectrum(tensors, "--with", "activation=relu")["mean"])


class NotOne(ProgramTest):
    """Files that are no network, or more than one."""

    def refuse(self, tensors, *parts, words=()):
        self.file("w", safetensors(tensors))
        return self.refused(["spectrum", "w", *words, "-q"], 3, "w", *parts)

    def test_nothing_that_fits(self):
        told = self.refuse({"conv.weight": ([2, 3], numbers(6))}, "conv.weight [2, 3]", "--cell")
        self.assertIn("not those of any cell", told)

    def test_the_wrong_cell_is_asked_for(self):
        self.refuse(recurrent(4, UNITS, INPUTS), "cell 'gru'", words=("--cell", "gru"))

    def test_both_directions(self):
        both = recurrent(1, UNITS, INPUTS)
        both.update({name + "_reverse": value for name, value in both.items()})
        self.refuse(both, "_reverse", "bidirectional")

    def test_two_networks_in_one_file(self):
        two = {**recurrent(1, UNITS, INPUTS, prefix="encoder."),
               **recurrent(1, UNITS, INPUTS, prefix="decoder.")}
        self.refuse(two, "encoder", "decoder")

    def test_a_layer_is_missing(self):
        network = recurrent(1, UNITS, INPUTS, 3)
        del network["weight_hh_l1"]
        self.refuse(network, "weight_hh_l2")

    def test_a_number_in_a_name_that_is_no_layer(self):
        network = {**recurrent(1, UNITS, INPUTS), "other_l999999999999": ([1], [0.5])}
        self.file("w", safetensors(network))
        self.done("spectrum", "w", "--steps", "5", "-q")


if __name__ == "__main__":
    unittest.main()
