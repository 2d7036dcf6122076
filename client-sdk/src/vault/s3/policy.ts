import { everyMember, placeOf } from '../handles.js';
import { briefPrefix } from './objectKey.js';

/** An access policy in the language that S3's access management defines. */
export interface Policy {
  /** The version of the language. */
  readonly Version: '2012-10-17';
  /** What it allows. */
  readonly Statement: readonly PolicyStatement[];
}

/** Something that a policy allows. */
export interface PolicyStatement {
  /** Its name. */
  readonly Sid: string;
  /** Always Allow. */
  readonly Effect: 'Allow';
  /** The actions of S3 that it allows. */
  readonly Action: readonly string[];
  /** The objects or the bucket that it allows them on. */
  readonly Resource: readonly string[];
  /** When it holds. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** Members' objects lie at the bucket's root, and short-lived ones below a prefix that the server expires. */
const roots = ['', briefPrefix] as const;

/**
 * What one member may do in a market's bucket: everything in its own place, also listing it; read, elsewhere, what is
 * for it or for every member. Names of others' objects it cannot list, and to guess one is to guess 256 bits.
 *
 * @param marketKey the 32 bytes that name the places
 */
export function memberPolicy(bucket: string, marketKey: Uint8Array, participantId: string): Policy {
  const objects = (pattern: string): string[] =>
    roots.map((root) => `arn:aws:s3:::${bucket}/${root}${pattern}`);
  const [own, all] = [placeOf(marketKey, participantId), placeOf(marketKey, everyMember)];
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'OwnObjects',
        Effect: 'Allow',
        Action: [
          's3:PutObject',
          's3:GetObject',
          's3:DeleteObject',
          's3:AbortMultipartUpload',
          's3:ListMultipartUploadParts',
        ],
        Resource: objects(`${own}/*`),
      },
      {
        Sid: 'ObjectsForThisMember',
        Effect: 'Allow',
        Action: ['s3:GetObject'],
        Resource: [...objects(`*/${own}/*`), ...objects(`*/${all}/*`)],
      },
      {
        Sid: 'NamesOfOwnObjects',
        Effect: 'Allow',
        Action: ['s3:ListBucket'],
        Resource: [`arn:aws:s3:::${bucket}`],
        Condition: { StringLike: { 's3:prefix': roots.map((root) => `${root}${own}/*`) } },
      },
      {
        Sid: 'HowTheBucketIsKept',
        Effect: 'Allow',
        Action: ['s3:GetBucketLocation', 's3:GetBucketVersioning', 's3:GetLifecycleConfiguration'],
        Resource: [`arn:aws:s3:::${bucket}`],
      },
    ],
  };
}
