import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../files.js';
import { isMissing } from '../systemError.js';
import type { Organization } from '../identity/organizations.js';
import { CaError } from './caError.js';
import { CertificateAuthority } from './certificateAuthority.js';
import { IdentityRegistry } from './identityRegistry.js';

/** Enrolment id of the registrar that every authority starts with. */
export const REGISTRAR = 'admin';

/** The authorities of all organisations. Each has the registrar `admin`; one file holds the secret of all. */
export class CertificateAuthorities {
  private readonly byName: ReadonlyMap<string, CertificateAuthority>;

  private constructor(
    authorities: readonly CertificateAuthority[],
    private readonly registry: IdentityRegistry,
    /** Only its owner can read it. */
    readonly registrarSecretFile: string,
  ) {
    this.byName = new Map(authorities.map((authority) => [authority.name, authority]));
  }

  static async open(folder: string, organizations: readonly Organization[]): Promise<CertificateAuthorities> {
    await mkdir(folder, { recursive: true });
    const secretFile = join(folder, 'registrar.secret');
    const secret = await readOrCreateSecret(secretFile);
    const registry = await IdentityRegistry.open(join(folder, 'registry'));
    const authorities = organizations.map((organization) => new CertificateAuthority(organization, registry));
    for (const { name } of authorities) {
      if (registry.find(name, REGISTRAR) === undefined)
        await registry.add(name, REGISTRAR, registrar(secret));
    }
    return new CertificateAuthorities(authorities, registry, secretFile);
  }

  /** The named authority, or the first organisation's without a name. @throws CaError */
  get(name: string | undefined): CertificateAuthority {
    const [first] = this.byName.values();
    const authority = name === undefined || name === '' ? first : this.byName.get(name);
    if (authority === undefined) throw new CaError(404, 19, `CA '${name ?? ''}' does not exist`);
    return authority;
  }

  async close(): Promise<void> {
    await this.registry.close();
  }
}

function registrar(secret: string): Parameters<IdentityRegistry['add']>[2] {
  return {
    secret,
    type: 'client',
    affiliation: '',
    attributes: [
      { name: 'hf.Registrar.Roles', value: '*', ecert: false },
      { name: 'hf.Registrar.Attributes', value: '*', ecert: false },
    ],
    maxEnrollments: -1,
    registrar: true,
  };
}

async function readOrCreateSecret(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (!isMissing(error)) throw error;
    const secret = randomBytes(18).toString('base64url');
    await writeFileAtomically(path, `${secret}\n`, 0o600);
    return secret;
  }
}
