import { Worker } from 'node:worker_threads';

/** Seconds after which an input counts as one that hangs, on a slow machine too. */
const LIMIT_SECONDS = 120;

/** Ends the process, naming the case, when one input takes too long: a loop without end blocks this thread. */
export class Watchdog {
  readonly #beats = new Int32Array(new SharedArrayBuffer(4));
  readonly #names = new Uint8Array(new SharedArrayBuffer(256));
  readonly #worker = new Worker(
    `const { workerData: { beats, names, limit } } = require('node:worker_threads');
     for (;;) {
       const seen = Atomics.load(beats, 0);
       if (Atomics.wait(beats, 0, seen, limit * 1000) !== 'timed-out') continue;
       const name = Buffer.from(names).toString('utf8').split('\\0')[0];
       require('node:fs').writeSync(2, 'The input ' + name + ' takes more than ' + limit + ' s.\\n');
       process.kill(process.pid, 'SIGKILL');
     }`,
    { eval: true, workerData: { beats: this.#beats, names: this.#names, limit: LIMIT_SECONDS } },
  );

  constructor() {
    this.#worker.unref();
  }

  readonly beat = (name: string): void => {
    this.#names.fill(0);
    new TextEncoder().encodeInto(name, this.#names.subarray(0, 255));
    Atomics.add(this.#beats, 0, 1);
    Atomics.notify(this.#beats, 0);
  };

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
