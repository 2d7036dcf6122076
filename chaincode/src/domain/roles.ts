import { z } from 'zod';

/** What a participant may do. Validators, arbiters and issuers enrol now; their transactions come later. */
export const roles = ['dataOwner', 'cloudOwner', 'modelOwner', 'validator', 'arbiter', 'issuer'] as const;
export const role = z.enum(roles);
export type Role = z.infer<typeof role>;

/** Certificate attribute with the roles a CA grants, separated by spaces: `veritrain.roles=dataOwner cloudOwner`. */
export const rolesAttribute = 'veritrain.roles';

/**
 * Certificate attribute with HMAC(the hosts' CA key, company ‖ dataset), 16 to 128 hex digits. It says that two
 * hosts of a subset belong to one company without saying to which.
 */
export const companyAttribute = (dataset: string): string => `veritrain.company.${dataset}`;
export const companyTag = z.string().regex(/^[0-9a-f]{16,128}$/);

/** Certificate attribute that makes its holder an administrator, beside the organisational unit `admin`. */
export const administratorAttribute = 'veritrain.administrator';
