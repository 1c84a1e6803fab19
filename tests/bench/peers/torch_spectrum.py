"""torch_spectrum.py FOLDER CELL f64|f32 METHOD THREADS KEY=VALUE... - Lyapunov exponents of a driven
network in PyTorch, nats per step.

METHOD  qr         all gates of the T steps first, then J as a sum of scaled rows of U, one product
                   and torch.linalg.qr a step for all sequences
        implicit   the same, with Q kept as the reflections of its QR (geqrf, ormqr)
        published  as in the published code: a diagonal matrix times U for every gate and step
KEYS    state=hidden|full   full: an LSTM's (h, c) instead of h with c held fixed inside a step
        count=K             the first K exponents; 0: all
        mean=1              their mean over sequences instead of every sequence's
"""
import os
import sys

folder, cell, dtype, method, threads = sys.argv[1:6]
options = {'state': 'hidden', 'count': '0', 'mean': '0', **dict(a.split('=') for a in sys.argv[6:])}
os.environ['OPENBLAS_NUM_THREADS'] = os.environ['OMP_NUM_THREADS'] = threads
import torch

import problem
import turns

torch.set_num_threads(int(threads))
kind = torch.float32 if dtype == 'f32' else torch.float64
W, U, x = (torch.from_numpy(a).to(kind) for a in problem.read_driven(folder))
T, B, N = x.shape[0], x.shape[1], U.shape[1]
blocks = U.view(-1, N, N)
full = cell == 'lstm' and options['state'] == 'full'
count = int(options['count']) or (2 * N if full else N)


def rnn_factors(drive):
    h = torch.zeros(B, N, dtype=kind)
    for t in range(T):
        h = torch.tanh(h @ U.T + drive[t])
        yield (1 - h * h).unsqueeze(0), None


def lstm_factors(drive):
    """Rows: h by the gates i, f, g, o; full: c by i, f, g, h by o, and h by c."""
    h = c = torch.zeros(B, N, dtype=kind)
    for t in range(T):
        i, f, g, o = (h @ U.T + drive[t]).chunk(4, 1)
        i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
        new = f * c + i * g
        tc = new.tanh()
        s = o * (1 - tc * tc)
        of_c = [g * i * (1 - i), c * f * (1 - f), i * (1 - g * g)]
        by_o = tc * o * (1 - o)
        yield (torch.stack(of_c + [by_o, s]), f) if full else (
            torch.stack([s * d for d in of_c] + [by_o]), None)
        c, h = new, o * tc


def gru_factors(drive):
    h = torch.zeros(B, N, dtype=kind)
    for t in range(T):
        yr, yz, yn = (h @ U.T).chunk(3, 1)
        xr, xz, xn = drive[t].chunk(3, 1)
        r, z = (yr + xr).sigmoid(), (yz + xz).sigmoid()
        n = (xn + r * yn).tanh()
        dn = (1 - z) * (1 - n * n)
        yield torch.stack([dn * yn * r * (1 - r), (h - n) * z * (1 - z), dn * r]), z
        h = (1 - z) * n + z * h


def scaled_rows(d, gates):
    J = d[gates[0]].unsqueeze(-1) * blocks[gates[0]]
    for k in gates[1:]:
        J.addcmul_(d[k].unsqueeze(-1), blocks[k].unsqueeze(0))
    return J


def diagonal_products(d, gates):
    return sum(torch.bmm(torch.diag_embed(d[k]), blocks[k].expand(B, N, N)) for k in gates)


assemble = diagonal_products if method == 'published' else scaled_rows


def jacobian(d, z):
    if not full:
        J = assemble(d, range(len(d)))
        if z is not None:
            torch.diagonal(J, dim1=1, dim2=2).add_(z)
        return J
    J = torch.zeros(B, 2 * N, 2 * N, dtype=kind)
    J[:, N:, :N] = assemble(d, range(3))
    J[:, :N, :N] = d[4].unsqueeze(-1) * J[:, N:, :N] + assemble(d, [3])
    J[:, N:, N:] = torch.diag_embed(z)
    J[:, :N, N:] = torch.diag_embed(d[4] * z)
    return J


def explicit_steps(factors, size):
    Q = torch.eye(size, count, dtype=kind).expand(B, size, count).contiguous()
    for d, z in factors:
        Q, R = torch.linalg.qr(torch.bmm(jacobian(d, z), Q))
        yield R


def implicit_steps(factors, size):
    """J Q = (Q^T J^T)^T with Q^T applied as reflections; all exponents only."""
    reflections = None
    for d, z in factors:
        A = jacobian(d, z)
        if reflections is not None:
            A = torch.ormqr(*reflections, A, left=False)
        reflections = torch.geqrf(A)
        yield reflections[0]


@torch.no_grad()
def exponents():
    factors = list({'rnn': rnn_factors, 'lstm': lstm_factors, 'gru': gru_factors}[cell](x @ W.T))
    steps = implicit_steps if method == 'implicit' else explicit_steps
    total = torch.zeros(B, count, dtype=torch.float64)
    for R in steps(factors, 2 * N if full else N):
        total += torch.diagonal(R, dim1=1, dim2=2).abs().log().double()
    each = total / T
    return (each.mean(0) if options['mean'] == '1' else each).flatten().tolist()


turns.take(lambda: turns.timed(exponents))
