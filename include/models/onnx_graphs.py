"""Graphs that a service can run: built by hand from tables, or converted and cut down to one output."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from include.features.dictionary import FEATURE_NAMES

OPSETS = {"": 18, "ai.onnx.ml": 3}
IR_VERSION = 8
CONVERTER_OPSET = 15
"""Of graphs that converters write."""
INPUT = "features"


def table_graph(name: str, nodes: Sequence[Any], constants: dict[str, np.ndarray]) -> bytes:
    """Nodes over `features` and named constants, the last one giving `value` (n,) -> a whole ONNX model."""
    from onnx import TensorProto, helper, numpy_helper

    graph = helper.make_graph(
        nodes,
        name,
        [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, [None, len(FEATURE_NAMES)])],
        [helper.make_tensor_value_info("value", TensorProto.FLOAT, [None])],
        [numpy_helper.from_array(value, constant) for constant, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSETS[""])], ir_version=IR_VERSION)
    return bytes(model.SerializeToString())


def cell_nodes(cell: str, columns: str, weights: str) -> list[Any]:
    """Nodes for `cell` = the sum of whole-number columns times weights; `columns`, `weights` and `axis` are constants.

    (n, features) -> (n,) int64, the row of a table.
    """
    from onnx import TensorProto, helper

    return [
        helper.make_node("Gather", [INPUT, columns], [f"{cell}_picked"], axis=1),
        helper.make_node("Cast", [f"{cell}_picked"], [f"{cell}_whole"], to=TensorProto.INT64),
        helper.make_node("Mul", [f"{cell}_whole", weights], [f"{cell}_weighted"]),
        helper.make_node("ReduceSum", [f"{cell}_weighted", "axis"], [cell], keepdims=0),
    ]


def sklearn_graph(model: Any, name: str) -> bytes:
    """A fitted scikit-learn model or pipeline as ONNX; a classifier gives the chance of its second class."""
    from skl2onnx import convert_sklearn
    from skl2onnx.common.data_types import FloatTensorType
    from sklearn.base import is_classifier

    shape = [(INPUT, FloatTensorType([None, len(FEATURE_NAMES)]))]
    options = {"zipmap": False} if is_classifier(model) else None
    return one_output(convert_sklearn(model, name, shape, target_opset=OPSETS, options=options))


def one_output(model: Any) -> bytes:
    """A converted model -> the same with one float output: a classifier's labels go, its second chance stays."""
    from onnx import TensorProto, helper, numpy_helper

    graph = model.graph
    # Converters write the versions in the order of a set of texts, which differs from process to process.
    model.opset_import.sort(key=lambda entry: entry.domain)
    if len(graph.output) == 1:
        return bytes(model.SerializeToString())
    chances = graph.output[1].name
    graph.initializer.append(numpy_helper.from_array(np.array(1, np.int64), "second_class"))
    graph.node.append(helper.make_node("Gather", [chances, "second_class"], ["chance_of_yes"], axis=1))
    del graph.output[:]
    graph.output.append(helper.make_tensor_value_info("chance_of_yes", TensorProto.FLOAT, [None]))
    return bytes(model.SerializeToString())
