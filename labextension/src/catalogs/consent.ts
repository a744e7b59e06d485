import { ClaimedError } from '../api/errors';
import { IUntrusted } from '../api/types';

/** What the server says of a run with components that the user does not trust yet. */
const UNTRUSTED = 'untrusted-component';

export interface IConsent {
  /** Asks the user; resolves to false when they would rather not. */
  ask: (components: IUntrusted[]) => Promise<boolean>;
  /** Tells the server that these may run. */
  trust: (components: IUntrusted[]) => Promise<void>;
}

/**
 * Does what may be refused for want of trust, and does it again when the user
 * trusts what it is about. Resolves to null when they do not.
 *
 * Asks as often as there is something new: a component may change while the
 * user reads. Every other refusal is thrown, and so is one about what the
 * user has just trusted.
 */
export async function withConsent<T>(
  action: () => Promise<T>,
  { ask, trust }: IConsent
): Promise<T | null> {
  let asked = '';
  for (;;) {
    try {
      return await action();
    } catch (error) {
      const components = untrusted(error);
      const about = JSON.stringify(components);
      if (components.length === 0 || about === asked) {
        throw error;
      }
      if (!(await ask(components))) {
        return null;
      }
      await trust(components);
      asked = about;
    }
  }
}

function untrusted(error: unknown): IUntrusted[] {
  return error instanceof ClaimedError && error.code === UNTRUSTED
    ? error.components
    : [];
}
