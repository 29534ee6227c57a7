"""Networks that learn from the same batch in parallel, each on a CUDA stream of its own.

All work on a batch is captured as one CUDA graph: otherwise launching kernels takes most of the
time for networks this small. Without a GPU they learn one after the other, slowly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any, TypeVar

import torch

from models.train.network import Blocks
from models.train.study.gpu.network import CLASSES, Network

T = TypeVar("T")

_WARM_UP = 4  # steps before the capture: cuDNN chooses its algorithms in them


class Learner:
    """A network, its optimizer (AdamW) and the average of its weights."""

    def __init__(self, blocks: Blocks, *, seed: int, decay: float, device: str) -> None:
        torch.manual_seed(seed)
        self.blocks, self.seed, self.device = blocks, seed, device
        self.network = Network(blocks).to(device, memory_format=torch.channels_last)
        self.average = deepcopy(self.network).eval().requires_grad_(False)
        kernels = [each for each in self.network.parameters() if each.dim() > 1]
        others = [each for each in self.network.parameters() if each.dim() == 1]
        self._rate = torch.zeros((), device=device)
        self._optimizer = torch.optim.AdamW(
            [{"params": kernels, "weight_decay": decay}, {"params": others, "weight_decay": 0.0}],
            lr=self._rate,
            eps=1e-7,  # Keras's
            capturable=device != "cpu",
            foreach=False,
            fused=True,
        )
        self._means, self._now = (
            [each for each in model.state_dict().values() if each.is_floating_point()]
            for model in (self.average, self.network)
        )

    def step(self, pixels: Any, goals: Any, rate: Any, keep: Any) -> Any:
        """One batch: ``goals`` (n, 10) are probabilities, ``rate`` and ``keep`` scalar tensors."""
        self._rate.copy_(rate)
        self._optimizer.zero_grad(set_to_none=True)
        with torch.autocast(self.device, torch.bfloat16):
            logits = self.network(pixels)
        loss = -(goals * logits.float().log_softmax(dim=1)).sum(dim=1).mean()
        loss.backward()
        self._optimizer.step()
        torch._foreach_mul_(self._means, keep)
        torch._foreach_add_(self._means, torch._foreach_mul(self._now, 1 - keep))
        return loss.detach()

    @torch.no_grad()
    def answer(self, pixels: Any) -> Any:
        """(n, 1, 28, 28) → (n, 10) probabilities of the average, in bfloat16 before the softmax."""
        with torch.autocast(self.device, torch.bfloat16):
            logits = self.average(pixels)
        return logits.float().softmax(dim=1)


class Together:
    """Learners that take every batch at once, and teachers whose mean answer they learn from.

    ``share`` is the teachers' part of the target.
    """

    def __init__(
        self, learners: Sequence[Learner], teachers: Sequence[Learner], *, share: float, batch: int
    ) -> None:
        self._learners, self._teachers, self._share = learners, teachers, share
        self._device = learners[0].device
        self._pictures = torch.zeros((batch, 28, 28), dtype=torch.uint8, device=self._device)
        self._goals = torch.zeros((batch, CLASSES), device=self._device)
        self._rate, self._keep = (torch.zeros((), device=self._device) for _ in range(2))
        self._graph: Any = None
        self._steps = 0
        if self._device != "cpu":
            most = max(len(learners), len(teachers))
            self._streams = [torch.cuda.Stream() for _ in range(most)]

    def step(self, pictures: Any, goals: Any, rate: float, keep: float) -> list[Any]:
        """(batch, 28, 28) bytes, (batch, 10) goals. Returns each learner's loss, on the device."""
        self._pictures.copy_(pictures)
        self._goals.copy_(goals)
        self._rate.fill_(rate)
        self._keep.fill_(keep)
        self._steps += 1
        if self._graph is not None:
            self._graph.replay()
        else:
            self._losses = self._learn()
            if self._device != "cpu" and self._steps == _WARM_UP:
                self._capture()
        return self._losses

    def _capture(self) -> None:
        torch.cuda.synchronize()
        self._graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self._graph):
            self._losses = self._learn()

    def _learn(self) -> list[Any]:
        pixels = self._pictures[:, None].float() / 255
        pixels = pixels.contiguous(memory_format=torch.channels_last)
        goals = self._goals
        if self._teachers:
            answers = self._for_all(self._teachers, lambda one: one.answer(pixels))
            taught = torch.stack(answers).mean(dim=0)
            goals = goals * (1 - self._share) + taught * self._share
        return self._for_all(
            self._learners, lambda one: one.step(pixels, goals, self._rate, self._keep)
        )

    def _for_all(self, among: Sequence[Learner], do: Callable[[Learner], T]) -> list[T]:
        if self._device == "cpu":
            return [do(each) for each in among]
        main, results = torch.cuda.current_stream(), []
        for stream, each in zip(self._streams, among, strict=False):
            stream.wait_stream(main)
            with torch.cuda.stream(stream):
                results.append(do(each))
        for stream in self._streams[: len(among)]:
            main.wait_stream(stream)
        return results
