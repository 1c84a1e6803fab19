# tests/parity/references/make.py - reference tensors of the variants, by PyTorch's autograd.
"""Writes NAME.safetensors and NAME.json for every architecture of architectures.py, in the form of
the other fixtures. Float64 throughout; Jacobians by autograd, exponents by Gram-Schmidt in extended
precision. Tolerances: 50 times (exponents, R and Q: 20 times) the largest deviation between ways of
computing the same quantity and two runs with everything perturbed by 4e-16, plus a floor.

    python3 make.py [FOLDER]        needs numpy and torch (made with Debian's torch 1.13.1)
"""

import json
import pathlib
import sys

import numpy as np
import torch

import safetensors_file
from architectures import B, C, I, N, T, architectures

WARMUP = 5
RUNS = [(0, 1), (0, 5), (0, 7), (5, 1), (5, 5)]  # warm-up, steps between two factorisations


def leaves(arrays):
    return {k: torch.tensor(v, requires_grad=True) for k, v in arrays.items()}


def forward(cell, p, inputs, state0, noise):
    states = [state0]
    for t in range(T):
        n = None if noise is None else (noise[0][:, t], noise[1][:, t])
        states.append(cell.step(p, inputs[:, t], states[-1], n))
        states[-1].retain_grad()
    hidden = torch.stack(states[1:], 1)
    return states, hidden @ p["W_out"].T + p["b_out"]


def losses(cell, data, noise=None):
    """States, logits, and for both losses the value and every gradient."""
    result = {}
    for which in ["seq", "last"]:
        p = leaves(data["params"])
        inputs, state0 = (torch.tensor(data[k], requires_grad=True) for k in ["input", "state0"])
        states, logits = forward(cell, p, inputs, state0, noise)
        target = torch.tensor(data["target"])
        if which == "seq":
            loss = torch.nn.functional.cross_entropy(logits.reshape(-1, C), target.reshape(-1))
        else:
            loss = torch.nn.functional.cross_entropy(logits[:, -1], target[:, -1])
        loss.backward()
        by_state = [torch.zeros_like(s) if s.grad is None else s.grad for s in states]
        result[f"loss_{which}"] = loss.detach().numpy()
        result[f"grad_{which}.state"] = torch.stack(by_state, 1).numpy()
        result[f"grad_{which}.input"] = inputs.grad.numpy()
        for name, tensor in p.items():
            result[f"grad_{which}.param.{name}"] = tensor.grad.numpy()
        result["states"] = torch.stack(states, 1).detach().numpy()
        result["logits"] = logits.detach().numpy()
    return result


def jacobians(cell, data, states):
    p = {k: torch.tensor(v) for k, v in data["params"].items()}
    jac = np.empty((B, T, N, N))
    for b in range(B):
        for t in range(T):
            x = torch.tensor(data["input"][b : b + 1, t])
            f = lambda h: cell.step(p, x, h[None], None)[0]
            jac[b, t] = torch.autograd.functional.jacobian(f, torch.tensor(states[b, t])).numpy()
    return jac


def gram_schmidt(a):
    """Modified, every column twice, in the precision of `a`."""
    q, r = a.copy(), np.zeros((a.shape[1], a.shape[1]), a.dtype)
    for j in range(a.shape[1]):
        for _ in range(2):
            for i in range(j):
                overlap = q[:, i] @ q[:, j]
                q[:, j] -= overlap * q[:, i]
        r[j, j] = np.sqrt(q[:, j] @ q[:, j])
        q[:, j] /= r[j, j]
    return q, np.diag(r)


def lapack(a):
    q, r = np.linalg.qr(a)
    sign = np.where(np.diag(r) < 0, -1.0, 1.0)
    return q * sign, np.diag(r) * sign


