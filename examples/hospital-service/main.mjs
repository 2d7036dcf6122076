// The service of the profile VERITRAIN_PROFILE. Its agent draws and verifies; requests are answered by policy, or over HTTP.
import { runAgent } from '@veritrain/agents';
import { openMember } from '@veritrain/member';
import { policyOf } from './policy.mjs';
import { answerByPolicy, createService } from './service.mjs';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop.abort());

const hospital = await openMember();
const app = createService(hospital);
const policy = policyOf({ mostRounds: Number(process.env.MOST_ROUNDS ?? 50) });
const work = [
  runAgent(hospital, { approval: 'manual', signal: stop.signal }),
  answerByPolicy(hospital, policy, stop.signal),
];
console.log(await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT ?? 8080) }));
await Promise.all(work);
await app.close();
hospital.close();
