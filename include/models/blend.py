"""The mean of families that err in different ways: one fit, one graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from include.models.onnx_graphs import INPUT
from include.models.recipes import Fitted, Lesson


def fit_blend(estimator: str, params: Mapping[str, Any], lesson: Lesson) -> Fitted:  # noqa: ARG001 - rows, not a class
    """Fits each of `members` (rows of the family table) with its own parameters; all weigh the same."""
    fitted = [row.fit(row.estimator, row.params, lesson) for row in params["members"]]
    learned = {
        f"{row.name}_{name}": value
        for row, part in zip(params["members"], fitted, strict=True)
        for name, value in part.learned.items()
    }
    parts = list(zip(params["members"], fitted, strict=True))
    return Fitted(parts, lambda x: np.mean([part.predict(x).astype(np.float64) for part in fitted], axis=0), learned)


def export_blend(model: Any, name: str) -> bytes:
    """The members' graphs side by side, and the mean of what they say."""
    return mean_graph([row.export(part.model, row.name) for row, part in model], name)


def mean_graph(graphs: Sequence[bytes], name: str) -> bytes:
    """Models from `features` to one float a row -> one that gives their mean.

    Converters name the oldest opset that has what they use; the newest of the members' is taken for all. Parity would
    tell if that made a difference.
    """
    import onnx
    from onnx import TensorProto, compose, helper, numpy_helper

    models = [onnx.load_from_string(graph) for graph in graphs]
    nodes, constants, said = [], [numpy_helper.from_array(np.array([-1], np.int64), "flat")], []
    for position, model in enumerate(models):
        graph = compose.add_prefix(model, f"{position}_").graph
        said.append(f"said_{position}")
        nodes += [helper.make_node("Identity", [INPUT], [graph.input[0].name]), *graph.node,
                  helper.make_node("Reshape", [graph.output[0].name, "flat"], [said[-1]])]  # fmt: skip
        constants += graph.initializer
    nodes.append(helper.make_node("Mean", said, ["value"]))
    values = [helper.make_tensor_value_info("value", TensorProto.FLOAT, [None])]
    merged = helper.make_graph(nodes, name, [models[0].graph.input[0]], values, constants)
    newest: dict[str, int] = {}
    for opset in (opset for model in models for opset in model.opset_import):
        newest[opset.domain] = max(newest.get(opset.domain, 0), opset.version)
    opsets = [helper.make_opsetid(domain, version) for domain, version in newest.items()]
    ir = max(model.ir_version for model in models)
    return bytes(helper.make_model(merged, opset_imports=opsets, ir_version=ir).SerializeToString())
