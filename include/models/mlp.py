"""A neural network in PyTorch: learned places for zones and hours of the week beside standardised numbers."""

from __future__ import annotations

import io
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from include.features.dictionary import FEATURE_NAMES
from include.models.linear import CARRIED_ON
from include.models.onnx_graphs import CONVERTER_OPSET, INPUT
from include.models.recipes import COLUMN, SEED, Fitted, Lesson
from include.trips.zones import ZONE_COUNT

REGRESSOR, CLASSIFIER = "mlp with absolute error", "mlp with log loss"
ZONE_NUMBERS, HOUR_NUMBERS, HOURS = 16, 8, 168
"""How many numbers stand for a zone, and for an hour of the week."""
HARMONICS = (2, 3, 4)
"""Waves a day beside the one that is a feature."""
LEAST_EPOCHS = 4


def fit_network(estimator: str, params: Mapping[str, Any], lesson: Lesson) -> Fitted:
    """AdamW with a learning rate that rises and falls once; the weights of the epoch best on the tune days stay.

    `estimator` is REGRESSOR (absolute error of the exponential of the output) or CLASSIFIER (log loss). Of `epochs`,
    as many are used as show at most `trips` rows, so that a larger window does not take longer.
    """
    import torch

    torch.set_num_threads(lesson.threads)
    torch.manual_seed(SEED)
    network = _network(lesson, params["hidden"], params["dropout"], estimator == CLASSIFIER)
    batches = max(len(lesson.x) // params["batch"], 1)
    epochs = min(params["epochs"], max(LEAST_EPOCHS, params["trips"] // len(lesson.x)))
    optimiser, schedule = _optimiser(network, params, epochs * batches)
    order = torch.Generator().manual_seed(SEED)
    best, kept, best_epoch = np.inf, network.state_dict(), 0
    for epoch in range(1, epochs + 1):
        shuffled = torch.randperm(len(lesson.x), generator=order).tensor_split(batches)
        _one_epoch(network, optimiser, schedule, lesson, shuffled, estimator)
        loss = _tune_loss(network, lesson, estimator)
        if loss < best:
            best, best_epoch = loss, epoch
            kept = {name: value.clone() for name, value in network.state_dict().items()}
        if epoch - best_epoch >= params["patience"]:
            break
    network.load_state_dict(kept)
    return Fitted(network.eval(), lambda rows: _predict(network, rows), {"best_epoch": float(best_epoch)})


def _optimiser(network: Any, params: Mapping[str, Any], steps: int) -> tuple[Any, Any]:
    """Places are held ten times closer to 0 than weights: most zones have few trips."""
    import torch

    places = list(network.zones.parameters()) + list(network.hours.parameters())
    groups = [{"params": places, "weight_decay": 10 * params["decay"]},
              {"params": network.layers.parameters(), "weight_decay": params["decay"]}]  # fmt: skip
    optimiser = torch.optim.AdamW(groups, lr=params["learning_rate"])
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, params["learning_rate"], total_steps=steps, pct_start=0.15
    )
    return optimiser, schedule


def _one_epoch(network: Any, optimiser: Any, schedule: Any, lesson: Lesson, batches: Any, estimator: str) -> None:
    import torch

    x, y = torch.from_numpy(lesson.x), torch.from_numpy(lesson.y.astype(np.float32))
    network.train()
    for rows in batches:
        optimiser.zero_grad()
        _loss(network(x[rows]), y[rows], estimator).backward()
        optimiser.step()
        schedule.step()


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


def _network(lesson: Lesson, hidden: tuple[int, ...], dropout: float, is_classifier: bool) -> Any:
    """The untrained network; it makes its numbers from the matrix by itself, and so does its graph."""
    import torch
    from torch import nn

    pickup, dropoff, hour, weekday, minute = (
        COLUMN[name] for name in ("pickup_zone", "dropoff_zone", "hour", "weekday", "minute_of_day")
    )
    direct, grid = COLUMN["haversine_km"], COLUMN["manhattan_km"]
    beyond = [COLUMN[name] for name in CARRIED_ON]
    plain = [i for i in range(lesson.x.shape[1]) if i not in (pickup, dropoff, *beyond)]
    centre, spread = lesson.x[:, plain].mean(0), lesson.x[:, plain].std(0)
    level = 0.0 if is_classifier else float(np.log(np.maximum(lesson.y, 1e-3)).mean())

    class Network(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.zones = nn.ModuleList(nn.Embedding(ZONE_COUNT, ZONE_NUMBERS) for _ in (pickup, dropoff))
            self.hours = nn.Embedding(HOURS, HOUR_NUMBERS)
            for places in (*self.zones, self.hours):
                nn.init.normal_(places.weight, std=0.05)
            self.register_buffer("centre", torch.from_numpy(centre))
            self.register_buffer("spread", torch.from_numpy(np.where(spread > 0, spread, 1).astype(np.float32)))
            sizes = [len(plain) + 2 + 2 * len(HARMONICS) + 2 * ZONE_NUMBERS + HOUR_NUMBERS, *hidden]
            layers = [part for a, b in pairwise(sizes) for part in (nn.Linear(a, b), nn.SiLU(), nn.Dropout(dropout))]
            self.layers = nn.Sequential(*layers, nn.Linear(sizes[-1], 1))

        def forward(self, features: Any) -> Any:
            angle = features[:, minute : minute + 1] * (2 * np.pi / 1440)
            waves = [wave(angle * harmonic) for harmonic in HARMONICS for wave in (torch.sin, torch.cos)]
            logs = [torch.log(features[:, direct : direct + 1] + 0.4), torch.log(features[:, grid : grid + 1] + 0.6)]
            numbers = (features[:, plain] - self.centre) / self.spread
            zones = [at(features[:, c].long()) for at, c in zip(self.zones, (pickup, dropoff), strict=True)]
            hours = self.hours((features[:, weekday] * 24 + features[:, hour]).long())
            out = self.layers(torch.cat([numbers, *logs, *waves, *zones, hours], 1)).squeeze(1)
            return torch.sigmoid(out) if is_classifier else torch.exp(out.clamp(-8, 8) + level)

    return Network()


def export_network(model: Any, name: str) -> bytes:
    """The network as ONNX, traced; `name` becomes the graph's."""
    import onnx
    import torch

    buffer: Any = io.BytesIO()
    torch.onnx.export(
        model, (torch.zeros(2, len(FEATURE_NAMES)),), buffer, input_names=[INPUT], output_names=["value"],
        dynamic_axes={INPUT: {0: "n"}, "value": {0: "n"}}, opset_version=CONVERTER_OPSET, dynamo=False,
    )  # fmt: skip
    graph = onnx.load_from_string(buffer.getvalue())
    graph.graph.name = name
    for node in graph.graph.node:
        node.doc_string = ""  # where in which file it was traced
    return bytes(graph.SerializeToString())
