import type { TrainCouple } from '@veritrain/client-sdk';
import { instanceIdOf, mostDrawn } from '@veritrain/client-sdk/protocol';
import { submit } from '@veritrain/member/calls';
import { planCouple, requestCouple } from '@veritrain/member/couples';
import { type DatasetFacts, inviteHosts, publishDataset, splitDataset } from '@veritrain/member/datasets';
import { joinInstances } from '@veritrain/member/instances';
import { registerModel } from '@veritrain/member/models';
import type { Member } from '@veritrain/member/profile';
import type { TrainingProgram } from '@veritrain/training';
import type { Cast } from './members.js';
import type { DemoRun } from './prepare.js';

const tickPeriodMs = 500;
const minDeadlineMs = 10_000;
const maxDeadlineMs = 86_400_000;
/** A host's time for its commitment; more where many jobs share the processors. */
const paceMs = 30_000;
const paceForJobMs = 500;

/** Opens the market, as its operators: their organisations vote, and the clock ticks twice a second at most. */
export async function configureMarket(operators: readonly Member[], { signal }: DemoRun): Promise<void> {
  const settings = {
    votingOrganizations: operators.map(({ market }) => market.profile.mspId),
    tickPeriodMs,
    windowMs: tickPeriodMs / 2,
    leastDeadlineMs: minDeadlineMs,
    mostDeadlineMs: maxDeadlineMs,
    leastReplicas: 1,
    rolesFromAttributes: true,
    companyTagRequired: false,
  };
  // In turn, because each confirmation reads those before it.
  for (const operator of operators) await submit(operator, 'ConfigureMarket', settings, { signal });
}

/** Splits and publishes the table, as the data owner. The market ends with the demo, so rare and few rows are named, not refused. */
export async function offerDataset({ member }: Cast['dataOwner'], run: DemoRun): Promise<DatasetFacts> {
  const { csv, written, recipe, heldOut, source, signal } = run;
  const { subsets, aggregation, replicas, rounds, target, privacy } = run.options;
  const datasetId = member.market.keyring.id('ds', 'demo');
  const table = { csv, written, recipe, heldOut, source, target };
  const facts = await splitDataset(
    member,
    { ...table, subsets, aggregation, datasetId, leastCell: 1, valuesPerMoment: 0, privacy },
    { signal },
  );
  const jobsPerRound = mostDrawn({ subsets, aggregation }, Math.min(Math.ceil(subsets / 2), 40)) * replicas;
  await publishDataset(
    member,
    {
      datasetId,
      replicas,
      lifetimeRounds: rounds,
      mostRounds: rounds,
      protections: ['encrypted'],
      paceMs: Math.max(paceMs, paceForJobMs * jobsPerRound),
    },
    { signal },
  );
  return facts;
}

const inviteLifetimeMs = 3_600_000;

/** Invites each host to its slots, as the data owner; each host joins them, as itself. */
export async function fillSlots(
  { dataOwner, hosts }: Cast,
  datasetId: string,
  { plan, signal }: DemoRun,
): Promise<void> {
  const assignments = plan.slots.map(({ subset, slot, host }) => ({
    instanceId: instanceIdOf(datasetId, subset, slot),
    participantId: hosts[host]?.participantId ?? '',
  }));
  const expiresAt = Date.now() + inviteLifetimeMs;
  const files = await inviteHosts(dataOwner.member, { datasetId, assignments, expiresAt }, { signal });
  await Promise.all(
    files.map(async (file) => {
      const host = hosts.find(({ participantId }) => participantId === file.host.participantId);
      if (host !== undefined) await joinInstances(host.member, file, { signal });
    }),
  );
}

/** The id of the couple that this model owner requests. */
export const coupleIdOf = ({ member }: Cast['modelOwner']): string => member.market.keyring.id('tc', 'demo');

/** Registers a model and requests its training on the dataset, as the model owner. */
export async function requestTraining(
  modelOwner: Cast['modelOwner'],
  datasetId: string,
  { options: { rounds }, program, signal }: DemoRun,
): Promise<{ couple: TrainCouple; program: TrainingProgram }> {
  const { member } = modelOwner;
  const { model } = await registerModel(
    member,
    { program, modelId: member.market.keyring.id('md', 'demo') },
    { signal },
  );
  const planned = await planCouple(
    member,
    { datasetId, modelId: model.modelId, rounds, coupleId: coupleIdOf(modelOwner) },
    { signal },
  );
  const { couple } = await requestCouple(member, planned, { signal });
  return { couple, program };
}
