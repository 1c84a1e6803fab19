# tests/parity/references/architectures.py - the equations of the variants, one function a cell.
"""Every architecture is a class with `parameters(rng)`, which draws its tensors under the names of
our checkpoints (layer 0), `step(p, x, h, noise)`, which maps rows x [B, I] and h [B, N] to the next
h, and what the sidecar says about it. Plain PyTorch, written from the equations alone."""

import math

import numpy as np
import torch

B, T, I, N, C = 3, 20, 3, 8, 4


def normal(rng, *shape, std=1.0):
    return std * rng.standard_normal(shape)


def orthogonal(rng, n):
    q, r = np.linalg.qr(rng.standard_normal((n, n)))
    return q * np.sign(np.diag(r))


class OrnnHouseholder:
    """h' = leaky_relu(W x + H(u_1) .. H(u_N-1) D h + b), D = diag(1, .., 1, sign u_NN)."""

    hyperparameters = {"reflections": N}
    seed = 2001

    def parameters(self, rng):
        u = np.tril(rng.standard_normal((N, N)))
        u /= np.linalg.norm(u, axis=0)
        u[-1, -1] = -1.0
        return {
            "weight_ih_l0": normal(rng, N, I, std=0.6),
            "U_l0": u,
            "bias_l0": normal(rng, N, std=0.2),
        }

    def step(self, p, x, h, noise):
        u = torch.tril(p["U_l0"])
        signs = torch.ones(N, dtype=h.dtype)
        v = h * torch.cat([signs[:-1], torch.sign(u[-1, -1:])])
        for j in range(N - 2, -1, -1):  # H_N-1 acts first; only the direction of u_j counts
            along = (v @ u[:, j]) / (u[:, j] @ u[:, j])
            v = v - 2 * along[:, None] * u[:, j]
        a = x @ p["weight_ih_l0"].T + v + p["bias_l0"]
        return torch.where(a > 0, a, 0.1 * a)


class OrnnFactorized:
    """h' = tanh(W x + U D(s) V^T h + b), s = 1 - mu + 2 mu sigmoid(p)."""

    hyperparameters = {"margin": 0.3}
    seed = 2002

    def parameters(self, rng):
        return {
            "weight_ih_l0": normal(rng, N, I, std=0.4),
            "U_l0": orthogonal(rng, N),
            "p_l0": normal(rng, N),
            "V_l0": orthogonal(rng, N),
            "bias_l0": normal(rng, N, std=0.2),
        }

    def step(self, p, x, h, noise):
        mu = self.hyperparameters["margin"]
        s = 1 - mu + 2 * mu * torch.sigmoid(p["p_l0"])
        a = x @ p["weight_ih_l0"].T + ((h @ p["V_l0"]) * s) @ p["U_l0"].T + p["bias_l0"]
        return torch.tanh(a)


