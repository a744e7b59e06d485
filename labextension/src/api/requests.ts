import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import { errorOf } from './errors';

/** The namespace of our REST API below the server's base URL. */
const NAMESPACE = 'claimed';

/**
 * Asks the server extension.
 *
 * Rejects with a `ClaimedError` when it refuses and with a
 * `ServerConnection.NetworkError` when it does not answer.
 */
export class Requests {
  constructor(readonly serverSettings: ServerConnection.ISettings) {}

  async json<T>(endPoint: string, init?: RequestInit): Promise<T> {
    return (await this.raw(endPoint, init)).json();
  }

  async raw(endPoint: string, init: RequestInit = {}): Promise<Response> {
    const url = URLExt.join(this.serverSettings.baseUrl, NAMESPACE, endPoint);
    const response = await ServerConnection.makeRequest(
      url,
      init,
      this.serverSettings
    );
    if (!response.ok) {
      throw await errorOf(response);
    }
    return response;
  }
}

export function post(body: object): RequestInit {
  return { method: 'POST', body: JSON.stringify(body) };
}

/** An end point of parts that may hold any character. */
export function join(...parts: string[]): string {
  return parts.map(encodeURIComponent).join('/');
}
