// Handwritten digits of seven partners, learnt by a head whose weights no partner sees. Random convolutions, drawn from a public
// seed and computed by each partner, make features of its images; what is trained, encrypted, is the layer behind them.
// Usage: node mnist.mjs <folder of MNIST's four .gz files> [--images 60000] [--filters 64] [--tiles 4] [--rounds 40]
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as training from '@veritrain/training';
import { encodeOnnx } from '@veritrain/training/onnx';
import { packagesFor, readImages } from './images.mjs';

const number = (value) => ({ type: 'string', default: value });
const { values: asked, positionals } = parseArgs({
  allowPositionals: true,
  options: { images: number('60000'), filters: number('64'), tiles: number('4'), rounds: number('40') },
});
const [folder] = positionals;
if (folder === undefined) throw new Error('Usage: node mnist.mjs <folder of MNIST> [--images <n>]');
const [images, filters, tiles, rounds] = [asked.images, asked.filters, asked.tiles, asked.rounds].map(Number);
const partners = 7;

const learn = readImages(folder, 'train', images);
const test = readImages(folder, 't10k', Math.max(500, Math.round(images / 6)));
const { template, packages } = packagesFor(learn, partners);
const choices = `height=28,width=28,filters=${filters},tiles=${tiles},stride=1,seed=veritrain`;
const featureMap = training.parseFeatureMap(`random-convolution:${choices}`);
const program = training.chooseProgram(
  { task: 'classification', family: 'ridgeClassifier', featureMap },
  learn,
);
const features = training.programFeatures(program, learn.features);
console.log(
  `${learn.rows} images at ${partners} partners, ${features} features, ${program.head.classes.length} digits`,
);

// Each partner maps its images once, while its package streams by; only sums of them stay in memory.
const opened = packages.map((bytes) => training.openPackage(bytes, { program, template }));

// Three partners a round, in turn; the model goes out encrypted, and comes back in sanitised ciphertexts.
const couple = { channel: 'example', chaincode: 'veritrain', couple: 'tc_mnist' };
const trainer = await training.createModelOwnerTrainer({
  program,
  template,
  secret: randomBytes(32),
  ...couple,
});
const heKey = trainer.heKey();
let state = trainer.initialState();
for (let attempt = 1; attempt <= rounds; attempt++) {
  const model = await trainer.modelForRound(state, attempt);
  const updates = [];
  for (let place = 0; place < 3; place++) {
    const subset = (3 * (attempt - 1) + place) % partners;
    const job = { ...couple, package: opened[subset], program, model, heKey, attempt };
    updates.push({ subset, bytes: await training.trainOnShard(job) });
  }
  ({ state } = await trainer.applyUpdates(state, attempt, updates));
  if (attempt % 5 === 0 || attempt === rounds)
    console.log(`round ${attempt}: ${accuracy(trainer.result(state))} %`);
}

// The whole of it, convolutions too, as a file for ONNX Runtime: pixels in, digits and their scores out.
const { target, columns } = learn;
writeFileSync('mnist.onnx', encodeOnnx({ ...trainer.result(state), target, columns }).bytes);
console.log(
  `mnist.onnx is written; ${test.rows} images that nobody trained on: ${accuracy(trainer.result(state))} %`,
);

function accuracy({ family, parameters, features }) {
  const figures = training.evaluateModel(test, { family, parameters, features });
  return (100 * figures.find(({ name }) => name === 'accuracy').value).toFixed(2);
}
