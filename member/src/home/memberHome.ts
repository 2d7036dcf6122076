import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The paths of a member's files: all in one folder that only its owner can read. */
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

  /** The agent's notes: health, checkpoints. Losing them costs time, never a step. */
  get stateFolder(): string {
    return join(this.folder, 'state');
  }

  /** This member's own copy of a public document, by the digest that the ledger names. */
  documentPath(digest: string): string {
    return join(this.folder, 'documents', digest.replace('sha256:', ''));
  }

  /** A file beside the profile, by its name. */
  file(name: string): string {
    return join(this.folder, name);
  }

  dataset(datasetId: string): DatasetHome {
    return new DatasetHome(join(this.folder, 'datasets', datasetId));
  }

  /** Ids of all slots that this host joined from here, also of those that it has left. */
  instanceIds(): string[] {
    return namesIn(join(this.folder, 'instances'));
  }

  instance(instanceId: string): InstanceHome {
    return new InstanceHome(join(this.folder, 'instances', instanceId));
  }

  model(modelId: string): ModelHome {
    return new ModelHome(join(this.folder, 'models', modelId));
  }

  /** Ids of the couples that this member keeps files of. */
  coupleIds(): string[] {
    return namesIn(join(this.folder, 'couples'));
  }

  couple(coupleId: string): CoupleHome {
    return new CoupleHome(join(this.folder, 'couples', coupleId));
  }
}

/** A data owner's dataset: its template and packages. */
export class DatasetHome {
  constructor(readonly folder: string) {}

  /** The template's exact bytes; the ledger pins their digest. */
  get templatePath(): string {
    return join(this.folder, 'template.json');
  }

  /** The canonical bytes of one subset's package, in clear: these are the owner's own rows. */
  packagePath(subsetIndex: number): string {
    return join(this.folder, 'packages', `${subsetIndex.toString()}.bin`);
  }

  /** The rows of the table in clear, during the split. */
  get rowsPath(): string {
    return join(this.folder, 'rows.next');
  }

  /** The note on the package that was stored for a host. */
  storedPackagePath(subsetIndex: number, participantId: string): string {
    return join(this.folder, 'stored', `${subsetIndex.toString()}-${participantId}.json`);
  }

  /** The subsets and hosts that have such a note. */
  storedPackages(): { subsetIndex: number; hostId: string }[] {
    return namesIn(join(this.folder, 'stored')).flatMap((name) => {
      const [, subset, hostId] = /^(\d+)-(.+)\.json$/.exec(name) ?? [];
      return subset === undefined || hostId === undefined ? [] : [{ subsetIndex: Number(subset), hostId }];
    });
  }

  /** A sealed package during its upload. @param of the digest of package and host */
  sealedPackagePath(of: string): string {
    return join(this.folder, 'stored', `${of.replace('sha256:', '')}.sealed`);
  }
}

/** A host's slot. The package stays sealed on disk; jobs decrypt it in chunks. */
class InstanceHome {
  constructor(readonly folder: string) {}

  get invitePath(): string {
    return join(this.folder, 'invite.jwe');
  }

  get packagePath(): string {
    return join(this.folder, 'package.sealed');
  }

  /** The encrypted update of a job, from before its commitment until its subset is settled. */
  updatePath(jobId: string): string {
    return join(this.folder, 'updates', jobId);
  }

  /** Names of the files beside {@link updatePath}. */
  updateNames(): string[] {
    return namesIn(join(this.folder, 'updates'));
  }
}

class ModelHome {
  constructor(readonly folder: string) {}

  /** The training program's exact bytes; the ledger pins their digest. */
  get programPath(): string {
    return join(this.folder, 'program.json');
  }
}

/** A couple: the model owner's training state and result, and the data owner's draws. */
export class CoupleHome {
  constructor(readonly folder: string) {}

  get statePath(): string {
    return join(this.folder, 'state.json');
  }

  /** The data owner's progress along its draw chain. */
  get drawPath(): string {
    return join(this.folder, 'draw.json');
  }

  get resultPath(): string {
    return join(this.folder, 'model.json');
  }

  /** The sealed model of an attempt, as it went into the vault. @param of the digest of model and recipients */
  sealedModelPath(attempt: number, of: string): string {
    return join(this.sealedModelFolder(attempt), `${of.replace('sha256:', '')}.sealed`);
  }

  sealedModelFolder(attempt: number): string {
    return join(this.folder, 'sent', attempt.toString());
  }

  /** The result of one attempt. */
  roundPath(attempt: number): string {
    return join(this.folder, 'rounds', `${attempt.toString()}.json`);
  }
}

const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);
