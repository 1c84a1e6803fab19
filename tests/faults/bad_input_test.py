#!/usr/bin/env python3
"""tests/faults/bad_input_test.py - what bad input gets: one sentence, an exit code, and no file."""
import gzip
import math
import os
import shutil
import struct
import subprocess
import unittest

from program import PROGRAM, TINY, ProgramTest, npy, numbers, recurrent, safetensors

BAD_INPUT, USAGE, FAILED = 3, 2, 1


class Weights(ProgramTest):
    """Files that `lyap spectrum` is given as weights."""

    GOOD = safetensors(recurrent(1, 3, 2))

    def test_no_such_file(self):
        self.refused(["spectrum", "gone.safetensors"], BAD_INPUT, "gone.safetensors")

    def test_a_folder(self):
        (self.here / "folder").mkdir()
        self.refused(["spectrum", "folder"], BAD_INPUT, "folder", "directory")

    def test_an_empty_file(self):
        self.file("w", b"")
        self.refused(["spectrum", "w"], BAD_INPUT, "'w'", "empty")

    def test_every_way_of_cutting_it_short(self):
        for length in [1, 7, 8, 9, 100, len(self.GOOD) - 1]:
            with self.subTest(length=length):
                self.file("w", self.GOOD[:length])
                self.refused(["spectrum", "w"], BAD_INPUT, "w")

    def test_not_a_number(self):
        for bad in (math.nan, math.inf, -math.inf):
            tensors = recurrent(1, 3, 2)
            tensors["weight_hh_l0"][1][4] = bad
            self.file("w", safetensors(tensors))
            self.refused(["spectrum", "w", "-q"], BAD_INPUT, "weight_hh_l0", "not finite")

    def test_a_shape_that_no_layer_has(self):
        tensors = recurrent(1, 3, 2)
        tensors["weight_hh_l0"] = ([3, 4], numbers(12))
        self.file("w", safetensors(tensors))
        self.refused(["spectrum", "w"], BAD_INPUT, "w")

    def test_nothing_recurrent(self):
        self.file("w", safetensors({"fc.weight": ([2, 3], numbers(6))}))
        self.refused(["spectrum", "w"], BAD_INPUT, "w", "fc.weight")

    def test_weights_of_a_pipeline_that_do_not_fit(self):
        self.file("w", safetensors({**recurrent(4, 5, 28), "fc.weight": ([10, 6], numbers(60)),
                                    "fc.bias": ([10], numbers(10))}))
        self.file("tiny.yaml", TINY)
        self.refused(["run", "tiny.yaml", "-q", "--out", "out", "-s", "trials.cell.weights.file=w"],
                     BAD_INPUT, "w", "weight_ih_l0")

    def test_unreadable_words(self):
        self.file("w", self.GOOD)
        self.refused(["spectrum", "w", "--with", "activation"], USAGE, "--with", "NAME=VALUE")
        self.refused(["spectrum", "w", "--with", "activation=sine"], BAD_INPUT, "sine", "relu")
        self.refused(["spectrum", "w", "--with", "activaton=relu"], BAD_INPUT, "activaton",
                     "did you mean 'activation'")
        self.refused(["spectrum", "w", "--cell", "rn"], BAD_INPUT, "'rn'", "did you mean 'rnn'")
        self.refused(["spectrum", "w", "--every", "0", "-q"], BAD_INPUT, "every")
        self.refused(["spectrum", "w", "--state", "hiden", "-q"], BAD_INPUT, "hiden", "hidden")
        self.refused(["spectrum", "w", "--count", "-1", "-q"], BAD_INPUT, "count")
        self.refused(["spectrum", "w", "--count", "99", "-q"], BAD_INPUT, "99", "3")
        self.refused(["spectrum", "w", "--steps", "many"], USAGE, "many", "steps")


