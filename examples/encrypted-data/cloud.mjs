// A host. It gets one ciphertext of a subset, and one of the model in each round. It has no key to either.
import { openEncryptedPackage, trainOnShard } from '@veritrain/training';

export function cloud(packageBytes, { template, heKey, ...agreed }) {
  const data = openEncryptedPackage(packageBytes, { template, ...agreed });
  return {
    subset: data.subset,
    /** A ciphertext times a ciphertext, and as little of it as carries the result. */
    reply: (model, attempt) => trainOnShard({ package: data, model, heKey, attempt, ...agreed }),
  };
}
