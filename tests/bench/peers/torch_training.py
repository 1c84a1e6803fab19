"""torch_training.py CELL UNITS BATCH digits|text THREADS BATCHES - torch.nn training steps on random
data of the task's shape: forward, backward, Adam. Prints seconds as JSON."""
import json
import os
import sys
import time

cell, units, batch, task, threads, batches = sys.argv[1:7]
units, batch, threads, batches = int(units), int(batch), int(threads), int(batches)
os.environ['OPENBLAS_NUM_THREADS'] = os.environ['OMP_NUM_THREADS'] = str(threads)
import torch

torch.set_num_threads(threads)
torch.manual_seed(0)
inputs, steps, classes = (28, 28, 10) if task == 'digits' else (82, 99, 82)
net = {'rnn': torch.nn.RNN, 'lstm': torch.nn.LSTM, 'gru': torch.nn.GRU}[cell](
    inputs, units, batch_first=True)
readout = torch.nn.Linear(units, classes)
optimiser = torch.optim.Adam(list(net.parameters()) + list(readout.parameters()), 1e-3)
loss_of = torch.nn.CrossEntropyLoss()
if task == 'digits':
    X = torch.rand(8, batch, steps, inputs)
    Y = torch.randint(0, classes, (8, batch))
else:
    text = torch.randint(0, classes, (4, batch, steps + 1))
    X = torch.nn.functional.one_hot(text[:, :, :-1], inputs).float()
    Y = text[:, :, 1:].contiguous()
seconds = []
for k in range(batches):
    begin = time.perf_counter()
    x, y = X[k % len(X)], Y[k % len(Y)]
    optimiser.zero_grad()
    out, _ = net(x)
    if task == 'digits':
        loss = loss_of(readout(out[:, -1]), y)
    else:
        loss = loss_of(readout(out).reshape(-1, classes), y.reshape(-1))
    loss.backward()
    optimiser.step()
    loss.item()
    seconds.append(time.perf_counter() - begin)
print(json.dumps({'seconds': seconds[2:], 'torch': torch.__version__}))
