// The same as @veritrain/network has, which this package does not know.
const keptLines = 100;
const maxLineLength = 300;

/** What a process writes, as far as it may tell why it ends: its last lines, more than one error's trace has. */
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
 * The lines that tell why a process ended, the first line of its last error before the last `most` of them: without
 * timestamps and colours, and without the trace, which tells where and not why.
 */
function lastWords(lines: readonly string[], most = 3): string {
  const spoken = lines.map(plain).filter((line) => line.trim() !== '' && !isNoise(line));
  const telling = spoken.filter((line) => tells.test(line));
  const said = telling.length === 0 ? spoken : telling;
  const tail = said.slice(-most);
  const error = said.findLast((line) => beginsError.test(line));
  const words = error === undefined || tail.includes(error) ? tail : [error, ...tail];
  return words.map((line) => cut(line.trim())).join(' | ') || 'it said nothing';
}

const tells = /error|panic|fatal|failed|denied|refused|invalid|in use/i;

/** Of Node and of Go. What is indented belongs to an error that has begun before. */
const beginsError = /^(?:Uncaught )?[\w.]*(?:Error|Exception)\b|^(?:panic|fatal error):/;

const plain = (line: string): string =>
  line
    // eslint-disable-next-line no-control-regex -- colours are control characters
    .replace(/\u001b\[[0-9;]*m/g, '')
    // Whose line it is, where a process passes on what others say.
    .replace(/^\[[^\]]*\] /, '')
    .replace(/^\d{4}[-/]\S+ \S+ (?:\S+ )?(?=\S)/, '');

/** Frames of a trace, the modules that wanted one, brackets alone, and what programs say of their own use. */
const isNoise = (line: string): boolean =>
  /^\s+at |^- \/|^[\s{}[\](),;^]*$|^\s*(?:Usage|Flags|Global Flags|goroutine)\b/.test(line);

const cut = (line: string): string =>
  line.length > maxLineLength ? `${line.slice(0, maxLineLength)}…` : line;
