import type { Session } from './session.js';

/** Ids of the assets on the ledger, to suggest the nearest from. */
export async function* knownDatasets(session: Session): AsyncGenerator<string> {
  const { everyPage } = await import('@veritrain/client-sdk');
  const { market } = await session.member();
  for await (const of of everyPage(market.datasets.list, {}, session.context)) yield of.datasetId;
}

export async function* knownInstances(session: Session): AsyncGenerator<string> {
  const { everyPage } = await import('@veritrain/client-sdk');
  const { market } = await session.member();
  for await (const of of everyPage(market.instances.list, {}, session.context)) yield of.instanceId;
}

export async function* knownModels(session: Session): AsyncGenerator<string> {
  const { everyPage } = await import('@veritrain/client-sdk');
  const { market } = await session.member();
  for await (const of of everyPage(market.models.list, {}, session.context)) yield of.modelId;
}

export async function* knownCouples(session: Session): AsyncGenerator<string> {
  const { everyPage } = await import('@veritrain/client-sdk');
  const { market } = await session.member();
  for await (const of of everyPage(market.couples.list, {}, session.context)) yield of.coupleId;
}
