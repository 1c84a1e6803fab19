#!/usr/bin/env python3
"""data/docs/corrections/effects.py RUNS --data DIR - the numbers of data/docs/corrections.md.

RUNS is the folder with the run of text.yaml and the sweeps of the other files beside this one; what
is not there is left out. Exponents in nats per step.
"""
import argparse
import csv
import gzip
import pathlib

import h5py
import numpy as np

from jacobians import tensors


def rms(a):
    return np.sqrt(np.nanmean(np.square(a)))


def spread(values):
    return " ".join(f"{v:.4g}" for v in values)


def text(folder):
    """How far each variant of the measurement is from ours, on one trained LSTM."""
    with h5py.File(folder / "spectra.h5") as results:
        found = {name: results[name]["spectrum"][-1] for name in results if name != "checkpoint"}
        history, steps = results["no_warmup/history"][-1], results["no_warmup/history_steps"][-1]
    print("measurement        largest    mean  smallest  | change: largest    mean     rms   worst  out of order")
    for name, spectrum in found.items():
        change = spectrum - found["ours" if len(spectrum) == len(found["ours"]) else "hidden"]
        print(f"{name:17} {spectrum[0]:8.4f} {spectrum.mean():7.4f} {spectrum.min():9.3f}  |         "
              f"{change[0]:8.4f} {change.mean():7.4f} {rms(change):7.4f} {np.abs(change).max():7.3f} "
              f"{np.sum(np.diff(spectrum) > 0):6}")
    for step, spectrum in zip(steps[:3], history):
        print(f"after {step:.0f} steps from h = 0: rms {rms(spectrum - found['long']):.3f} from the long run")


def table(folder):
    """The columns of a sweep: words of the CSV, arrays of the HDF5 file."""
    with h5py.File(folder / "trials.h5") as arrays:
        columns = {name: arrays[name][()].reshape(len(arrays[name]), -1) for name in arrays
                   if arrays[name].dtype.kind == "f" and arrays[name].ndim > 1}
    rows = list(csv.DictReader((folder / "trials.csv").open()))
    return columns, {name: np.array([row[name] for row in rows]) for name in rows[0]}


def by_kind(folder, *names):
    """Losses, accuracies and exponents of a sweep, a line for each kind of network."""
    columns, words = table(folder)
    kinds = list(zip(*(words[name] for name in names)))
    for kind in dict.fromkeys(kinds):
        rows = [i for i, other in enumerate(kinds) if other == kind]
        line = [" ".join(kind)]
        for name in ("loss", "accuracy", "persistence"):
            if name in words:
                line.append(f"{name} " + spread(words[name][rows].astype(float)))
        for name, values in columns.items():
            if values.shape[1] > 1:
                line.append(f"{name}: largest {spread(values[rows, 0])}, mean {spread(np.nanmean(values[rows], axis=1))}")
        print("; ".join(line))


def transposed(folder):
    """Transposed minus forward exponents of the trained networks, and what two draws differ by."""
    columns, words = table(folder)
    for cell in dict.fromkeys(words["cell"]):
        rows = words["cell"] == cell
        change = columns["transposed"][rows] - columns["after"][rows]
        before = columns["before"][rows]
        print(f"{cell}: transposed - forward, largest {spread(change[:, 0])}; rms {spread(map(rms, change))}; "
              f"two draws at epoch 0: rms {rms(before[0] - before[1]):.3f}; "
              f"the same draw trained: rms {rms(columns['after'][rows][0] - before[0]):.3f}")


def images(folder, name):
    pixels = np.frombuffer(gzip.open(folder / f"mnist/{name}-images-idx3-ubyte.gz").read(), np.uint8, -1, 16)
    labels = np.frombuffer(gzip.open(folder / f"mnist/{name}-labels-idx1-ubyte.gz").read(), np.uint8, -1, 8)
    return pixels.reshape(-1, 28, 28) / 255, labels


def evaluated(folder, data):
    """Loss of LSTMs on the test images, as it is and with dropout of 0.1 left on."""
    x, labels = images(data, "t10k")
    _, words = table(folder)
    for point, loss in zip(words["point"], words["loss"]):
        path = folder / "points" / point / "checkpoints/final.safetensors"
        w, readout = tensors(path), tensors(path, "readout")
        h = c = np.zeros((len(x), w["weight_hh"].shape[1]))
        for row in x.transpose(1, 0, 2):
            i, f, g, o = np.split(row @ w["weight_ih"].T + h @ w["weight_hh"].T + w["bias_ih"] + w["bias_hh"], 4, 1)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
        kept = np.random.default_rng(1).random(h.shape) > 0.1
        losses = [cross_entropy(s @ readout["weight"].T + readout["bias"], labels) for s in (h, h * kept / 0.9)]
        print(f"held-out images {float(loss):.4f}; test images {losses[0]:.4f}, with dropout {losses[1]:.4f}")


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def cross_entropy(scores, labels):
    return np.mean(np.log(np.exp(scores).sum(axis=1)) - scores[np.arange(len(labels)), labels])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("runs", type=pathlib.Path)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    options = parser.parse_args()
    shown = [(path, text) for path in sorted(options.runs.glob("*_text_*"))[-1:]]
    shown += [(options.runs / name, lambda f, names=names: by_kind(f, *names)) for name, names in
              {"shuffled": ["order"], "init": ["cell", "input"], "bias": ["bias"], "cayley": ["cayley"],
               "mocap": ["center"], "target": ["target"]}.items()]
    shown += [(options.runs / "init", transposed),
              (options.runs / "holdout", lambda f: evaluated(f, options.data))]
    for folder, show in shown:
        if folder.exists():
            print(f"\n{folder.name}")
            show(folder)


if __name__ == "__main__":
    main()
