import { Time } from '@jupyterlab/coreutils';
import * as React from 'react';
import { duration, fileSize } from '../runs/format';
import { IDetailProps } from './detailprops';
import { shortDigest, shortUri, timeText } from './words';

/** What a row says; one that says nothing is left out. */
type Fact = [name: string, value: React.ReactNode];

/** What, when, who, and with what. */
export function NodeFacts(props: IDetailProps): JSX.Element {
  const facts = [
    ...whenFacts(props),
    ...withFacts(props),
    ...whereFacts(props)
  ];
  return (
    <section>
      <h3>{props.trans.__('About')}</h3>
      <dl className="claimed-Lineage-facts">
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <React.Fragment key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </React.Fragment>
          ))}
      </dl>
    </section>
  );
}

function whenFacts(props: IDetailProps): Fact[] {
  const { detail, trans } = props;
  const { node, host, engine } = detail;
  return [
    [trans.__('Created'), <When time={node.created} />],
    [trans.__('Took'), tookText(props)],
    [trans.__('By'), [node.user, host].filter(Boolean).join(' @ ')],
    [trans.__('Pipeline'), node.pipeline],
    [trans.__('Task'), node.task],
    [trans.__('Run'), node.run && <RunLink {...props} run={node.run} />],
    [trans.__('Engine'), engine]
  ];
}

function withFacts(props: IDetailProps): Fact[] {
  const { detail, trans } = props;
  const { component, kind, digest } = detail.node;
  const code = kind === 'execution' ? trans.__('Code') : trans.__('Digest');
  const link = (text: string | null) =>
    text && <Digest {...props} digest={text} />;
  return [
    [
      trans.__('Component'),
      component && <ComponentLink {...props} reference={component} />
    ],
    [trans.__('Git'), gitText(props)],
    [trans.__('Environment'), link(detail.environment)],
    [code, link(digest)]
  ];
}

function whereFacts(props: IDetailProps): Fact[] {
  const { detail, trans } = props;
  const { node, size, path } = detail;
  return [
    [trans.__('Size'), size === null ? null : fileSize(size)],
    [trans.__('File'), (path || node.uri) && <File {...props} />],
    [trans.__('Id'), <code>{node.id}</code>]
  ];
}

function ComponentLink({
  actions,
  reference,
  trans
}: IDetailProps & { reference: string }): JSX.Element {
  return (
    <button
      className="claimed-Link"
      title={trans.__('Look at the code of the component')}
      onClick={() => actions.openCode(reference)}
    >
      {reference}
    </button>
  );
}

function When({ time }: { time: number }): JSX.Element {
  const date = new Date(time);
  return (
    <time dateTime={date.toISOString()} title={Time.formatHuman(date)}>
      {timeText(time)}
    </time>
  );
}

/** What took less than this, in seconds, was written down when it was over. */
const MOMENT = 0.05;

/** How long an execution took, by its first and its last word. */
function tookText({ detail }: IDetailProps): string {
  const { node, updated } = detail;
  const isOver = ['COMPLETE', 'FAILED', 'CANCELED'].includes(`${node.state}`);
  const seconds = (updated - node.created) / 1000;
  return node.kind === 'execution' && isOver && seconds >= MOMENT
    ? duration(seconds)
    : '';
}

function RunLink({
  actions,
  run,
  trans
}: IDetailProps & { run: string }): JSX.Element {
  return (
    <button
      className="claimed-Link"
      title={trans.__('Show the run')}
      onClick={() => actions.openRun(run)}
    >
      {run}
    </button>
  );
}

function gitText({ detail, trans }: IDetailProps): string {
  const { git } = detail;
  return git
    ? [
        git.commit.slice(0, 12),
        git.branch,
        git.dirty ? trans.__('with changes that were not committed') : ''
      ]
        .filter(Boolean)
        .join(' · ')
    : '';
}

function Digest({
  digest,
  actions,
  trans
}: IDetailProps & { digest: string }): JSX.Element {
  return (
    <button
      className="claimed-Link"
      title={trans.__('Copy %1', digest)}
      onClick={() => actions.copy(digest)}
    >
      <code>{shortDigest(digest)}</code>
    </button>
  );
}

function File({ detail, actions, trans }: IDetailProps): JSX.Element | null {
  const { node, path, exists } = detail;
  if (path) {
    return (
      <button
        className="claimed-Link"
        title={trans.__('Open the file')}
        onClick={() => actions.openFile(path)}
      >
        {path}
      </button>
    );
  }
  return node.uri ? (
    <span title={node.uri}>
      <code>{shortUri(node.uri)}</code>
      {exists === false && (
        <span className="claimed-Lineage-gone">
          {' '}
          {trans.__('(no longer there)')}
        </span>
      )}
    </span>
  ) : null;
}
