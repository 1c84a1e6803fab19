"""tests/faults/program.py - the program under test, and files in the formats it reads."""
import json
import os
import pathlib
import shutil
import signal
import struct
import subprocess
import tempfile
import unittest

PROGRAM = os.path.realpath(os.environ.get("LYAP", "lyap"))

TINY = """\
lyap: 1
name: tiny
seed: 3
trials:
  task:
    use: digits
    with: {order: rows, train: 200, test: 40}
  cell:
    use: lstm
    with: {units: 6}
  train:
    use: bptt
    with: {epochs: 4, batch: 20, learning_rate: 0.01, clip: 1.0, dropout: 0.2}
    checkpoints: every
  measure:
    - use: spectrum
      as: le
      at: every
      with: {sequences: 4, resamples: 50}
  record:
    loss: train.validation_loss
    spectrum: le.spectrum
"""

WIDTHS = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2}


def packed(values, dtype):
    """Little-endian elements; BF16 is the upper half of F32, so only values that fit are meant."""
    if dtype == "BF16":
        return b"".join(struct.pack("<f", value)[2:] for value in values)
    return struct.pack("<%d%s" % (len(values), {"F64": "d", "F32": "f", "F16": "e"}[dtype]), *values)


def safetensors(tensors, dtype="F32"):
    """The bytes of a file of {name: (shape, values)}."""
    header, data = {}, b""
    for name, (shape, values) in tensors.items():
        piece = packed(values, dtype)
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(piece)]}
        data += piece
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def tensors_of(data):
    """{name: (dtype, shape, bytes)} of a safetensors file."""
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    header.pop("__metadata__", None)
    return {name: (t["dtype"], t["shape"], data[8 + length:][slice(*t["data_offsets"])])
            for name, t in header.items()}


def npy(shape, values):
    """The bytes of a float64 array file."""
    header = repr({"descr": "<f8", "fortran_order": False, "shape": tuple(shape)})
    header += " " * (-(len(header) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + packed(values, "F64")


def numbers(count, seed=1):
    """Multiples of 1/64 in (-0.5, 0.5), which every dtype holds exactly."""
    values = []
    for _ in range(count):
        seed = (seed * 1103515245 + 12345) % 2**31
        values.append((seed // 65536 % 63 - 31) / 64)
    return values


def recurrent(gates, units, inputs, layers=1, prefix="", biases=("bias_ih", "bias_hh"), seed=1):
    """The weights of a PyTorch module: 1 gate rnn, 3 gru, 4 lstm."""
    tensors = {}
    for layer in range(layers):
        rows, width = gates * units, inputs if layer == 0 else units
        shapes = {"weight_ih": [rows, width], "weight_hh": [rows, units]}
        shapes.update({bias: [rows] for bias in biases})
        for name, shape in shapes.items():
            seed += 1
            count = shape[0] * (shape[1] if len(shape) == 2 else 1)
            tensors[f"{prefix}{name}_l{layer}"] = (shape, numbers(count, seed))
    return tensors


class ProgramTest(unittest.TestCase):
    """Each test has an empty folder, which is also where the program is started."""

    maxDiff = None

    def setUp(self):
        self.here = pathlib.Path(os.path.realpath(tempfile.mkdtemp(prefix="lyap-faults-")))
        self.addCleanup(shutil.rmtree, self.here, ignore_errors=True)

    def file(self, name, content):
        path = self.here / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def environment(self):
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("LYAP_", "XDG_"))}
        return {**kept, "HOME": str(self.here), "TERM": "dumb", "LC_ALL": "C.UTF-8"}

    def lyap(self, *words, within=120, **more):
        return subprocess.run([PROGRAM, *map(str, words)], cwd=self.here, env=self.environment(),
                              text=True, timeout=within, stdin=subprocess.DEVNULL,
                              capture_output=True, check=False, **more)

    def begin(self, *words):
        """Started, and not waited for."""
        process = subprocess.Popen([PROGRAM, *map(str, words)], cwd=self.here, text=True,
                                   env=self.environment(), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.communicate()

    def done(self, *words):
        """What a command that succeeds wrote to standard output."""
        result = self.lyap(*words)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def run_in(self, out, *words):
        """The folder of a run that succeeds."""
        self.done("run", "tiny.yaml", "-q", "--out", out, *words)
        return self.only_run(out)

    def only_run(self, out):
        folders = list((self.here / out).iterdir())
        self.assertEqual(len(folders), 1)
        return folders[0]

    def refused(self, words, exit_code, *parts):
        """The command fails with one sentence on standard error that has all parts; nothing else is
        printed and no file appears or changes."""
        before = self.everything()
        result = self.lyap(*words)
        self.assertEqual(result.returncode, exit_code, result.stderr)
        self.assertEqual(result.stdout, "")
        for part in parts:
            self.assertIn(str(part), result.stderr)
        sentences = [line for line in result.stderr.splitlines() if not line.startswith("warning: ")]
        self.assertTrue(sentences[0].startswith("lyap: "), result.stderr)
        if not sentences[-1].endswith("nothing was run."):  # mistakes are shown with their lines
            self.assertEqual(len(sentences), 1, result.stderr)
        self.assertNotIn("mistake in lyap", result.stderr)
        self.assertEqual(self.everything(), before)
        return result.stderr

    def everything(self):
        return {str(p.relative_to(self.here)): p.read_bytes() if p.is_file() else None
                for p in self.here.rglob("*")}
