import { describe, expect, it } from 'vitest';
import { Progress, type ProgressStream, showsRound } from './progress.js';

class Screen implements ProgressStream {
  text = '';
  constructor(
    readonly isTTY: boolean,
    readonly columns = 60,
  ) {}

  write(text: string | Uint8Array): boolean {
    this.text += text.toString();
    return true;
  }

  /** What is to be seen, once every erased line is gone. */
  get seen(): string[] {
    return this.text.split('\n').map((line) => line.split('\r\u001b[2K').at(-1) ?? '');
  }
}

describe('Progress', () => {
  it('writes plain lines where there is no terminal, and no live line', () => {
    const screen = new Screen(false);
    const progress = new Progress(screen, 10);
    progress.status(1, 2, 'half');
    progress.line('split', '3 subsets');
    progress.end();
    expect(screen.text).toMatch(/^ +\d+\.\d s {2}split {5}3 subsets\n$/);
  });

  it('keeps one live line below the others on a terminal, and takes it away', () => {
    const screen = new Screen(true);
    const progress = new Progress(screen, 10);
    progress.status(1, 2, 'half');
    expect(screen.seen.at(-1)).toMatch(/█{12}░{12} half$/);
    progress.line('split', '3 subsets');
    expect(screen.seen).toHaveLength(2);
    expect(screen.seen[0]).toMatch(/split +3 subsets$/);
    expect(screen.seen[1]).toMatch(/half$/);
    progress.end();
    expect(screen.seen[1]).toBe('');
  });

  it('never lets the live line wrap', () => {
    const screen = new Screen(true, 50);
    new Progress(screen, 10).status(1, 2, 'x'.repeat(200));
    expect(screen.seen.at(-1)?.length).toBeLessThan(50);
  });

  it('writes no more lines than it may, and says how many it left out', () => {
    const screen = new Screen(false);
    const progress = new Progress(screen, 3);
    for (let index = 0; index < 10; index += 1) progress.line('round', index.toString());
    progress.end();
    expect(screen.seen.filter((line) => line !== '')).toHaveLength(4);
    expect(screen.text).toMatch(/7 more lines/);
  });
});

describe('showsRound', () => {
  it.each([1, 3, 12, 13, 20, 100, 5000])(
    'shows the first and the last of %i rounds, and not many between',
    (rounds) => {
      const shown = Array.from({ length: rounds }, (_, index) => index + 1).filter((round) =>
        showsRound(round, rounds, 12),
      );
      expect(shown[0]).toBe(1);
      expect(shown.at(-1)).toBe(rounds);
      expect(shown.length).toBeLessThanOrEqual(14);
    },
  );
});
