import { expect, it } from 'vitest';
import { createRateController } from '../rate-controllers/inFlight.js';

const message = (transactionLoad: number, workers: number) => ({
  getRateControlSpec: () => ({ opts: { transactionLoad } }),
  getWorkersNumber: () => workers,
});

it('lets each worker have its share in flight, and the next when one has ended', async () => {
  const counts = { submitted: 0, finished: 0 };
  const statistics = {
    getTotalSubmittedTx: () => counts.submitted,
    getTotalFinishedTx: () => counts.finished,
  };
  const controller = createRateController(message(5, 2), statistics, 0);
  for (; counts.submitted < 3; counts.submitted += 1) await controller.applyRateControl();
  let isFree = false;
  const free = controller.applyRateControl().then(() => (isFree = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect(isFree).toBe(false);
  counts.finished = 1;
  await free;
  expect(isFree).toBe(true);
});

it('refuses a load that leaves a worker with nothing to do', () => {
  const statistics = { getTotalSubmittedTx: () => 0, getTotalFinishedTx: () => 0 };
  expect(() => createRateController(message(1, 2), statistics, 1)).toThrow('too few for 2 workers');
  expect(() => createRateController(message(0, 1), statistics, 0)).toThrow();
});

it('waits a moment where the workload sent nothing, and goes on', async () => {
  const statistics = { getTotalSubmittedTx: () => 0, getTotalFinishedTx: () => 0 };
  const controller = createRateController(message(1, 1), statistics, 0);
  await controller.applyRateControl();
  let isAskedAgain = false;
  const again = controller.applyRateControl().then(() => (isAskedAgain = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect(isAskedAgain).toBe(false);
  await again;
});
