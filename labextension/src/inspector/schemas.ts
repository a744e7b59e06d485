import { ClaimedClient } from '../api/client';
import { messageOf } from '../api/errors';
import { INewer, ITaskSchema } from '../api/types';
import * as React from 'react';

/** Something that is asked for: it, or why it cannot be had, or neither yet. */
export interface IAsked<T> {
  value: T | null;
  error: string;
}

/** The form of a task, as the server describes it. */
export function useTaskSchema(
  client: ClaimedClient,
  component: string,
  path: string
): IAsked<ITaskSchema> {
  const ask = React.useCallback(
    () => client.taskSchema(component, path),
    [client, component, path]
  );
  return useAsked(ask);
}

/** What is newer of a component; nothing for what is in no catalog. */
export function useNewer(
  client: ClaimedClient,
  reference: string
): INewer | null {
  const ask = React.useCallback(
    async () =>
      reference.includes('@')
        ? client.newer(reference)
        : { newer: null, differences: [] },
    [client, reference]
  );
  return useAsked(ask).value;
}

/** Asks when `ask` changes; a late answer to an old question is dropped. */
export function useAsked<T>(ask: () => Promise<T>): IAsked<T> {
  const [asked, setAsked] = React.useState<IAsked<T>>({
    value: null,
    error: ''
  });
  React.useEffect(() => {
    let isWanted = true;
    const take = (answer: IAsked<T>) => isWanted && setAsked(answer);
    ask().then(
      value => take({ value, error: '' }),
      error => take({ value: null, error: messageOf(error) })
    );
    return () => {
      isWanted = false;
    };
  }, [ask]);
  return asked;
}
