import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The paths of a member's files: all in one folder that only its owner can read. */
export class MemberHome {
  constructor(
    /** The path of the folder. */
    readonly folder: string,
  ) {}

  /** The profile: gateway, channel, vault, and where the other files are. */
  get profilePath(): string {
    return join(this.folder, 'profile.json');
  }

  /** The first certificate, PEM. A renewed one has another name, which the profile gives. */
  get certificatePath(): string {
    return join(this.folder, 'certificate.pem');
  }

  /** The private key of that certificate, PEM. */
  get keyPath(): string {
    return join(this.folder, 'key.pem');
  }

  /** The encrypted keyring: the root secret that all of the member's keys derive from. */
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

  /** The files of a dataset that this data owner split. */
  dataset(datasetId: string): DatasetHome {
    return new DatasetHome(join(this.folder, 'datasets', datasetId));
  }

  /** Ids of all slots that this host joined from here, also of those that it has left. */
  instanceIds(): string[] {
    return namesIn(join(this.folder, 'instances'));
  }

  /** The files of a slot that this host joined, `ci_…`. */
  instance(instanceId: string): InstanceHome {
    return new InstanceHome(join(this.folder, 'instances', instanceId));
  }

  /** The files of a model that this model owner registered. */
  model(modelId: string): ModelHome {
    return new ModelHome(join(this.folder, 'models', modelId));
  }

  /** Ids of the couples that this member keeps files of. */
  coupleIds(): string[] {
    return namesIn(join(this.folder, 'couples'));
  }

  /** The files of a couple, whichever side this member is on. */
  couple(coupleId: string): CoupleHome {
    return new CoupleHome(join(this.folder, 'couples', coupleId));
  }
}

/** A data owner's dataset: its template and packages. */
export class DatasetHome {
  constructor(
    /** The path of the dataset's folder. */
    readonly folder: string,
  ) {}

  /** The template's exact bytes; the ledger pins their digest. */
  get templatePath(): string {
    return join(this.folder, 'template.json');
  }

  /** The canonical bytes of one subset's package, in clear: these are the owner's own rows. */
  packagePath(subsetIndex: number): string {
    return join(this.folder, 'packages', `${subsetIndex.toString()}.bin`);
  }

  /** The rows that were set aside, in clear, as CSV. */
  get heldOutPath(): string {
    return join(this.folder, 'held-out.csv');
  }

  /** The texts that the codes of the recipe stand for, where the owner chose codes. */
  get codebookPath(): string {
    return join(this.folder, 'codebook.json');
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
  storedPackages(): {
    /** Index of the subset, from 0. */
    subsetIndex: number;
    /** The host, `pt_…`. */
    hostId: string;
  }[] {
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
export class InstanceHome {
  constructor(
    /** The path of the slot's folder. */
    readonly folder: string,
  ) {}

  /** The invite that the host joined with, still sealed. It names the package in the vault. */
  get invitePath(): string {
    return join(this.folder, 'invite.jwe');
  }

  /** The package, as the data owner sealed it to this host. */
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

/** A model owner's model: its training program. */
export class ModelHome {
  constructor(
    /** The path of the model's folder. */
    readonly folder: string,
  ) {}

  /** The training program's exact bytes; the ledger pins their digest. */
  get programPath(): string {
    return join(this.folder, 'program.json');
  }
}

/** A couple: the model owner's training state and result, and the data owner's draws. */
export class CoupleHome {
  constructor(
    /** The path of the couple's folder. */
    readonly folder: string,
  ) {}

  /** The model owner's training state after its last step: a checkpoint, which its agent computes again if it is lost. */
  get statePath(): string {
    return join(this.folder, 'state.json');
  }

  /** The data owner's progress along its draw chain. */
  get drawPath(): string {
    return join(this.folder, 'draw.json');
  }

  /** The trained model, in the clear: see `trainedModelFile`. */
  get resultPath(): string {
    return join(this.folder, 'model.json');
  }

  /** The sealed model of an attempt, as it went into the vault. @param of the digest of model and recipients */
  sealedModelPath(attempt: number, of: string): string {
    return join(this.sealedModelFolder(attempt), `${of.replace('sha256:', '')}.sealed`);
  }

  /** The sealed models of an attempt. Removed when the attempt is over. */
  sealedModelFolder(attempt: number): string {
    return join(this.folder, 'sent', attempt.toString());
  }

  /** The result of one attempt. */
  roundPath(attempt: number): string {
    return join(this.folder, 'rounds', `${attempt.toString()}.json`);
  }
}

const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);
