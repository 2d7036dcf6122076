import http from 'node:http';
import https from 'node:https';
import { afterAll, beforeAll, expect } from 'vitest';

/**
 * A connection for each call of fabric-ca-client: 2.2 adds a listener for timeouts to the socket of every call and takes
 * none away, so that on a kept connection they pile up. It takes no agent of its own.
 */
export function connectionForEachCall(): void {
  const kept = [http.globalAgent, https.globalAgent] as const;
  const piledUp: string[] = [];
  const note = ({ name, message }: Error): void => {
    if (name === 'MaxListenersExceededWarning') piledUp.push(message);
  };
  beforeAll(() => {
    http.globalAgent = new http.Agent();
    https.globalAgent = new https.Agent();
    process.on('warning', note);
  });
  afterAll(() => {
    [http.globalAgent, https.globalAgent] = kept;
    process.off('warning', note);
    expect(piledUp).toEqual([]);
  });
}
