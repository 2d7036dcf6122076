import { type ConductRecord, everyPage, type RoundView, type VerdictKind } from '@veritrain/client-sdk';
import type { StoryMember } from './storyMarket.js';

/** A couple's rounds, in order, as the ledger shows them to anyone. */
export async function roundsOf(reader: StoryMember, coupleId: string): Promise<RoundView[]> {
  const { rounds } = reader.member.market;
  const views: RoundView[] = [];
  for await (const { attempt } of everyPage(rounds.list, { coupleId }))
    views.push(await rounds.get({ coupleId, attempt }));
  return views;
}

/** The verdicts on a host in a couple, in order. */
export async function verdictsOn(host: StoryMember, coupleId: string): Promise<VerdictKind[]> {
  const rounds = await roundsOf(host, coupleId);
  const verdicts = rounds.flatMap(({ settlements }) => settlements.flatMap((settled) => settled.verdicts));
  return verdicts
    .filter(({ participantId }) => participantId === host.participantId)
    .map(({ verdict }) => verdict);
}

/** The conduct records of a member from a couple. */
export async function conductOn(member: StoryMember, coupleId: string): Promise<ConductRecord['kind'][]> {
  const { participantId } = member;
  const { listConduct } = member.member.market.participants;
  const kinds: ConductRecord['kind'][] = [];
  for await (const row of everyPage(listConduct, { participantId })) {
    if (row.coupleId === coupleId) kinds.push(row.kind);
  }
  return kinds;
}

/** The outcomes of all drawn subsets, in order. */
export async function outcomesOf(reader: StoryMember, coupleId: string): Promise<(string | null)[]> {
  const rounds = await roundsOf(reader, coupleId);
  return rounds.flatMap(({ settlements }) => settlements.map(({ outcome }) => outcome));
}
