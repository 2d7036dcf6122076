"""scikit-learn's least squares in clear."""

from time import perf_counter, process_time

import sklearn
from sklearn.linear_model import LinearRegression

from common import mean_squared_error, report, train_and_test

(rows, targets), (test_rows, test_targets) = train_and_test()

seconds = []
cpu_seconds = []
for _ in range(5):
    started, started_cpu = perf_counter(), process_time()
    model = LinearRegression().fit(rows, targets)
    seconds.append(perf_counter() - started)
    cpu_seconds.append(process_time() - started_cpu)

report(
    seconds=sorted(seconds)[2],
    cpuSeconds=sorted(cpu_seconds)[2],
    metric=mean_squared_error(list(model.predict(test_rows)), test_targets),
    versions={"scikit-learn": sklearn.__version__},
)
