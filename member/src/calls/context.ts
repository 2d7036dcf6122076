/** What every action takes beside the member and its input. */
export interface ActionContext {
  signal?: AbortSignal | undefined;
  /** One line about what is going on, for whoever watches. */
  progress?: ((line: string) => void) | undefined;
}
