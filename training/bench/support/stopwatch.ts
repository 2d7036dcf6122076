/** Time of one measurement. */
export interface Times {
  readonly seconds: number;
  /** Of all threads of this process, in user and system. On a loaded machine it is less than the wall clock's. */
  readonly cpuSeconds: number;
}

/** Starts to measure; the function that it returns ends it. */
export function startWatch(): () => Times {
  const started = performance.now();
  const startedCpu = process.cpuUsage();
  return () => {
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(startedCpu);
    return { seconds, cpuSeconds: (user + system) / 1e6 };
  };
}