class Inputs(ProgramTest):
    """Files that `lyap spectrum` is given as inputs and initial states."""

    def setUp(self):
        super().setUp()
        self.file("w", safetensors(recurrent(1, 3, 2)))
        self.words = ["spectrum", "w", "--inputs", "x.npy", "-q"]

    def refuse(self, content, *parts):
        self.file("x.npy", content)
        self.refused(self.words, BAD_INPUT, "x.npy", *parts)

    def test_no_such_file(self):
        self.refused(self.words, BAD_INPUT, "x.npy")

    def test_a_folder(self):
        (self.here / "x.npy").mkdir()
        self.refused(self.words, BAD_INPUT, "x.npy", "directory")

    def test_no_array(self):
        good = npy([2, 5, 2], numbers(20))
        self.refuse(b"")
        self.refuse(b"1 2 3\n")
        for length in (3, 9, 40, len(good) - 1):
            self.refuse(good[:length])

    def test_not_a_number(self):
        for bad in (math.nan, math.inf):
            values = numbers(20)
            values[7] = bad
            self.refuse(npy([2, 5, 2], values), "not finite")

    def test_shapes(self):
        self.refuse(npy([2, 5, 3], numbers(30)))
        self.refuse(npy([10], numbers(10)))
        self.refuse(npy([0, 5, 2], []))
        self.refuse(npy([2, 0, 2], []))

    def test_more_steps_than_there_are(self):
        self.file("x.npy", npy([2, 5, 2], numbers(20)))
        self.refused([*self.words, "--steps", "9"], BAD_INPUT, "9", "5")
        self.refused([*self.words, "--warmup", "5"], BAD_INPUT, "5")

    def test_initial_states(self):
        self.file("x.npy", npy([2, 5, 2], numbers(20)))
        words = [*self.words, "--start", "h.npy"]
        self.refused(words, BAD_INPUT, "h.npy")
        for shape in ([2, 4], [7], [1, 2, 3]):
            count = 1
            for extent in shape:
                count *= extent
            self.file("h.npy", npy(shape, numbers(count)))
            self.refused(words, BAD_INPUT, "h.npy")
        self.file("h.npy", npy([2, 3], [math.nan] * 6))
        self.refused(words, BAD_INPUT, "h.npy", "NaN")


class Data(ProgramTest):
    """Data sets that a pipeline asks for."""

    def setUp(self):
        super().setUp()
        self.file("tiny.yaml", TINY)

    def refuse(self, settings, *parts):
        words = [word for setting in settings for word in ("-s", setting)]
        return self.refused(["run", "tiny.yaml", "-q", "--out", "out", "--data", "data", *words],
                            BAD_INPUT, *parts)

    def images(self, count=3):
        """The four IDX files of a data set of `count` images for training and for testing."""
        pixels = struct.pack(">4I", 0x803, count, 28, 28) + bytes(784 * count)
        labels = struct.pack(">2I", 0x801, count) + bytes(count)
        for part in ("train", "t10k"):
            self.file(f"data/mnist/{part}-images-idx3-ubyte.gz", gzip.compress(pixels))
            self.file(f"data/mnist/{part}-labels-idx1-ubyte.gz", gzip.compress(labels))

    SMNIST = ["trials.task.use=smnist", "trials.task.with={}"]

    def test_images(self):
        name = "train-images-idx3-ubyte"
        (self.here / "data").mkdir()
        self.refuse(self.SMNIST, "train-images-idx3-ubyte")
        self.images()
        packed = self.here / f"data/mnist/{name}.gz"
        whole = packed.read_bytes()
        for bad in (b"", whole[:5], whole[:-9], gzip.compress(b"\0\0\x08\x03\0"),
                    gzip.compress(b"some text that is no image"),
                    gzip.compress(gzip.decompress(whole)[:-1]), whole[:20] + b"\xff" * 20):
            packed.write_bytes(bad)
            self.refuse(self.SMNIST, name)
        packed.unlink()
        packed.mkdir()
        self.refuse(self.SMNIST, name)

    def test_labels_of_other_images(self):
        self.images()
        self.file("data/mnist/train-labels-idx1-ubyte.gz",
                  gzip.compress(struct.pack(">2I", 0x801, 2) + bytes(2)))
        self.refuse(self.SMNIST, "train-labels", "2", "3")

    def test_text(self):
        text = ["trials.task.use=char_rnn", "trials.task.with={text: t.txt}"]
        self.refuse(text, "t.txt")
        self.file("t.txt", b"")
        self.refuse(text, "t.txt", "empty")
        self.file("t.txt", b"only a few characters")
        self.refuse(text, "t.txt")
        self.file("t.txt", b"abc \xff\xfe def" * 100)
        self.refuse(text, "t.txt", "UTF-8")
        (self.here / "t.txt").unlink()
        (self.here / "t.txt").mkdir()
        self.refuse(text, "t.txt")

    def test_arrays(self):
        arrays = ["trials.task.use=arrays", "trials.task.with={inputs: x.npy, targets: y.npy}"]
        self.file("x.npy", npy([10, 4, 2], numbers(80)))
        self.refuse(arrays, "y.npy")
        self.file("y.npy", npy([9, 4, 2], numbers(72)))
        self.refuse(arrays, "y.npy", "9", "10")
        values = numbers(80)
        values[3] = math.nan
        self.file("y.npy", npy([10, 4, 2], values))
        self.refuse(arrays, "y.npy", "not finite")


