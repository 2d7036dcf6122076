// Loaded into a process before anything else: when it ends, it notes the most memory that it ever had.
import { appendFileSync, readFileSync } from 'node:fs';

const { VERITRAIN_BENCH_NOTES: notes, VERITRAIN_BENCH_STEP: step } = process.env;

/** Peak resident set in kB: of this program, where the system tells it; else of whatever the process was before, too. */
function peak() {
  try {
    return Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
  } catch {
    return process.resourceUsage().maxRSS;
  }
}

if (notes !== undefined && step !== undefined) {
  process.on('exit', () =>
    appendFileSync(notes, `${JSON.stringify({ step, pid: process.pid, peakKb: peak() })}\n`),
  );
}
