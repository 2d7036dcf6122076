"""One epoch of logistic regression in TenSEAL: encrypted weights on encrypted rows, one row at a time.

Parameters are those of TenSEAL's tutorial 1: ring degree 8192, primes of 40, six times 21 and 40 bits, scale 2^21, the
sigmoid as 0.5 + 0.197 z - 0.004 z^3, step 1, decay 0.05. Encrypting the rows and making the keys is not timed, as there.
"""

from time import perf_counter, process_time

import tenseal as ts

from common import auc, report, scores_of, train_and_test

(rows, labels), (test_rows, test_labels) = train_and_test()

context = ts.context(
    ts.SCHEME_TYPE.CKKS,
    poly_modulus_degree=8192,
    coeff_mod_bit_sizes=[40, 21, 21, 21, 21, 21, 21, 40],
    n_threads=1,
)
context.global_scale = 2**21
context.generate_galois_keys()
sent_rows = [ts.ckks_vector(context, row) for row in rows]
sent_labels = [ts.ckks_vector(context, [label]) for label in labels]

started, started_cpu = perf_counter(), process_time()
weights = ts.ckks_vector(context, [0.0] * len(rows[0]))
bias = ts.ckks_vector(context, [0.0])
weight_steps, bias_steps = 0, 0
for row, label in zip(sent_rows, sent_labels):
    probability = (row.dot(weights) + bias).polyval([0.5, 0.197, 0, -0.004])
    error = probability - label
    weight_steps += row * error
    bias_steps += error
weights -= weight_steps * (1 / len(rows)) + weights * 0.05
bias -= bias_steps * (1 / len(rows))
found, intercept = weights.decrypt(), bias.decrypt()[0]
seconds = perf_counter() - started
cpu_seconds = process_time() - started_cpu

report(
    seconds=seconds,
    cpuSeconds=cpu_seconds,
    metric=auc(scores_of(test_rows, found, intercept), test_labels),
    versions={"tenseal": ts.__version__},
)
