import { appendFileSync, copyFileSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineProgram } from '@veritrain/training';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ended } from '../support/couples.js';
import { coupleOf, Stage, withinMs } from '../support/stage.js';
import type { StoryMember } from '../support/storyMarket.js';
import { verdictsOn } from '../support/verdicts.js';

// Members of a couple load its family themselves. Who has other code under the same name must not take part in it.

const root = fileURLToPath(new URL('../..', import.meta.url));
const familyFile = join(root, 'examples', 'own-family', 'rootRidge.mjs');

const folder = mkdtempSync(join(tmpdir(), 'veritrain-family-'));

/** The same family in other bytes. */
function changedFile(): string {
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const file = join(folder, 'rootRidge.mjs');
  copyFileSync(familyFile, file);
  appendFileSync(file, '// Changed.\n');
  return file;
}

let stage: Stage;
let lab: StoryMember;
let hosts: StoryMember[];

beforeAll(async () => {
  await import(familyFile);
  stage = await Stage.open();
  [lab] = (await stage.join('modelOwner', 'lab')) as [StoryMember];
  hosts = await stage.join('cloudOwner', 'host1', 'host2', 'host3');
  const other = changedFile();
  for (const member of [lab, ...hosts.slice(0, 2)]) stage.run(member, { familyFiles: familyFile });
  stage.run(hosts[2]!, { familyFiles: other });
  const [same, changed] = await stage.join('dataOwner', 'same', 'changed');
  stage.run(same!, { familyFiles: familyFile });
  stage.run(changed!, { familyFiles: other });
  await stage.market.agentsStarted();
}, withinMs);
afterAll(async () => {
  await stage?.market.stop();
  rmSync(folder, { recursive: true, force: true });
});

const ask = async (story: string): Promise<void> => {
  await stage.publish(story, { owner: stage.of(story), hosts });
  await stage.ask(story, lab, { program: defineProgram({ family: 'rootRidge' }) });
};

it.concurrent(
  'a host with other code of a family reports, and its sisters train',
  async () => {
    await ask('same');
    const couple = await stage.finishedAsUndisturbed('same', stage.of('same'), lab);
    expect(couple.startedRounds).toBe(1);
    expect(await verdictsOn(hosts[2]!, coupleOf('same'))).toEqual(['excused', 'excused']);
  },
  withinMs,
);

it.concurrent(
  'a data owner with other code of a family rejects the request',
  async () => {
    await ask('changed');
    const couple = await ended(lab, coupleOf('changed'), withinMs);
    expect(couple).toMatchObject({ state: 'rejected', rejectReason: 'programUnusable' });
  },
  withinMs,
);
