#!/usr/bin/env python3
"""data/docs/corrections/jacobians.py SWEEP --data DIR - exponents by the matrices of published code.

SWEEP is the folder of a sweep over cells that read MNIST row by row. For each network: exponents of
its true map, of the published matrix in the place of its Jacobian, and in float32, by numpy alone,
over the first 15 test images. Equations of the published matrices: data/docs/corrections.md.
"""
import argparse
import csv
import gzip
import json
import pathlib

import numpy as np


def tensors(path, part="cell"):
    """The tensors of a checkpoint below `cell.` or `readout.`, by their names there."""
    data = path.read_bytes()
    begin = 8 + int.from_bytes(data[:8], "little")
    return {name.split(".", 1)[1].removesuffix("_l0"):
            np.frombuffer(data[begin + t["data_offsets"][0]:begin + t["data_offsets"][1]], "<f4")
            .reshape(t["shape"]).astype(float)
            for name, t in json.loads(data[8:begin]).items() if name.startswith(part + ".")}


def images(folder, count=15):
    data = gzip.open(folder / "mnist/t10k-images-idx3-ubyte.gz").read()
    return np.frombuffer(data, np.uint8, count * 784, 16).reshape(count, 28, 28) / 255


def rnn(w, activation=np.tanh, slope=lambda a: 1 - np.tanh(a) ** 2):
    """Step and J of h' = f(W x + V h + b)."""
    def step(h, x):
        a = w["weight_ih"] @ x + w["weight_hh"] @ h + w["bias_ih"] + w["bias_hh"]
        return activation(a), slope(a)[:, None] * w["weight_hh"]
    return step


def cornn(w, jacobian_of=None, bias=1.0, swapped=False, dt=0.042, gamma=2.7, epsilon=4.7):
    """Step and the y block of J; the block may be that of other weights, without the bias."""
    v, n = jacobian_of or w, len(w["bias"])

    def step(s, x):
        y, z = (s[n:], s[:n]) if swapped else (s[:n], s[n:])
        a = w["weight_y"] @ y + w["weight_z"] @ z + w["weight_ih"] @ x + w["bias"]
        b = v["weight_y"] @ y + v["weight_z"] @ z + w["weight_ih"] @ x + bias * w["bias"]
        z = z + dt * (np.tanh(a) - gamma * y - epsilon * z)
        J = (1 - dt * dt * gamma) * np.eye(n) + dt * dt * (1 - np.tanh(b)**2)[:, None] * v["weight_y"]
        return np.concatenate([y + dt * z, z]), J
    return step


def asrnn(w, published=False, epsilon=0.01, gamma=0.01):
    """Step and J of h' = h + epsilon tanh(A h + V x + b); published: J of A^T and without b."""
    A = w["weight_W"] - w["weight_W"].T - gamma * np.eye(len(w["weight_W"]))
    M, b = (A.T, 0) if published else (A, w["bias"])

    def step(h, x):
        J = np.eye(len(h)) + epsilon * (1 - np.tanh(M @ h + w["weight_ih"] @ x + b)**2)[:, None] * M
        return h + epsilon * np.tanh(A @ h + w["weight_ih"] @ x + w["bias"]), J
    return step


def spectrum(step, state, units, inputs, dtype=np.float64):
    """Mean over sequences of 1/T sum ln R(i,i), nats per step, from h = 0 and Q = E."""
    total = np.zeros(units)
    for sequence in inputs:
        s, Q = np.zeros(state, dtype), np.eye(units, dtype=dtype)
        for x in sequence.astype(dtype):
            s, J = step(s, x)
            s, J = s.astype(dtype), J.astype(dtype)
            Q, R = np.linalg.qr(J @ Q)
            total += np.log(np.maximum(np.abs(np.diag(R)), np.finfo(dtype).tiny))
    return total / (len(inputs) * inputs.shape[1])


def relu(a):
    return np.maximum(a, 0)


def cases(row, w, random):
    """(name, step, parts of the state, dtype): the first is what the network does."""
    if row["cell"] == "rnn" and row.get("activation") == "relu":
        return [("ReLU", rnn(w, relu, lambda a: (a > 0) * 1.0), 1, np.float64),
                ("with the slope of tanh", rnn(w, relu), 1, np.float64)]
    if row["cell"] == "rnn":
        return [("tanh", rnn(w), 1, np.float64), ("float32", rnn(w), 1, np.float32)]
    if row["cell"] == "cornn":
        fresh = {**w, **{k: random.uniform(-0.2, 0.2, w[k].shape) for k in ("weight_y", "weight_z")}}
        return [("y block", cornn(w), 2, np.float64),
                ("without biases", cornn(w, bias=0), 2, np.float64),
                ("y and z swapped", cornn(w, swapped=True), 2, np.float64),
                ("fresh W_y and W_z", cornn(w, fresh), 2, np.float64),
                ("all three, as published", cornn(w, fresh, 0, True), 2, np.float64)]
    if row["cell"] == "asrnn":
        return [("gamma = 0.01", asrnn(w), 1, np.float64),
                ("A^T and no bias, as published", asrnn(w, True), 1, np.float64),
                ("gamma = p = 0.2", asrnn(w, gamma=0.2), 1, np.float64)]
    return []


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("sweep", type=pathlib.Path)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    options = parser.parse_args()
    inputs, random = images(options.data), np.random.default_rng(1)
    print("cell   matrix                            largest       mean   smallest  rms change")
    for row in csv.DictReader((options.sweep / "trials.csv").open()):
        w = tensors(options.sweep / "points" / row["point"] / "checkpoints/final.safetensors")
        units, truth = len(w["weight_ih"]), None
        for name, step, parts, dtype in cases(row, w, random):
            found = spectrum(step, parts * units, units, inputs, dtype)
            truth = found if truth is None else truth
            print(f"{row['cell']:6} {name:30} {found[0]:10.4f} {found.mean():10.4f} {found.min():10.4f} "
                  f"{np.sqrt(np.mean((found - truth)**2)):10.4f}")


if __name__ == "__main__":
    main()
