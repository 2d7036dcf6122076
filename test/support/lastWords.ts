import { beforeEach } from 'vitest';

/** What says what it said last. */
interface Speaker {
  readonly name: string;
  lastWords(): string;
}

/** The processes of this test file whose last words tell why a test failed. */
export const speakers: Speaker[] = [];

// Loaded before each test file: a story's logs go with its folder, so that of a failure in passing nothing else is left.
beforeEach(({ onTestFailed }) => {
  onTestFailed(() => {
    for (const speaker of speakers) console.error(`${speaker.name}: ${speaker.lastWords()}`);
  });
});