class Pipelines(ProgramTest):
    """Mistakes in a pipeline are told with their places, all at once."""

    def refuse(self, text, *parts):
        self.file("p.yaml", text)
        for command in (["run", "p.yaml", "-q", "--out", "out"], ["plan", "p.yaml"]):
            before = self.everything()
            result = self.lyap(*command)
            self.assertEqual(result.returncode, BAD_INPUT, result.stderr)
            self.assertEqual(result.stdout, "")
            for part in parts:
                self.assertIn(part, result.stderr)
            self.assertNotIn("mistake in lyap", result.stderr)
            self.assertEqual(self.everything(), before)
        return result.stderr

    def test_mistakes_have_a_place_and_a_remedy(self):
        self.refuse(TINY.replace("units: 6", "unit: 6"), "p.yaml:10:", "did you mean 'units'")
        self.refuse(TINY.replace("use: lstm", "use: lsmt"), "p.yaml:9:", "did you mean 'lstm'")
        self.refuse(TINY.replace("units: 6", "units: 0"), "p.yaml:10:", "1", "8192")
        self.refuse(TINY.replace("learning_rate: 0.01", "learning_rate: 1e6"), "p.yaml:13:", "1000")
        self.refuse(TINY.replace("learning_rate: 0.01", "learning_rate: fast"), "p.yaml:13:", "fast")
        self.refuse(TINY.replace("seed: 3", "seed: 3\nseed: 4"), "p.yaml:4:", "seed")
        self.refuse(TINY.replace("epochs: 4", "epochs: 4, epochs: 5"), "p.yaml:13:", "epochs")
        self.refuse(TINY.replace("le.spectrum", "le.spectrom"), "p.yaml:22:", "spectrum")

    def test_two_mistakes_are_told_together(self):
        told = self.refuse(TINY.replace("units: 6", "unit: 6").replace("clip: 1.0", "clip: -1"),
                           "p.yaml:10:", "p.yaml:13:", "units", "clip")
        self.assertLess(told.index("p.yaml:10:"), told.index("p.yaml:13:"))

    def test_no_pipeline_at_all(self):
        self.refuse("", "p.yaml")
        self.refuse("a: [1, 2\nb: 3\n", "p.yaml")
        self.refuse("\x00\x01\x02", "p.yaml")
        self.refuse("- 1\n- 2\n", "p.yaml")
        self.refused(["run", "gone.yaml", "-q"], BAD_INPUT, "gone.yaml")
        (self.here / "folder.yaml").mkdir()
        self.refused(["run", "folder.yaml", "-q"], BAD_INPUT, "folder.yaml")

    def test_what_the_command_line_sets(self):
        self.file("p.yaml", TINY + "presets:\n  desk: {seed: 5}\n")
        run = ["run", "p.yaml", "-q", "--out", "out"]
        for words, parts in {("--preset", "dsk"): ("dsk", "desk"),
                             ("-s", "seed"): ("seed",),
                             ("-s", "sed=2"): ("sed", "did you mean 'seed'"),
                             ("-s", "trials.measure.7.at=last"): ("7",)}.items():
            result = self.lyap(*run, *words)
            self.assertIn(result.returncode, (BAD_INPUT, USAGE))
            self.assertFalse((self.here / "out").exists())
            for part in parts:
                self.assertIn(part, result.stderr)
        self.refused([*run, "--check-jacobian", "-2"], USAGE, "--check-jacobian")

    def test_an_initial_state_without_a_file(self):
        self.file("p.yaml", TINY.replace("sequences: 4,", "sequences: 4, start: file,"))
        self.refused(["run", "p.yaml", "-q", "--out", "out"], BAD_INPUT, "start_file")


