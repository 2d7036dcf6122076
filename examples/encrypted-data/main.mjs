// A hospital, a laboratory and three clouds: each holds what its own file says, and bytes go between them.
// Usage: node main.mjs <table.csv> <target column>
import { readFileSync } from 'node:fs';
import { defineProgram } from '@veritrain/training';
import { cloud } from './cloud.mjs';
import { hospital } from './hospital.mjs';
import { laboratory } from './laboratory.mjs';

const [path, target] = process.argv.slice(2);
if (target === undefined) throw new Error('Usage: node main.mjs <table.csv> <target column>');

const { template, encrypt, errorOf } = hospital(readFileSync(path), target, 3);
const couple = { channel: 'example', chaincode: 'example', couple: 'hospital-laboratory' };
const agreed = { program: defineProgram({ data: 'encrypted', lambda: 0.001 }), ...couple };

const lab = await laboratory(template, agreed);
const packages = await encrypt({ ...agreed, heKey: lab.key });
const clouds = packages.map((bytes) => cloud(bytes, { ...agreed, template, heKey: lab.key }));
console.log(`${packages.length} subsets, ${packages[0].length} bytes each, go to the clouds, encrypted.`);

for (let attempt = 1; attempt <= template.features + 2; attempt += 1) {
  const model = await lab.model(attempt);
  const updates = await Promise.all(
    clouds.map(async ({ subset, reply }) => ({ subset, bytes: await reply(model, attempt) })),
  );
  const { gradientNorm, precisionBits } = await lab.learn(attempt, updates);
  console.log(
    `round ${attempt}: gradient ${gradientNorm.toExponential(1)}, ${precisionBits.toFixed(0)} bits`,
  );
}

const model = lab.result();
console.log(`After ${model.rounds} rounds: mean squared error ${errorOf(model).toFixed(0)}.`);
