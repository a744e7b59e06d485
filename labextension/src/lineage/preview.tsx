import * as React from 'react';
import { messageOf } from '../api/errors';
import { IOutputView } from '../api/types';
import { Busy } from '../catalogs/busy';
import { Hosted } from '../componentize/hosted';
import { IDetailProps } from './detailprops';

/** What an artifact holds: its report, its first rows, its picture. */
export function Preview(props: IDetailProps): JSX.Element {
  const { model, detail, trans } = props;
  const [output, setOutput] = React.useState<IOutputView | null>(null);
  const [problem, setProblem] = React.useState('');
  const { detail: reader } = model;
  const { id, state } = detail.node;
  React.useEffect(() => {
    let isGone = false;
    reader.preview().then(
      read => !isGone && setOutput(read),
      error => !isGone && setProblem(messageOf(error))
    );
    return () => {
      isGone = true;
    };
  }, [reader, id, state]);
  return (
    <section>
      <h3>{trans.__('Content')}</h3>
      {problem ? (
        <p className="claimed-quiet">{problem}</p>
      ) : output ? (
        <Shown {...props} output={output} />
      ) : (
        <Busy label={trans.__('Reading…')} />
      )}
    </section>
  );
}

function Shown(props: IDetailProps & { output: IOutputView }): JSX.Element {
  const { actions, output } = props;
  const make = React.useCallback(() => actions.view(output), [actions, output]);
  return <Hosted className="claimed-Lineage-preview" make={make} />;
}
