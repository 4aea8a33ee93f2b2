"""A small neural network in PyTorch: learned places for zones, hour and weekday beside standardised numbers."""

from __future__ import annotations

import io
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from include.features.dictionary import FEATURE_NAMES
from include.models.onnx_graphs import INPUT, OPSETS
from include.models.recipes import COLUMN, SEED, Fitted, Lesson
from include.trips.zones import ZONE_COUNT

REGRESSOR, CLASSIFIER = "mlp with absolute error", "mlp with log loss"
EMBEDDED = {"pickup_zone": (ZONE_COUNT, 12), "dropoff_zone": (ZONE_COUNT, 12), "hour": (24, 4), "weekday": (7, 2)}
"""Column -> how many values it has, and how many numbers stand for one."""


def fit_network(estimator: str, params: Mapping[str, Any], lesson: Lesson) -> Fitted:
    """Adam on batches in a seeded order; the weights of the epoch that was best on the tune days stay.

    `estimator` is REGRESSOR (absolute error of the exponential of the output) or CLASSIFIER (log loss).
    """
    import torch

    torch.set_num_threads(lesson.threads)
    torch.manual_seed(SEED)
    network = _network(lesson, params["hidden"], estimator == CLASSIFIER)
    optimiser = torch.optim.Adam(network.parameters(), lr=params["learning_rate"], weight_decay=params["decay"])
    order = torch.Generator().manual_seed(SEED)
    best, kept, epochs = np.inf, network.state_dict(), 0
    for epoch in range(1, params["epochs"] + 1):
        _one_epoch(network, optimiser, order, lesson, params["batch"], estimator)
        loss = _tune_loss(network, lesson, estimator)
        if loss < best:
            best, epochs = loss, epoch
            kept = {name: value.clone() for name, value in network.state_dict().items()}
        if epoch - epochs >= params["patience"]:
            break
    network.load_state_dict(kept)
    return Fitted(network.eval(), lambda rows: _predict(network, rows), {"epochs": float(epochs)})


def _one_epoch(network: Any, optimiser: Any, order: Any, lesson: Lesson, batch: int, estimator: str) -> None:
    import torch

    x, y = torch.from_numpy(lesson.x), torch.from_numpy(lesson.y.astype(np.float32))
    shuffled = torch.randperm(len(x), generator=order)
    network.train()
    for start in range(0, len(x), batch):
        rows = shuffled[start : start + batch]
        optimiser.zero_grad()
        _loss(network(x[rows]), y[rows], estimator).backward()
        optimiser.step()


def _tune_loss(network: Any, lesson: Lesson, estimator: str) -> float:
    import torch

    said, truth = _predict(network, lesson.x_tune), lesson.y_tune.astype(np.float32)
    return float(_loss(torch.from_numpy(said), torch.from_numpy(truth), estimator))


def _loss(said: Any, truth: Any, estimator: str) -> Any:
    from torch.nn import functional

    if estimator == CLASSIFIER:
        return functional.binary_cross_entropy(said.clamp(1e-6, 1 - 1e-6), truth)
    return functional.l1_loss(said, truth)


def _predict(network: Any, x: np.ndarray) -> np.ndarray:
    import torch

    network.eval()
    with torch.no_grad():
        return np.asarray(network(torch.from_numpy(np.ascontiguousarray(x))).numpy())


def _network(lesson: Lesson, hidden: tuple[int, ...], is_classifier: bool) -> Any:
    """The untrained network; it standardises by itself, so that its graph takes the matrix as it is."""
    import torch
    from torch import nn

    embedded = [COLUMN[name] for name in EMBEDDED]
    plain = [i for i in range(lesson.x.shape[1]) if i not in embedded]
    centre, spread = lesson.x[:, plain].mean(0), lesson.x[:, plain].std(0)
    logs = np.zeros(1) if is_classifier else np.log(np.maximum(lesson.y, 1e-3))

    class Network(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.places = nn.ModuleList(nn.Embedding(values, numbers) for values, numbers in EMBEDDED.values())
            self.register_buffer("centre", torch.from_numpy(centre))
            self.register_buffer("spread", torch.from_numpy(np.where(spread > 0, spread, 1).astype(np.float32)))
            sizes = [len(plain) + sum(numbers for _, numbers in EMBEDDED.values()), *hidden]
            layers = [part for a, b in pairwise(sizes) for part in (nn.Linear(a, b), nn.ReLU())]
            self.layers = nn.Sequential(*layers, nn.Linear(sizes[-1], 1))

        def forward(self, features: Any) -> Any:
            numbers = (features[:, plain] - self.centre) / self.spread
            looked_up = [p(features[:, c].long()) for p, c in zip(self.places, embedded, strict=True)]
            out = self.layers(torch.cat([numbers, *looked_up], 1)).squeeze(1)
            return torch.sigmoid(out) if is_classifier else torch.exp(out.clamp(-8, 8) + float(logs.mean()))

    return Network()


def export_network(model: Any, name: str) -> bytes:
    """The network as ONNX, traced; `name` becomes the graph's."""
    import onnx
    import torch

    buffer: Any = io.BytesIO()
    torch.onnx.export(
        model, (torch.zeros(2, len(FEATURE_NAMES)),), buffer, input_names=[INPUT], output_names=["value"],
        dynamic_axes={INPUT: {0: "n"}, "value": {0: "n"}}, opset_version=OPSETS[""], dynamo=False,
    )  # fmt: skip
    graph = onnx.load_from_string(buffer.getvalue())
    graph.graph.name = name
    for node in graph.graph.node:
        node.doc_string = ""  # where in which file it was traced
    return bytes(graph.SerializeToString())
