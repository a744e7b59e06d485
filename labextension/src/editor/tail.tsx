import * as React from 'react';
import { useStage } from './stage';

/** How often the log of a running task is looked at, in ms. */
const PERIOD = 1500;

/** The last line that a running task has written. */
export function LogTail({ task }: { task: string }): JSX.Element | null {
  const { model } = useStage();
  const run = model.run?.run_id;
  const [line, setLine] = React.useState('');
  React.useEffect(() => {
    let isLeft = false;
    const look = async () => {
      const text = run ? await model.log.lastLine(run, task) : '';
      if (!isLeft) {
        setLine(text);
      }
    };
    void look();
    const timer = setInterval(() => void look(), PERIOD);
    return () => {
      isLeft = true;
      clearInterval(timer);
    };
  }, [model, run, task]);
  return line ? (
    <div className="claimed-Card-tail" title={line}>
      {line}
    </div>
  ) : null;
}
