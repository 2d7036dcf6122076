import { z } from 'zod';
import type { LifecycleRule } from 'minio';
import { S3Connection } from './connection.js';
import { failureOf } from './failure.js';
import { briefPrefix } from './objectKey.js';
import { checkOptions, type S3Options } from './options.js';
import { S3Refusal } from './refusal.js';

/** What a market's bucket is to do by itself. */
export interface BucketRules {
  /** Days after which the server lets go of objects that rounds needed. */
  readonly expireBriefDays: number;
}

/** Parts of uploads that nobody finished are let go of after this many days. */
const unfinishedDays = 7;

/**
 * Makes a market's bucket, if it is not there, and has the server expire what is short-lived. To be called by who runs
 * the vault; members need not and may not.
 *
 * @returns whether the bucket is new
 * @throws VAULT_ACCESS_DENIED and what else keeps a vault from working
 */
export async function prepareBucket(options: S3Options, { expireBriefDays }: BucketRules): Promise<boolean> {
  const connection = new S3Connection(checkOptions(options));
  const { bucket } = connection;
  const isThere = await connection.call((client) => client.bucketExists(bucket), { purpose: 'read' });
  if (!isThere)
    await connection.call((client) => client.makeBucket(bucket, options.region ?? 'us-east-1'), {
      purpose: 'write',
    });
  await setLifecycle(connection, expireBriefDays);
  return !isThere;
}

const ownRules = /^veritrain-(brief|unfinished)$/;

/** Servers that let go of unfinished uploads by themselves refuse to be told to. */
async function setLifecycle(connection: S3Connection, expireBriefDays: number): Promise<void> {
  const brief: LifecycleRule = {
    ID: 'veritrain-brief',
    Status: 'Enabled',
    Filter: { Prefix: briefPrefix },
    Expiration: { Days: expireBriefDays },
  };
  const unfinished: LifecycleRule = {
    ID: 'veritrain-unfinished',
    Status: 'Enabled',
    Filter: { Prefix: '' },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: unfinishedDays },
  };
  const set = (Rule: LifecycleRule[]): Promise<void> =>
    connection.attempt((client) => client.setBucketLifecycle(connection.bucket, { Rule }), undefined);
  try {
    // A new configuration takes the place of the old one: whatever else is in it stays.
    const others = (await rulesOf(connection)).filter(({ ID }) => !ownRules.test(ID));
    await set([...others, brief, unfinished]).catch((error: unknown) => {
      if (error instanceof S3Refusal && [400, 501].includes(error.status)) return set([...others, brief]);
      throw error;
    });
  } catch (error) {
    throw failureOf(error, connection.place, { purpose: 'write' });
  }
}

/** How a bucket is kept, as far as a member may see it. */
export interface BucketState {
  /** With versions, what is deleted or expires stays on the server as an older version, unless these expire too. */
  readonly keepsVersions: boolean;
  /** Days after which short-lived objects expire; undefined where the server keeps them. */
  readonly expireBriefDays: number | undefined;
}

/**
 * Reads a bucket's rules: whether deleted objects really go, and after how many days those of rounds do.
 *
 * @throws VAULT_ACCESS_DENIED and other errors of a vault on the network
 */
export async function inspectBucket(options: S3Options): Promise<BucketState> {
  const connection = new S3Connection(checkOptions(options));
  const { bucket } = connection;
  const versioning = await connection.call((client) => client.getBucketVersioning(bucket), {
    purpose: 'read',
  });
  try {
    const rules = (await rulesOf(connection)).filter(({ Status }) => Status === 'Enabled');
    const versionsExpire = rules.some((rule) => olderVersions.safeParse(rule).success);
    return {
      keepsVersions: versioning.Status === 'Enabled' && !versionsExpire,
      expireBriefDays: rules.map((rule) => briefRule.safeParse(rule).data?.Expiration.Days).find(Boolean),
    };
  } catch (error) {
    throw failureOf(error, connection.place, { purpose: 'list' });
  }
}

const lifecycleSchema = z.object({
  Rule: z.union([
    z.array(z.looseObject({ ID: z.coerce.string() })),
    z.looseObject({ ID: z.coerce.string() }),
  ]),
});
const briefRule = z.object({
  Filter: z.object({ Prefix: z.literal(briefPrefix) }),
  Expiration: z.object({ Days: z.coerce.number() }),
});
const olderVersions = z.object({
  NoncurrentVersionExpiration: z.object({ NoncurrentDays: z.coerce.number() }),
});

async function rulesOf(connection: S3Connection): Promise<LifecycleRule[]> {
  try {
    const lifecycle = await connection.attempt(
      (client) => client.getBucketLifecycle(connection.bucket),
      undefined,
    );
    return [lifecycleSchema.parse(lifecycle).Rule].flat();
  } catch (error) {
    if (error instanceof S3Refusal && error.status === 404) return [];
    throw error;
  }
}