def tangents(jac, warmup, every, factorise, dtype):
    """diag R [B, blocks, N], its exponents, the last Q."""
    all_r, all_q = [], []
    for b in range(B):
        q, rs = np.eye(N, dtype=dtype), []
        for t in range(T):
            q = jac[b, t].astype(dtype) @ q
            measured = t + 1 - warmup
            if measured > 0 and measured % every and t + 1 < T:
                continue
            q, r = factorise(q)
            if measured > 0:
                rs.append(r)
        all_r.append(rs), all_q.append(q)
    r, q = np.array(all_r, dtype), np.array(all_q, dtype)
    return {"r_diag": r, "le": np.log(r).sum(1) / (T - warmup), "q_final": q}


def perturbed(data, rng):
    shake = lambda a: a * (1 + 4e-16 * rng.choice([-1.0, 1.0], a.shape))
    return {
        "params": {k: shake(v) for k, v in data["params"].items()},
        "input": shake(data["input"]),
        "state0": shake(data["state0"]),
        "target": data["target"],
    }


def largest(a, b):
    return float(np.max(np.abs(a - b)))


def spectra(jac, other_jacs):
    """Tensors of all runs, and their entries in the sidecar."""
    tensors, entries = {}, []
    for warmup, every in RUNS:
        exact = tangents(jac, warmup, every, gram_schmidt, np.longdouble)
        others = [tangents(jac, warmup, every, f, np.float64) for f in [lapack, gram_schmidt]]
        others += [tangents(j, warmup, every, gram_schmidt, np.longdouble) for j in other_jacs]
        deviation = lambda key, scale=1.0: np.max(
            [np.abs((o[key] - exact[key]) / scale).reshape(-1, N).max(0) for o in others], 0
        )
        prefix = f"hidden.w{warmup}.ton{every}."
        le, r = exact["le"].astype(float), exact["r_diag"].astype(float)
        tensors[prefix + "le"] = le
        tensors[prefix + "le_mean"] = le.mean(0)
        tensors[prefix + "le_std"] = le.std(0, ddof=1)
        tensors[prefix + "r_diag"] = r
        ends = [t for t in range(warmup + 1, T + 1) if (t - warmup) % every == 0 or t == T]
        le_tol = 20 * deviation("le") + 1e-12
        entry = {
            "prefix": prefix,
            "scope": "hidden",
            "warmup": warmup,
            "t_on": every,
            "block_ends": ends,
            "n": N,
            "measured_steps": T - warmup,
            "flushed_last_block": (T - warmup) % every != 0,
            "le_tol": [float(v) for v in le_tol],
            "r_diag_rel_tol": [float(v) for v in 20 * deviation("r_diag", exact["r_diag"]) + 1e-11],
            "n_le_reliable_1e-9": int((le_tol < 1e-9).sum()),
        }
        if every == 1:
            tensors[prefix + "q_final"] = exact["q_final"].astype(float)
            entry["q_final_tol"] = [float(v) for v in 20 * deviation("q_final") + 1e-11]
            if warmup == 0:
                steps = np.arange(1, T + 1)[None, :, None]
                ftle = np.cumsum(np.log(exact["r_diag"]), 1) / steps
                tensors[prefix + "ftle"] = ftle.astype(float)
        entries.append(entry)
    return tensors, entries


def differences(cell, data, states):
    """The first step's Jacobian by central differences: autograd is not its own judge."""
    p = {k: torch.tensor(v) for k, v in data["params"].items()}
    h0, x, step = states[:, 0], torch.tensor(data["input"][:, 0]), 1e-6
    jac = np.empty((B, N, N))
    for j in range(N):
        e = step * np.eye(N)[j]
        ahead, behind = (cell.step(p, x, torch.tensor(h), None).numpy() for h in (h0 + e, h0 - e))
        jac[:, :, j] = (ahead - behind) / (2 * step)
    return jac


