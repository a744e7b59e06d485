/** Below this many it is quicker to insert one by one. */
const FEW = 48;
/** Keys are told apart in so many steps, by two passes over their digits. */
const DIGIT = 12;
const STEPS = 2 ** (2 * DIGIT) - 1;

/** Sorts numbers from `low` to `high` by their keys, in linear time; what is equal keeps its order. */
export function sortRange(
  items: Int32Array,
  keys: Float64Array,
  low: number,
  high: number
): void {
  if (high - low > FEW) {
    sortDigits(items, keys, low, high);
  } else {
    insert(items, keys, low, high);
  }
}

function insert(
  items: Int32Array,
  keys: Float64Array,
  low: number,
  high: number
): void {
  for (let at = low + 1; at < high; at++) {
    const item = items[at];
    const key = keys[item];
    let to = at;
    while (to > low && keys[items[to - 1]] > key) {
      items[to] = items[to - 1];
      to--;
    }
    items[to] = item;
  }
}

function sortDigits(
  items: Int32Array,
  keys: Float64Array,
  low: number,
  high: number
): void {
  let [least, most] = [Infinity, -Infinity];
  for (let at = low; at < high; at++) {
    const key = keys[items[at]];
    least = key < least ? key : least;
    most = key > most ? key : most;
  }
  if (!(most > least)) {
    return;
  }
  const scale = STEPS / (most - least);
  const range = items.subarray(low, high);
  const steps = new Int32Array(range.length);
  for (let i = 0; i < range.length; i++) {
    steps[i] = Math.floor((keys[range[i]] - least) * scale);
  }
  const byLow = pass(range, steps, 0);
  pass(range, byLow, DIGIT);
}

/** Orders by one digit, in place; returns the steps in the new order. */
function pass(range: Int32Array, steps: Int32Array, shift: number): Int32Array {
  const mask = 2 ** DIGIT - 1;
  const start = new Int32Array(mask + 2);
  for (let i = 0; i < steps.length; i++) {
    start[((steps[i] >> shift) & mask) + 1]++;
  }
  for (let i = 0; i <= mask; i++) {
    start[i + 1] += start[i];
  }
  const old = range.slice();
  const sorted = new Int32Array(steps.length);
  for (let i = 0; i < old.length; i++) {
    const to = start[(steps[i] >> shift) & mask]++;
    range[to] = old[i];
    sorted[to] = steps[i];
  }
  return sorted;
}
