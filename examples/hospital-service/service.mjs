import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import Fastify from 'fastify';

const idOfCouple = { type: 'string', pattern: '^tc_[a-z0-9]+$' };
const params = { type: 'object', properties: { id: idOfCouple }, required: ['id'] };
const rejection = {
  type: 'object',
  properties: { reason: { enum: ['terms', 'purpose', 'capacity', 'reputation', 'other'] } },
  required: ['reason'],
  additionalProperties: false,
};

/** Which status an error of the market's is. */
const statusOf = ({ title, code }) =>
  ({ NOT_FOUND: 404, NOT_OWNER: 403, WRONG_STATE: 409 })[title] ?? (code?.startsWith('VT0') ? 422 : 502);

/** The HTTP service of a data owner: what is asked of it, its answers, and what happens. */
export function createService(hospital) {
  const app = Fastify();
  const ended = new AbortController();
  app.addHook('onClose', async () => ended.abort());
  app.setErrorHandler((error, _request, reply) => {
    if (error.validation) return reply.code(400).send({ message: error.message });
    const { code, title, message, hint, facts } = error;
    return reply.code(statusOf(error)).send({ code, title, message, hint, facts });
  });

  app.get('/couples', async () => {
    const { items } = await hospital.market.couples.list({ participantId: hospital.id });
    return items.filter(({ dataOwnerId }) => dataOwnerId === hospital.id);
  });
  app.get('/couples/:id', { schema: { params } }, ({ params: { id } }) => hospital.couples.of(id).view());
  app.post('/couples/:id/approve', { schema: { params } }, ({ params: { id } }) =>
    hospital.couples.of(id).approve(),
  );
  app.post('/couples/:id/reject', { schema: { params, body: rejection } }, ({ params: { id }, body }) =>
    hospital.couples.of(id).reject(body.reason),
  );

  /** Server-sent events: every change of this owner's trainings, from the market's first block on. */
  app.get('/events', (_request, reply) => {
    const stream = new PassThrough();
    const closed = new AbortController();
    stream.once('close', () => closed.abort());
    void tell(hospital, stream, AbortSignal.any([closed.signal, ended.signal]));
    return reply.type('text/event-stream').send(stream);
  });
  return app;
}

async function tell(hospital, stream, signal) {
  const own = new Set();
  stream.write(': connected\n\n');
  try {
    for await (const change of hospital.market.events.watch({ signal })) {
      if (change.type === 'TrainingRequested' && change.dataOwnerId === hospital.id) own.add(change.coupleId);
      if (!own.has(change.coupleId)) continue;
      const data = JSON.stringify(change, (_name, value) => (typeof value === 'bigint' ? `${value}` : value));
      if (!stream.write(`event: ${change.type}\ndata: ${data}\n\n`)) await once(stream, 'drain', { signal });
    }
  } catch (error) {
    if (!signal.aborted) stream.destroy(error);
  }
  stream.end();
}

/** Answers requests by the policy until the signal fires: those that wait, and those that come. */
export async function answerByPolicy(hospital, policy, signal) {
  const answer = async (couple) => {
    const verdict = policy(couple);
    if (verdict === 'approve') await hospital.couples.of(couple.coupleId).approve({ signal });
    else if (verdict !== undefined) await hospital.couples.of(couple.coupleId).reject(verdict, { signal });
  };
  try {
    const requests = hospital.market.events.watch({ types: ['TrainingRequested'], signal });
    for await (const { coupleId, dataOwnerId } of requests) {
      if (dataOwnerId !== hospital.id) continue;
      const { couple } = await hospital.couples.of(coupleId).view({ signal });
      if (couple.state === 'requested') await answer(couple);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
