// @veritrain/network has the same code. This package does not depend on it.
const keptLines = 100;
const maxLineLength = 300;

/** Keeps the last lines that a process writes, more than one error's trace has, to explain why it ended. */
export class LastLines {
  readonly #lines: string[] = [];

  add(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > keptLines) this.#lines.shift();
  }

  get words(): string {
    return lastWords(this.#lines);
  }
}

/**
 * The lines that explain why a process ended: the first line of its last error, then the last `maxLines` lines. Without
 * timestamps, colours and stack traces, which show where but not why.
 */
function lastWords(lines: readonly string[], maxLines = 3): string {
  const spoken = lines.map(plain).filter((line) => line.trim() !== '' && !isNoise(line));
  const telling = spoken.filter((line) => tells.test(line));
  const said = telling.length === 0 ? spoken : telling;
  const tail = said.slice(-maxLines);
  const error = said.findLast((line) => beginsError.test(line));
  const words = error === undefined || tail.includes(error) ? tail : [error, ...tail];
  return words.map((line) => cut(line.trim())).join(' | ') || 'it said nothing';
}

const tells = /error|panic|fatal|failed|denied|refused|invalid|in use/i;

/** Errors of Node and Go. An indented line belongs to an error that began before. */
const beginsError = /^(?:Uncaught )?[\w.]*(?:Error|Exception)\b|^(?:panic|fatal error):/;

const plain = (line: string): string =>
  line
    // eslint-disable-next-line no-control-regex -- colours are control characters
    .replace(/\u001b\[[0-9;]*m/g, '')
    // The prefix with which a process forwards another one’s line.
    .replace(/^\[[^\]]*\] /, '')
    .replace(/^\d{4}[-/]\S+ \S+ (?:\S+ )?(?=\S)/, '');

/** Stack frames, module lists, lone brackets and usage texts. */
const isNoise = (line: string): boolean =>
  /^\s+at |^- \/|^[\s{}[\](),;^]*$|^\s*(?:Usage|Flags|Global Flags|goroutine)\b/.test(line);

const cut = (line: string): string =>
  line.length > maxLineLength ? `${line.slice(0, maxLineLength)}…` : line;
