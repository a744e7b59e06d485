/** How long something that was asked for may take to be drawn, in ms. */
const PATIENCE = 2000;

/** Waits until an element is drawn; resolves to null when it is not, in time. */
export async function appear<T>(find: () => T | null): Promise<T | null> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    await new Promise(resolve => requestAnimationFrame(resolve));
    const found = find();
    if (found !== null || Date.now() > deadline) {
      return found;
    }
  }
}