def make(name, cell):
    rng = np.random.default_rng(cell.seed)
    data = {"params": cell.parameters(rng)}
    data["params"]["W_out"] = rng.standard_normal((C, N)) / np.sqrt(N)
    data["params"]["b_out"] = 0.1 * rng.standard_normal(C)
    data["input"] = rng.standard_normal((B, T, I))
    data["state0"] = 0.5 * rng.standard_normal((B, N))
    data["target"] = rng.integers(0, C, (B, T))
    others = [perturbed(data, rng) for _ in range(2)]

    result = losses(cell, data)
    jac = jacobians(cell, data, result["states"])
    again = [losses(cell, o) for o in others]
    other_jacs = [jacobians(cell, o, a["states"]) for o, a in zip(others, again)]
    tensors, runs = spectra(jac, other_jacs)
    deviation = lambda key: max(largest(a[key], result[key]) for a in again)
    gradient = lambda part: max(
        deviation(key) / np.max(np.abs(result[key]))
        for key in result
        if key.startswith("grad") and part in key and np.max(np.abs(result[key])) > 0
    )
    jac_deviation = max(largest(j, jac) for j in other_jacs)

    arrays = {f"param.{k}": v for k, v in data["params"].items()}
    arrays.update({k: data[k] for k in ["input", "target", "state0"]})
    arrays.update(result)
    arrays.update({"jac_steps": np.arange(1, T + 1), "jac": jac, **tensors})
    if getattr(cell, "noisy", False):
        noise = rng.standard_normal((B, T, N)), rng.random((B, T, N))
        arrays["noisy.xi"], arrays["noisy.uniform"] = noise
        shaken = losses(cell, data, [torch.tensor(n) for n in noise])
        for key, value in shaken.items():
            if key in ["states", "loss_seq", "grad_seq.state"] or key.startswith("grad_seq.param"):
                arrays["noisy." + key] = value
    kind = lambda v: np.int64 if v.dtype.kind == "i" else float
    arrays = {k: np.asarray(v, kind(v)) for k, v in arrays.items()}

    sidecar = {
        "name": name,
        "architecture": name,
        "equations": cell.__doc__.strip(),
        "batch": B,
        "steps": T,
        "input_size": I,
        "hidden_size": N,
        "num_layers": 1,
        "classes": C,
        "state_size": N,
        "hidden_part": [0, N],
        "state_parts": [["h", 0, N]],
        "readout_feature": "hidden part",
        "hyperparameters": cell.hyperparameters,
        "seed": cell.seed,
        "rng": "numpy.random.default_rng(seed) (PCG64)",
        "log_base": "e",
        "std_ddof": 1,
        "warmup": WARMUP,
        "runs": runs,
        "k_defined_hidden": [N] * B,
        "checks": {
            "jac_by_differences_max": largest(differences(cell, data, result["states"]), jac[:, 0]),
            "jac_abs_max": float(np.max(np.abs(jac))),
            "perturbed_rerun_states": deviation("states"),
            "perturbed_rerun_jac": jac_deviation,
        },
        "tensors": safetensors_file.describe(arrays),
        "suggested_tolerances": {
            "states_abs": 50 * deviation("states") + 1e-13,
            "logits_abs": 50 * deviation("logits") + 1e-13,
            "loss_abs": 50 * max(deviation("loss_seq"), deviation("loss_last")) + 1e-13,
            "jac_abs": 50 * jac_deviation + 1e-13,
            "grad_max_norm_relative": {
                part: 50 * gradient(part) + 1e-12 for part in ["state", "input", "param"]
            },
        },
    }
    return arrays, sidecar


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
    for name, cell in architectures.items():
        arrays, sidecar = make(name, cell)
        safetensors_file.write(folder / f"{name}.safetensors", arrays)
        (folder / f"{name}.json").write_text(json.dumps(sidecar, indent=1) + "\n")
        checks, tolerances = sidecar["checks"], sidecar["suggested_tolerances"]
        print(f"{name}: differences {checks['jac_by_differences_max']:.1e},", tolerances)


if __name__ == "__main__":
    main()