class Nnrnn:
    """h' = modReLU(W x + R^T h), R = P S P^T, P = expm(A), S rotations times gamma, T above them.

    Rows: h R. A = L - L^T with L the strictly upper part of log_P.
    """

    hyperparameters = {}
    seed = 2003

    def parameters(self, rng):
        return {
            "weight_ih_l0": normal(rng, N, I, std=0.3),
            "log_P_l0": normal(rng, N, N),
            "theta_l0": rng.uniform(0, 2 * math.pi, N // 2),
            "gamma_l0": rng.uniform(0.6, 1.0, N // 2),
            "T_l0": normal(rng, N, N, std=0.1),
            # No unit is ever silent: a silent one would end its directions.
            "bias_l0": rng.uniform(0.01, 0.1, N),
        }

    def step(self, p, x, h, noise):
        L = torch.triu(p["log_P_l0"], 1)
        P = torch.matrix_exp(L - L.T)
        above = torch.triu(torch.ones(N, N, dtype=h.dtype), 1)
        above[range(0, N, 2), range(1, N, 2)] = 0
        S = p["T_l0"] * above
        c, s = torch.cos(p["theta_l0"]), torch.sin(p["theta_l0"])
        for i in range(N // 2):
            pattern = torch.zeros(4, N, N, dtype=h.dtype)
            k = 2 * i
            pattern[0, k, k] = pattern[1, k, k + 1] = pattern[2, k + 1, k] = 1
            pattern[3, k + 1, k + 1] = 1
            block = c[i] * (pattern[0] + pattern[3]) + s[i] * (pattern[2] - pattern[1])
            S = S + p["gamma_l0"][i] * block
        v = x @ p["weight_ih_l0"].T + h @ (P @ S @ P.T)
        return torch.sign(v) * torch.relu(torch.abs(v) + p["bias_l0"])


class AsrnnGated:
    """h' = h + eps sigmoid(A h + V_z x + b_z) tanh(A h + V x + b), A = W - W^T - gamma E."""

    hyperparameters = {"eps": 0.1, "gamma": 0.05}
    seed = 2004

    def parameters(self, rng):
        return {
            "weight_W_l0": normal(rng, N, N, std=0.8),
            "weight_ih_l0": normal(rng, N, I),
            "bias_l0": normal(rng, N, std=0.3),
            "weight_iz_l0": normal(rng, N, I),
            "bias_z_l0": 1 + normal(rng, N, std=0.3),
        }

    def step(self, p, x, h, noise):
        W = p["weight_W_l0"]
        A = W - W.T - self.hyperparameters["gamma"] * torch.eye(N, dtype=h.dtype)
        z = torch.sigmoid(h @ A.T + x @ p["weight_iz_l0"].T + p["bias_z_l0"])
        t = torch.tanh(h @ A.T + x @ p["weight_ih_l0"].T + p["bias_l0"])
        return h + self.hyperparameters["eps"] * z * t


def controlled(M, beta, gamma):
    """beta (M - M^T) + (1 - beta)(M + M^T) - gamma E"""
    return (
        beta * (M - M.T)
        + (1 - beta) * (M + M.T)
        - gamma * torch.eye(len(M), dtype=M.dtype)
    )


class Flow:
    """F(h) = alpha A h + tanh(W h + E_in x + b_in)"""

    hyperparameters = {
        "dt": 0.1,
        "alpha": 0.9,
        "beta_A": 0.75,
        "gamma_A": 0.05,
        "beta_W": 0.65,
        "gamma_W": 0.03,
    }

    def parameters(self, rng):
        return {
            "B_l0": normal(rng, N, N, std=0.7),
            "C_l0": normal(rng, N, N, std=0.7),
            "E_in_l0": normal(rng, N, I),
            "b_in_l0": normal(rng, N, std=0.3),
        }

    def matrices(self, p):
        k = self.hyperparameters
        A = controlled(p["B_l0"], k["beta_A"], k["gamma_A"])
        return A, controlled(p["C_l0"], k["beta_W"], k["gamma_W"])

    def flow(self, p, x, h):
        A, W = self.matrices(p)
        driven = x @ p["E_in_l0"].T + p["b_in_l0"]
        return self.hyperparameters["alpha"] * (h @ A.T) + torch.tanh(h @ W.T + driven)


class LipschitzMidpoint(Flow):
    """h_m = h + eps/2 F(h), h' = h + eps F(h_m)."""

    seed = 2005

    def step(self, p, x, h, noise):
        dt = self.hyperparameters["dt"]
        return h + dt * self.flow(p, x, h + dt / 2 * self.flow(p, x, h))


class LipschitzGated(Flow):
    """h' = h + eps F(h) sigmoid(W h + E_g x + b_g)."""

    seed = 2006

    def parameters(self, rng):
        p = super().parameters(rng)
        return {**p, "E_g_l0": normal(rng, N, I), "b_g_l0": normal(rng, N, std=0.3)}

    def step(self, p, x, h, noise):
        _, W = self.matrices(p)
        gate = torch.sigmoid(h @ W.T + x @ p["E_g_l0"].T + p["b_g_l0"])
        return h + self.hyperparameters["dt"] * self.flow(p, x, h) * gate


class NoisyRepository(Flow):
    """h' = h + d m F(h) + sigma_add xi, m = sigma_mult u + 1 - sigma_mult; else h + d F."""

    hyperparameters = {**Flow.hyperparameters, "sigma_add": 0.05, "sigma_mult": 0.2}
    seed = 2007
    noisy = True

    def parameters(self, rng):
        return {**super().parameters(rng), "d_l0": 0.1 + normal(rng, N, std=0.03)}

    def step(self, p, x, h, noise):
        moved = p["d_l0"] * self.flow(p, x, h)
        if noise is None:
            return h + moved
        normal_numbers, uniform_numbers = noise
        add, mult = self.hyperparameters["sigma_add"], self.hyperparameters["sigma_mult"]
        return h + (mult * uniform_numbers + 1 - mult) * moved + add * normal_numbers


architectures = {
    "ornn_householder": OrnnHouseholder(),
    "ornn_factorized": OrnnFactorized(),
    "nnrnn": Nnrnn(),
    "asrnn_gated": AsrnnGated(),
    "lipschitz_midpoint": LipschitzMidpoint(),
    "lipschitz_gated": LipschitzGated(),
    "noisy_repository": NoisyRepository(),
}
