"""Equal graphs are equal bytes, whatever order a converter wrote them in."""

from __future__ import annotations

import numpy as np

from include.models.onnx_graphs import one_output, table_graph


def test_versions_of_operator_sets_are_in_one_order() -> None:
    import onnx
    from onnx import helper

    plain = table_graph("same", [helper.make_node("Identity", ["features"], ["value"])], {"unused": np.zeros(1)})
    written = []
    for domains in (("", "ai.onnx.ml"), ("ai.onnx.ml", "")):
        model = onnx.load_from_string(plain)
        del model.opset_import[:]
        model.opset_import.extend(helper.make_opsetid(domain, 1) for domain in domains)
        written.append(one_output(model))
    assert written[0] == written[1]
