import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Eta } from 'eta';
import { templatesFolder } from './layout.js';
import { writeFile } from './networkFile.js';

const eta = new Eta({ autoEscape: false, autoTrim: false });

/** Fills in a template of this package and writes the result. */
export function render(template: string, values: object, path: string, mode?: number): void {
  writeFile(path, eta.renderString(readFileSync(join(templatesFolder, template), 'utf8'), values), mode);
}
