import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a member's own files lie. Everything is under one folder, readable by its owner only. */
export class MemberHome {
  constructor(readonly folder: string) {}

  get profilePath(): string {
    return join(this.folder, 'profile.json');
  }

  get certificatePath(): string {
    return join(this.folder, 'certificate.pem');
  }

  get keyPath(): string {
    return join(this.folder, 'key.pem');
  }

  get keyringPath(): string {
    return join(this.folder, 'keyring.json');
  }

  /** The agent's own notes: health, checkpoints. Losing them costs time, never a step. */
  get stateFolder(): string {
    return join(this.folder, 'state');
  }

  /** This member's own copy of a public document, by the digest that the ledger names. */
  documentPath(digest: string): string {
    return join(this.folder, 'documents', digest.replace('sha256:', ''));
  }

  /** A file of the profile itself, whose name a profile may hold. */
  file(name: string): string {
    return join(this.folder, name);
  }

  dataset(datasetId: string): DatasetHome {
    return new DatasetHome(join(this.folder, 'datasets', datasetId));
  }

  /** Ids of the slots that this host ever joined from here, those that it has left included. */
  instanceIds(): string[] {
    return namesIn(join(this.folder, 'instances'));
  }

  instance(instanceId: string): InstanceHome {
    return new InstanceHome(join(this.folder, 'instances', instanceId));
  }

  model(modelId: string): ModelHome {
    return new ModelHome(join(this.folder, 'models', modelId));
  }

  /** Ids of the couples of which this member keeps something. */
  coupleIds(): string[] {
    return namesIn(join(this.folder, 'couples'));
  }

  couple(coupleId: string): CoupleHome {
    return new CoupleHome(join(this.folder, 'couples', coupleId));
  }
}

/** A data owner's dataset: what it made before it published. */
export class DatasetHome {
  constructor(readonly folder: string) {}

  /** The template's exact bytes, whose digest the ledger pins. */
  get templatePath(): string {
    return join(this.folder, 'template.json');
  }

  /** The canonical bytes of one subset's package, in clear: its owner's own rows. */
  packagePath(subsetIndex: number): string {
    return join(this.folder, 'packages', `${subsetIndex.toString()}.bin`);
  }

  /** The rows of the table in clear, while it is split. */
  get rowsPath(): string {
    return join(this.folder, 'rows.next');
  }

  /** What was stored of a subset's package for a host. */
  storedPackagePath(subsetIndex: number, participantId: string): string {
    return join(this.folder, 'stored', `${subsetIndex.toString()}-${participantId}.json`);
  }

  /** The subsets and hosts for which something was stored. */
  storedPackages(): { subsetIndex: number; hostId: string }[] {
    return namesIn(join(this.folder, 'stored')).flatMap((name) => {
      const [, subset, hostId] = /^(\d+)-(.+)\.json$/.exec(name) ?? [];
      return subset === undefined || hostId === undefined ? [] : [{ subsetIndex: Number(subset), hostId }];
    });
  }

  /** A package that is on its way to a host, sealed to it. @param of the digest of package and host */
  sealedPackagePath(of: string): string {
    return join(this.folder, 'stored', `${of.replace('sha256:', '')}.sealed`);
  }
}

/** A host's slot: the package stays sealed on disk, and its rows are in memory only while they are summed up. */
export class InstanceHome {
  constructor(readonly folder: string) {}

  get invitePath(): string {
    return join(this.folder, 'invite.jwe');
  }

  get packagePath(): string {
    return join(this.folder, 'package.sealed');
  }

  /** The encrypted update of a job, kept from before it is committed until its subset is settled. */
  updatePath(jobId: string): string {
    return join(this.folder, 'updates', jobId);
  }
}

/** A model as its owner registered it. */
export class ModelHome {
  constructor(readonly folder: string) {}

  /** The training program's exact bytes, whose digest the ledger pins. */
  get programPath(): string {
    return join(this.folder, 'program.json');
  }
}

/** A couple: how far training has come at its model owner and what came of it; how far the draws, at its data owner. */
export class CoupleHome {
  constructor(readonly folder: string) {}

  get statePath(): string {
    return join(this.folder, 'state.json');
  }

  /** How far a data owner has come along its draw chain. */
  get drawPath(): string {
    return join(this.folder, 'draw.json');
  }

  get resultPath(): string {
    return join(this.folder, 'model.json');
  }

  /** The model of an attempt as it went into the vault, by what it is and to whom it is sealed. */
  sealedModelPath(attempt: number, of: string): string {
    return join(this.sealedModelFolder(attempt), `${of.replace('sha256:', '')}.sealed`);
  }

  sealedModelFolder(attempt: number): string {
    return join(this.folder, 'sent', attempt.toString());
  }

  /** What one attempt came to. */
  roundPath(attempt: number): string {
    return join(this.folder, 'rounds', `${attempt.toString()}.json`);
  }
}

const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);

/** The file's bytes, or undefined where there is none. */
export function readIfThere(path: string): Uint8Array | undefined {
  return existsSync(path) ? readFileSync(path) : undefined;
}