class Folders(ProgramTest):
    """Places that cannot be written, and folders that are no run."""

    def setUp(self):
        super().setUp()
        self.file("tiny.yaml", TINY)

    def test_out_is_a_file_or_below_one(self):
        self.file("taken", "mine")
        for out in ("taken", "taken/below"):
            self.refused(["run", "tiny.yaml", "-q", "--out", out], BAD_INPUT, out, "--out")
        for out in ("/proc", "/dev/null"):
            self.refused(["run", "tiny.yaml", "-q", "--out", out], BAD_INPUT, out, "--out")

    def test_no_run_to_resume(self):
        self.file("file", "mine")
        (self.here / "empty").mkdir()
        for folder in ("gone", "empty", "file"):
            self.refused(["run", "--resume", folder], BAD_INPUT, folder, "not the folder of a run")
        self.refused(["run", "tiny.yaml", "--resume", "empty"], USAGE, "--resume")

    def test_a_run_whose_files_are_spoilt_is_not_resumed(self):
        folder = self.run_in("out")
        for name, spoilt in {"run.json": b"{", "pipeline.yaml": b"lyap: [",
                             "checkpoints/latest.safetensors": b"12345678",
                             "metrics.jsonl": b"{}\n{}\n{}\n{}\n{}\n"}.items():
            with self.subTest(name=name):
                whole = (folder / name).read_bytes()
                (folder / name).write_bytes(spoilt)
                result = self.lyap("run", "--resume", folder, "-q")
                (folder / name).write_bytes(whole)
                self.assertEqual(result.returncode, BAD_INPUT, result.stderr)
                self.assertIn(name, result.stderr)
                self.assertNotIn("mistake in lyap", result.stderr)
        self.done("run", "--resume", folder, "-q")

    @unittest.skipUnless(os.geteuid() == 0 and shutil.which("mount"), "only root can mount")
    def test_a_full_disk(self):
        disk = self.here / "disk"
        disk.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", disk],
                                 capture_output=True, check=False)
        if mounted.returncode:
            self.skipTest("mounting is not allowed here")
        self.addCleanup(subprocess.run, ["umount", "-l", disk], check=False)
        result = self.lyap("run", "tiny.yaml", "-q", "--out", "disk")
        self.assertEqual(result.returncode, FAILED, result.stderr)
        self.assertIn("the disk is full", result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        folder = self.only_run("disk")
        self.assertNotIn('"status": "done"', (folder / "run.json").read_text())
        self.assertEqual(list(folder.rglob(".*.tmp")), [])

    def test_standard_output_that_is_full(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("there is no /dev/full here")
        with open("/dev/full", "w", encoding="utf-8") as full:
            result = subprocess.run([PROGRAM, "plan", "tiny.yaml"], stdout=full, text=True,
                                    stderr=subprocess.PIPE, cwd=self.here, check=False,
                                    env=self.environment())
        self.assertEqual(result.returncode, FAILED)
        self.assertIn("standard output could not be written", result.stderr)


if __name__ == "__main__":
    unittest.main()
