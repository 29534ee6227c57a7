"""``models.train.network`` in PyTorch."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from models.train.network import Blocks

CLASSES = 10


class Network(nn.Module):
    """(n, 1, 28, 28) pixels in [0, 1] → (n, 10) logits; see ``models.train.network.build``."""

    def __init__(self, blocks: Blocks) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before = 1
        for number, block in enumerate(blocks):
            if number:
                layers.append(nn.MaxPool2d(2))
            for width in block:
                layers += [
                    nn.Conv2d(before, width, 3, padding=1, bias=False),
                    nn.BatchNorm2d(width, eps=1e-3, momentum=0.05),  # 0.95 in Keras's words
                    nn.ReLU(inplace=True),
                ]
                before = width
        self.body = nn.Sequential(*layers)
        self.head = nn.Linear(before, CLASSES)
        for each in self.modules():
            if isinstance(each, nn.Conv2d | nn.Linear):
                nn.init.xavier_uniform_(each.weight)  # as Keras does
        nn.init.zeros_(self.head.bias)

    def forward(self, pixels: Any) -> Any:
        return self.head(self.body(pixels).mean(dim=(2, 3)))


def keras_weights(network: Network) -> list[NDArray[np.float32]]:
    """The weights in the order and the shapes of ``tf_keras``'s ``Model.get_weights()``."""
    weights: list[Any] = []
    for each in network.modules():
        if isinstance(each, nn.Conv2d):
            weights.append(each.weight.permute(2, 3, 1, 0))
        elif isinstance(each, nn.BatchNorm2d):
            weights += [each.weight, each.bias, each.running_mean, each.running_var]
        elif isinstance(each, nn.Linear):
            weights += [each.weight.T, each.bias]
    return [each.detach().float().cpu().numpy() for each in weights]


@torch.no_grad()
def predict(network: Network, pictures: NDArray[np.uint8], batch: int = 4_000) -> Any:
    """(n, 28, 28) bytes → (n, 10) float32 probabilities, computed in float32 throughout."""
    device = network.head.weight.device
    parts = []
    for at in range(0, len(pictures), batch):
        pixels = torch.as_tensor(pictures[at : at + batch], device=device)[:, None].float() / 255
        parts.append(network(pixels).softmax(dim=1).cpu().numpy())
    return np.concatenate(parts)
