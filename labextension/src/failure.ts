import { showErrorMessage } from '@jupyterlab/apputils';
import { messageOf } from './api/errors';

/** Does something, and tells the user in one line when it fails. */
export async function tellFailure(
  title: string,
  action: () => Promise<unknown>
): Promise<void> {
  try {
    await action();
  } catch (error) {
    void showErrorMessage(title, messageOf(error));
  }
}
