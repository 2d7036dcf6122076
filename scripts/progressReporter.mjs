// A reporter of vitest: says every half minute which files run, and in the end which took longest.
import { clearInterval, setInterval } from 'node:timers';

const everyMs = 30_000;
const longest = 10;

const write = (line) => process.stdout.write(`${line}\n`);
const seconds = (ms) => `${(ms / 1000).toFixed(0)} s`;

export default class ProgressReporter {
  #running = new Map();

  onTestRunStart() {
    this.timer = setInterval(() => this.#sayWhatRuns(), everyMs).unref();
  }

  onTestModuleStart({ relativeModuleId }) {
    this.#running.set(relativeModuleId, Date.now());
  }

  onTestModuleEnd({ relativeModuleId }) {
    this.#running.delete(relativeModuleId);
  }

  onTestRunEnd(modules) {
    clearInterval(this.timer);
    const files = modules
      .map((module) => ({ name: module.relativeModuleId, ms: module.diagnostic().duration }))
      .sort((one, other) => other.ms - one.ms);
    write('\nLongest files:');
    for (const { name, ms } of files.slice(0, longest)) write(`  ${seconds(ms).padStart(6)}  ${name}`);
  }

  #sayWhatRuns() {
    const files = [...this.#running].map(([name, since]) => `${name} (${seconds(Date.now() - since)})`);
    if (files.length > 0) write(`Running: ${files.join(', ')}`);
  }
}
