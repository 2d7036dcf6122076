export declare const walls: {
  name: string;
  files: string[];
  ignores?: string[];
  forbidden: string[];
  why: string;
}[];
