import { ServerConnection } from '@jupyterlab/services';
import { IUntrusted } from './types';

/** What the server says when it refuses: `{"error": {"code", "message", "where"}}`. */
export interface IErrorBody {
  code: string;
  message: string;
  where?: string | null;
  /** With the code `untrusted-component`: what the user is to be asked about. */
  components?: IUntrusted[];
}

/**
 * A refusal by the server extension, in its own words.
 *
 * `message` is one line for the user; `where` names the file, task or field
 * it is about; `code` is stable and may be compared.
 */
export class ClaimedError extends ServerConnection.ResponseError {
  constructor(response: Response, body: IErrorBody) {
    super(response, body.message);
    this.name = 'ClaimedError';
    this.code = body.code;
    this.where = body.where ?? null;
    this.components = body.components ?? [];
  }

  readonly code: string;
  readonly where: string | null;
  readonly components: IUntrusted[];

  /** Whether the server understood the request and says why it is wrong. */
  get isRefusal(): boolean {
    const { status } = this.response;
    return (
      status >= 400 && status < 500 && ![401, 403, 408, 429].includes(status)
    );
  }
}

function isErrorBody(value: unknown): value is IErrorBody {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as IErrorBody).message === 'string'
  );
}

/**
 * The error that a failed response stands for.
 *
 * Reads `{"error": {...}}`, else Jupyter's own `{"message"}`, else says the
 * status: a proxy's HTML page is never shown to the user.
 */
export async function errorOf(response: Response): Promise<ClaimedError> {
  const body: unknown = await response.json().catch(() => null);
  const error = (body as { error?: unknown } | null)?.error;
  if (isErrorBody(error)) {
    return new ClaimedError(response, error);
  }
  const code = String(response.status);
  if (isErrorBody(body)) {
    return new ClaimedError(response, { ...body, code });
  }
  const status = `${response.status} ${response.statusText}`.trim();
  return new ClaimedError(response, {
    code,
    message: `The server answered ${status}.`
  });
}

/** One line about any error, for a person. */
export function messageOf(error: unknown): string {
  if (error instanceof ServerConnection.NetworkError) {
    return 'The server does not answer. Check that it is running, then try again.';
  }
  if (error instanceof ClaimedError && error.where) {
    return `${error.message} (${error.where})`;
  }
  return error instanceof Error ? error.message : String(error);
}
