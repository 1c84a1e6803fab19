#!/usr/bin/env python3
"""tests/faults/training_test.py - every architecture learns the generated digits, with the one word
that names it changed and nothing else, and an LSTM the tasks that need memory."""
import json
import math
import unittest

from program import TINY, ProgramTest

# Variants whose equations differ, not only their numbers.
CELLS = {
    "rnn": [{}, {"activation": "relu"}],
    "lstm": [{}],
    "gru": [{}],
    "asrnn": [{"epsilon": 0.3}, {"epsilon": 0.3, "variant": "gated"}],
    "cornn": [{"dt": 0.4, "gamma": 1, "epsilon": 2}],
    "lipschitz": [{}, {"solver": "midpoint"}, {"gated": True}],
    "noisy": [{}, {"noise": "repository", "epsilon": 0.1}],
    "lem": [{}],
    "rank1": [{"dt": 0.5}],
    "ornn": [{"param": "householder"}, {"param": "factorized"}, {"param": "init"}],
    "nnrnn": [{}],
}

MEMORY = """\
lyap: 1
name: memory
seed: 1
trials:
  task:
    use: adding
    with: {steps: 10, train: 1000, validation: 200}
  cell:
    use: lstm
    with: {units: 16}
  train:
    use: bptt
    with: {epochs: 12, batch: 25, learning_rate: 0.02, clip: 1}
"""


class Training(ProgramTest):
    def run_of(self, cell, options):
        settings = [word for name, value in options.items()
                    for word in ("-s", f"trials.cell.with.{name}={json.dumps(value).strip(chr(34))}")]
        # The default of a ReLU network this small lets its activity and its gradients die out.
        if options.get("activation") == "relu":
            settings += ["-s", "trials.cell.init.weight_hh=orthogonal"]
        return self.run_in("runs", "-s", f"trials.cell.use={cell}", "-s", "trials.cell.with.units=16",
                           "-s", "trials.task.with.train=800", "-s", "trials.train.with.dropout=0",
                           *settings)

    def figures(self, folder, name):
        lines = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
        return [line[name] for line in lines if name in line]

    def losses(self, folder):
        return self.figures(folder, "validation_loss")

    def test_every_architecture_learns_the_generated_digits(self):
        self.file("tiny.yaml", TINY)
        listed = json.loads(self.done("plugins", "--json"))
        for cell in (p["id"] for p in listed["plugins"] if p["kind"] == "cell"):
            for options in CELLS[cell]:
                with self.subTest(cell=cell, **options):
                    folder = self.run_of(cell, options)
                    losses = self.losses(folder)
                    self.assertEqual(len(losses), 5)
                    self.assertLess(losses[-1], 0.93 * losses[0])
                    folder.rename(self.here / f"done-{cell}-{len(list(self.here.iterdir()))}")

    def test_adding_is_learned_far_below_always_saying_one(self):
        self.file("tiny.yaml", MEMORY)
        folder = self.run_in("runs")
        baseline = self.figures(folder, "validation_baseline")[-1]
        self.assertAlmostEqual(baseline, 1 / 6, delta=5 * (0.039 / 200) ** 0.5)
        self.assertGreater(self.losses(folder)[0], baseline)
        self.assertLess(self.losses(folder)[-1], 0.1 * baseline)

    def test_copy_is_learned_far_below_guessing(self):
        self.file("tiny.yaml", MEMORY)
        folder = self.run_in("runs", "-s", "trials.task.use=copy", "-s",
                             "trials.task.with={blanks: 3, symbols: 2, alphabet: 4, train: 1000, "
                             "validation: 200}")
        guessing = 2 * math.log(4) / 7
        self.assertGreater(self.losses(folder)[0], guessing)
        self.assertLess(self.losses(folder)[-1], 0.1 * guessing)
        self.assertGreater(self.figures(folder, "validation_recall")[-1], 0.98)


if __name__ == "__main__":
    unittest.main()
