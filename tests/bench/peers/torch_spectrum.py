"""torch_spectrum.py FOLDER CELL f64|f32 THREADS REPETITIONS - what a competent PyTorch user would
write: all gates of the T steps first, the analytic Jacobian of the hidden state as a sum of row
scalings, bmm and torch.linalg.qr. Prints seconds and exponents as JSON."""
import json
import os
import sys
import time

folder, cell, dtype, threads, repetitions = sys.argv[1:4] + [int(a) for a in sys.argv[4:6]]
os.environ['OPENBLAS_NUM_THREADS'] = os.environ['OMP_NUM_THREADS'] = str(threads)
import numpy as np
import torch

sys.path.insert(0, os.path.dirname(__file__))
import problem

torch.set_num_threads(threads)
kind = torch.float32 if dtype == 'f32' else torch.float64
W, U, x = (torch.from_numpy(a).to(kind) for a in problem.read(folder))
T, B, N = x.shape[0], x.shape[1], U.shape[1]


def factors():
    """Row factors of every gate block at every step, and what is added to the diagonal."""
    xi = x @ W.T
    h = torch.zeros(B, N, dtype=kind)
    c = h
    D, Z = [], []
    for t in range(T):
        y = h @ U.T
        if cell == 'rnn':
            h = torch.tanh(y + xi[t])
            D.append((1 - h * h).unsqueeze(0))
        elif cell == 'lstm':
            i, f, g, o = (y + xi[t]).chunk(4, 1)
            i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
            new = f * c + i * g
            tc = new.tanh()
            s = o * (1 - tc * tc)
            D.append(torch.stack([s * g * i * (1 - i), s * c * f * (1 - f), s * i * (1 - g * g),
                                  tc * o * (1 - o)]))
            c, h = new, o * tc
        else:
            yr, yz, yn = y.chunk(3, 1)
            xr, xz, xn = xi[t].chunk(3, 1)
            r, z = (yr + xr).sigmoid(), (yz + xz).sigmoid()
            n = (xn + r * yn).tanh()
            dn = (1 - z) * (1 - n * n)
            D.append(torch.stack([dn * yn * r * (1 - r), (h - n) * z * (1 - z), dn * r]))
            Z.append(z)
            h = (1 - z) * n + z * h
    return D, Z


@torch.no_grad()
def spectrum():
    D, Z = factors()
    blocks = U.view(-1, N, N)
    Q = torch.eye(N, dtype=kind).expand(B, N, N).contiguous()
    total = torch.zeros(B, N, dtype=torch.float64)
    for t in range(T):
        d = D[t]
        if cell == 'rnn':
            A = d[0].unsqueeze(-1) * torch.matmul(U, Q)
        else:
            J = d[0].unsqueeze(-1) * blocks[0]
            for k in range(1, d.shape[0]):
                J.addcmul_(d[k].unsqueeze(-1), blocks[k].unsqueeze(0))
            if Z:
                torch.diagonal(J, dim1=1, dim2=2).add_(Z[t])
            A = torch.bmm(J, Q)
        Q, R = torch.linalg.qr(A)
        total += torch.diagonal(R, dim1=1, dim2=2).abs().log().double()
    return (total / T).numpy()


seconds = []
for _ in range(repetitions):
    begin = time.perf_counter()
    exponents = spectrum()
    seconds.append(time.perf_counter() - begin)
print(json.dumps({'seconds': seconds, 'exponents': exponents.ravel().tolist(),
                  'torch': torch.__version__}))
