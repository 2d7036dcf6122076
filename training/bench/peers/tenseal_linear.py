"""One epoch of linear regression in TenSEAL: encrypted weights on encrypted rows, one row at a time, step 0.2.

Ring degree 8192, as in TenSEAL's tutorial 1. A gradient needs fewer products than a sigmoid, which leaves room for a scale of
2^30: at the tutorial's 2^21 the errors of the sums are as large as the targets. Encrypting the rows and making the
keys is not timed.
"""

from time import perf_counter, process_time

import tenseal as ts

from common import mean_squared_error, report, scores_of, train_and_test

STEP = 0.2

(rows, targets), (test_rows, test_targets) = train_and_test()

context = ts.context(
    ts.SCHEME_TYPE.CKKS,
    poly_modulus_degree=8192,
    coeff_mod_bit_sizes=[50, 30, 30, 30, 50],
    n_threads=1,
)
context.global_scale = 2**30
context.generate_galois_keys()
sent_rows = [ts.ckks_vector(context, row) for row in rows]
sent_targets = [ts.ckks_vector(context, [target]) for target in targets]

started, started_cpu = perf_counter(), process_time()
weights = ts.ckks_vector(context, [0.0] * len(rows[0]))
steps = 0
for row, target in zip(sent_rows, sent_targets):
    steps += row * (row.dot(weights) - target)
# The model owner decrypts the sum and makes the step in clear, as in our rounds.
found = [-STEP * step / len(rows) for step in steps.decrypt()]
seconds = perf_counter() - started
cpu_seconds = process_time() - started_cpu

report(
    seconds=seconds,
    cpuSeconds=cpu_seconds,
    metric=mean_squared_error(scores_of(test_rows, found, 0.0), test_targets),
    versions={"tenseal": ts.__version__},
)
