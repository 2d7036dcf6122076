import { metricTitles } from '@veritrain/member/text';

/** A figure's name for people; of one that is not known, the name itself. */
export const metricTitle = (name: string): string =>
  (metricTitles as Readonly<Record<string, string>>)[name] ?? name;
