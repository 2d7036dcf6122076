import { everyMember, placeOf } from '../handles.js';
import { briefPrefix } from './objectKey.js';

/** An access policy in the language that S3's access management defines. */
export interface Policy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
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
