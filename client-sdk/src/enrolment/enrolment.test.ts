import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { unanswered } from './caFailure.js';
import { type EnrolmentRequest, enrol } from './enrolment.js';

const open: { close(): void }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

/** Something that is no Fabric CA answers where one is looked for. */
async function askingOf(listener: RequestListener, signal?: AbortSignal): Promise<EnrolmentRequest> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push({
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { ca: { url }, mspId: 'Org1MSP', enrolmentId: 'host', secret: 'very secret', signal };
}

const failureOf = (request: EnrolmentRequest): Promise<unknown> =>
  enrol(request).catch((error: unknown) => error);

describe('enrolment where no Fabric CA answers', () => {
  it('names the HTTP status, and repeats nothing of an answer that may hold the secret', async () => {
    const request = await askingOf(({ headers }, response) => {
      response
        .writeHead(502)
        .end(`<h1>Bad gateway</h1> ${Buffer.from(headers.authorization!.slice(6), 'base64').toString()}`);
    });
    const failure = await failureOf(request);
    expect(failure).toMatchObject({
      code: 'VT8501',
      reason: `Could not enrol host at ${request.ca.url}: HTTP 502, in other words than a Fabric CA’s.`,
      facts: { url: request.ca.url, httpStatus: 502 },
    });
    expect(JSON.stringify(failure) + String(failure)).not.toContain('very secret');
  });

  it('attack 61: reads no answer without end', async () => {
    const request = await askingOf((_request, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(1_000_000, ' ')));
        response.once('drain', more);
      };
      more();
    });
    expect(await failureOf(request)).toMatchObject({ code: 'VT8501', facts: { httpStatus: 200 } });
  });

  it('says why there was no answer', async () => {
    const hangsUp = await askingOf(({ socket }) => socket.destroy());
    expect(await failureOf(hangsUp)).toMatchObject({ code: 'VT8501', facts: { network: 'ECONNRESET' } });
    open.splice(0).forEach((server) => server.close());
    expect(await failureOf(hangsUp)).toMatchObject({ code: 'VT8501', facts: { network: 'ECONNREFUSED' } });
    const noAddress = { ...hangsUp, ca: { url: 'nowhere' } };
    expect(await failureOf(noAddress)).toMatchObject({
      reason: 'Could not enrol host at nowhere: no answer (Invalid URL).',
      facts: { network: 'ERR_INVALID_URL' },
    });
  });

  it('says that the time was over, and takes what has no message by its code', async () => {
    const call = { doing: 'enrol host', ca: { url: 'http://ca' } };
    const late = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    expect(await unanswered(call, late)).toMatchObject({
      reason: 'Could not enrol host at http://ca: no answer (The operation was aborted due to timeout).',
      facts: { network: 'TimeoutError' },
    });
    const nowhere = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' });
    expect((await unanswered(call, nowhere)).reason).toContain('no answer (ECONNREFUSED)');
  });

  it('is ended by its signal while the answer is out', async () => {
    const controller = new AbortController();
    const request = await askingOf(() => {
      controller.abort();
    }, controller.signal);
    expect(await failureOf(request)).toMatchObject({ code: 'VT8005' });
  });
});
