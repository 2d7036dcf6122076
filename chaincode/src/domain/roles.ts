import { z } from 'zod';

/** The roles of participants. Validators, arbiters and issuers can enrol now; their transactions come later. */
export const roles = ['dataOwner', 'cloudOwner', 'modelOwner', 'validator', 'arbiter', 'issuer'] as const;
/** A role of a participant. */
export const role = z.enum(roles);
/** A role of a participant. */
export type Role = z.infer<typeof role>;

/**
 * Certificate attribute with the roles that a CA grants, separated by spaces: `veritrain.roles=dataOwner cloudOwner`.
 */
export const rolesAttribute = 'veritrain.roles';

/**
 * Certificate attribute with HMAC(the hosts' CA key, company ‖ dataset), 16 to 128 hex digits. It shows that two hosts
 * of a subset belong to one company but not to which.
 */
export const companyAttribute = (dataset: string): string => `veritrain.company.${dataset}`;
/** 16 to 128 hex digits, equal for hosts of one company. */
export const companyTag = z.string().regex(/^[0-9a-f]{16,128}$/);

/** Certificate attribute that makes its holder an administrator, besides the organisational unit `admin`. */
export const administratorAttribute = 'veritrain.administrator';
