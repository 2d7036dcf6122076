/** Tells how far something large is: whenever it got on by another step, so that what is small takes no word. */
export function inSteps(step: number, tell: (count: number) => void): (count: number) => void {
  let told = 0;
  return (count) => {
    if (count - told < step) return;
    told = count;
    tell(count);
  };
}
