import type { TrainCouple } from '@veritrain/client-sdk';
import { instanceIdOf } from '@veritrain/client-sdk/protocol';
import { defineProgram, type TrainingProgram } from '@veritrain/training';
import { type ActionContext, submit } from '@veritrain/member/calls';
import { type DatasetFacts, inviteHosts, publishDataset, splitDataset } from '@veritrain/member/datasets';
import { joinInstances } from '@veritrain/member/instances';
import type { Member } from '@veritrain/member/profile';
import { planCouple, requestCouple } from '@veritrain/member/couples';
import { registerModel } from '@veritrain/member/models';
import type { Cast } from './members.js';
import type { DemoOptions } from './options.js';
import type { Prepared } from './prepare.js';

const tickPeriodMs = 500;
const leastDeadlineMs = 10_000;
const mostDeadlineMs = 86_400_000;
/** How long a host has for its commitment; more where many jobs share the processors. */
const paceMs = 30_000;
const paceForJobMs = 500;

/** Opens the market, as its operators: their organisations vote, and the clock ticks twice a second at most. */
export async function configureMarket(operators: readonly Member[], context: ActionContext): Promise<void> {
  const settings = {
    votingOrganizations: operators.map(({ market }) => market.profile.mspId),
    tickPeriodMs,
    windowMs: tickPeriodMs / 2,
    leastDeadlineMs,
    mostDeadlineMs,
    leastReplicas: 1,
    rolesFromAttributes: true,
    companyTagRequired: false,
  };
  // One after the other: each reads what the others have confirmed.
  for (const operator of operators) await submit(operator, 'ConfigureMarket', settings, context);
}

/** Splits the table and offers it, as the data owner. The market ends with the demo, so rare rows are named, not refused. */
export async function offerDataset(
  { member }: Cast['dataOwner'],
  { subsets, replicas, rounds, target }: DemoOptions,
  { csv, written, source }: Prepared,
  context: ActionContext,
): Promise<DatasetFacts> {
  const datasetId = member.market.keyring.id('ds', 'demo');
  const facts = await splitDataset(
    member,
    { csv, written, source, target, subsets, datasetId, leastCell: 1 },
    context,
  );
  const jobsPerRound = Math.min(Math.ceil(subsets / 2), 40) * replicas;
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
    context,
  );
  return facts;
}

const inviteLifetimeMs = 3_600_000;

/** Invites each host to its slots, as the data owner; each joins them, as itself. */
export async function fillSlots(
  { dataOwner, hosts }: Cast,
  { datasetId }: DatasetFacts,
  { plan }: Prepared,
  context: ActionContext,
): Promise<void> {
  const assignments = plan.slots.map(({ subset, slot, host }) => ({
    instanceId: instanceIdOf(datasetId, subset, slot),
    participantId: hosts[host]?.participantId ?? '',
  }));
  const expiresAt = Date.now() + inviteLifetimeMs;
  const files = await inviteHosts(dataOwner.member, { datasetId, assignments, expiresAt }, context);
  await Promise.all(
    files.map(async (file) => {
      const host = hosts.find(({ participantId }) => participantId === file.host.participantId);
      if (host !== undefined) await joinInstances(host.member, file, context);
    }),
  );
}

/** The id of the couple that this model owner asks for. */
export const coupleIdOf = ({ member }: Cast['modelOwner']): string => member.market.keyring.id('tc', 'demo');

/** Registers a model and asks to train it on the dataset, as the model owner. */
export async function requestTraining(
  modelOwner: Cast['modelOwner'],
  { datasetId }: DatasetFacts,
  { rounds }: DemoOptions,
  context: ActionContext,
): Promise<{ couple: TrainCouple; program: TrainingProgram }> {
  const { member } = modelOwner;
  const program = defineProgram();
  const { model } = await registerModel(
    member,
    { program, modelId: member.market.keyring.id('md', 'demo') },
    context,
  );
  const planned = await planCouple(
    member,
    { datasetId, modelId: model.modelId, rounds, coupleId: coupleIdOf(modelOwner) },
    context,
  );
  const { couple } = await requestCouple(member, planned, context);
  return { couple, program };
}
