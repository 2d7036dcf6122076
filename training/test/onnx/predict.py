"""Runs ONNX files with Python's ONNX Runtime: {files, rows} in, the outputs of each file out, as JSON."""

import json
import sys

import numpy
import onnxruntime

asked = json.load(sys.stdin)
answers = []
for path in asked["files"]:
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    facts = session.get_modelmeta().custom_metadata_map
    feeds = {}
    for name, kind in (("numbers", numpy.float64), ("texts", object)):
        columns = json.loads(facts[name])
        if columns:
            cells = [[row[column] for column in columns] for row in asked["rows"]]
            if kind is numpy.float64:
                cells = [[numpy.nan if cell == "" else float(cell) for cell in row] for row in cells]
            feeds[name] = numpy.array(cells, dtype=kind)
    names = [output.name for output in session.get_outputs()]
    values = session.run(names, feeds)
    answers.append({name: value.ravel().tolist() for name, value in zip(names, values)})
json.dump(answers, sys.stdout)
