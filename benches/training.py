"""One training step of the paper's CNN in PyTorch, to compare `cargo bench --bench training` with.

python benches/training.py: batch 50, both exits, forward, backward and SGD on one thread.
"""

import time

import torch
from torch import nn

STEPS = 40


def conv(inputs, outputs):
    return nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU()


def step_times(layout):
    phi = nn.Sequential(
        *conv(1, 32), nn.MaxPool2d(2), *conv(32, 64), nn.MaxPool2d(2), *conv(64, 128), *conv(128, 256)
    )
    kappa = nn.Sequential(nn.MaxPool2d(3, 2), nn.Flatten(), nn.Linear(2304, 10))
    theta = nn.Sequential(
        *conv(256, 256), nn.MaxPool2d(3, 2), nn.Flatten(),
        nn.Linear(2304, 1024), nn.ReLU(), nn.Linear(1024, 512), nn.ReLU(), nn.Linear(512, 10),
    )
    model = nn.ModuleList([phi, kappa, theta]).to(memory_format=layout)
    sgd = torch.optim.SGD(model.parameters(), lr=0.01)
    images = torch.rand(50, 1, 28, 28).to(memory_format=layout)
    labels, loss = torch.randint(10, (50,)), nn.CrossEntropyLoss()
    for _ in range(STEPS):
        start = time.perf_counter()
        sgd.zero_grad()
        smashed = phi(images)
        (0.5 * loss(kappa(smashed), labels) + 0.5 * loss(theta(smashed), labels)).backward()
        sgd.step()
        yield 1e3 * (time.perf_counter() - start)


torch.set_num_threads(1)
for layout in (torch.contiguous_format, torch.channels_last):
    times = sorted(step_times(layout))
    print(f"{torch.__version__}, {layout}: best {times[0]:.0f} ms, median {times[STEPS // 2]:.0f} ms")
