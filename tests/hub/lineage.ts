/** A chain of so many tasks, each of which reads what the one before has made, as the server tells it. */
export function longLineage(length: number): object {
  const start = node('artifact', 0);
  const nodes = [start];
  const edges = [];
  for (let i = 1; i <= length; i++) {
    const [execution, artifact] = [node('execution', i), node('artifact', i)];
    nodes.push(execution, artifact);
    edges.push(
      { source: `artifact/${i - 1}`, target: execution.id, name: 'data' },
      { source: execution.id, target: artifact.id, name: 'data' }
    );
  }
  return { nodes, edges, start: [start.id], truncated: false, missing: 0 };
}

function node(kind: 'artifact' | 'execution', number: number) {
  const isArtifact = kind === 'artifact';
  return {
    id: `${kind}/${number}`,
    kind,
    type: isArtifact ? 'system.Dataset' : 'system.ContainerExecution',
    name: `step ${number}`,
    uri: null,
    state: isArtifact ? 'LIVE' : 'COMPLETE',
    created: 1_763_800_000_000 + number,
    run: 'long',
    pipeline: 'Long',
    task: `step-${number}`,
    component: `test/step-${number}@1.0.0`,
    user: null,
    digest: null,
    up: number > 0 ? 1 : 0,
    down: 1,
    tags: []
  };
}
