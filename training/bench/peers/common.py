"""Rows from CSV files (features, then the target, no header) and figures that every peer reports in the same way."""

import json
import sys


def rows_of(path):
    with open(path, encoding="utf-8") as lines:
        table = [[float(cell) for cell in line.split(",")] for line in lines if line.strip()]
    return [row[:-1] for row in table], [row[-1] for row in table]


def train_and_test():
    """The rows of the two files that the command line names."""
    return rows_of(sys.argv[1]), rows_of(sys.argv[2])


def auc(scores, labels):
    """Area under the ROC curve by ranks; ties count half."""
    order = sorted(range(len(scores)), key=lambda place: scores[place])
    ranks = [0.0] * len(scores)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and scores[order[end + 1]] == scores[order[start]]:
            end += 1
        for place in range(start, end + 1):
            ranks[order[place]] = (start + end) / 2 + 1
        start = end + 1
    positives = sum(1 for label in labels if label == 1)
    total = sum(rank for rank, label in zip(ranks, labels) if label == 1)
    return (total - positives * (positives + 1) / 2) / (positives * (len(labels) - positives))


def scores_of(rows, weights, bias):
    return [bias + sum(weight * value for weight, value in zip(weights, row)) for row in rows]


def mean_squared_error(scores, targets):
    return sum((score - target) ** 2 for score, target in zip(scores, targets)) / len(targets)


def report(**figures):
    """One line of JSON: seconds, metric (a number), and the versions of the libraries."""
    print(json.dumps(figures))
