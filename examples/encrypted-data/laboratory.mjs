// The model owner. It alone can decrypt, and sees of the data what replies say.
import { randomBytes } from 'node:crypto';
import { createModelOwnerTrainer } from '@veritrain/training';

export async function laboratory(template, agreed) {
  const trainer = await createModelOwnerTrainer({ template, secret: randomBytes(32), ...agreed });
  let state = trainer.initialState();
  return {
    key: trainer.heKey(),
    model: (attempt) => trainer.modelForRound(state, attempt),
    async learn(attempt, updates) {
      const applied = await trainer.applyUpdates(state, attempt, updates);
      state = applied.state;
      return applied.metrics;
    },
    result: () => trainer.result(state),
  };
}
