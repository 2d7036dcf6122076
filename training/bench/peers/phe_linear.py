"""One iteration of DeltaML's protocol with phe: Paillier-encrypted weights, rows in clear at five owners.

Each owner predicts its rows under encryption and sums up the gradient; the model owner decrypts five gradients, adds them
up and makes a step of 0.2. Keys have phe's default of 3072 bits, 128-bit security as ours. Making them is not timed. phe
computes with gmpy2, some ten times faster than without.
"""

from time import perf_counter, process_time

import gmpy2
import phe

from common import mean_squared_error, report, scores_of, train_and_test

OWNERS = 5
STEP = 0.2

(rows, targets), (test_rows, test_targets) = train_and_test()
public_key, secret_key = phe.generate_paillier_keypair()
features = len(rows[0])


def gradient_of(weights, own_rows, own_targets):
    sums = [0] * features
    for row, target in zip(own_rows, own_targets):
        error = -target
        for weight, value in zip(weights, row):
            error = weight * value + error
        for place, value in enumerate(row):
            sums[place] = error * value + sums[place]
    return sums


started, started_cpu = perf_counter(), process_time()
weights = [public_key.encrypt(0.0) for _ in range(features)]
step = [0.0] * features
for owner in range(OWNERS):
    gradient = gradient_of(weights, rows[owner::OWNERS], targets[owner::OWNERS])
    for place, value in enumerate(gradient):
        step[place] += secret_key.decrypt(value) / len(rows)
seconds = perf_counter() - started
cpu_seconds = process_time() - started_cpu

report(
    seconds=seconds,
    cpuSeconds=cpu_seconds,
    metric=mean_squared_error(scores_of(test_rows, [-STEP * value for value in step], 0.0), test_targets),
    versions={"phe": phe.__version__, "gmpy2": gmpy2.version()},
)
