import { layoutGraph } from './layout';
import { buffersOf } from './shapes';
import type { ILayoutInput } from './shapes';

/** As much of a worker's scope as is used. */
interface IScope {
  onmessage: (event: MessageEvent<{ id: number; input: ILayoutInput }>) => void;
  postMessage(message: unknown, transfer: Transferable[]): void;
}

const scope = self as unknown as IScope;

scope.onmessage = ({ data: { id, input } }) => {
  const layout = layoutGraph(input);
  scope.postMessage({ id, layout }, buffersOf(layout));
};
