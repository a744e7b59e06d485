import { describe, expect, it } from 'vitest';
import { ClaimedError, messageOf } from '../../labextension/src/api/errors';
import { Answer, fakeServer } from './fakes';

async function failure(answer: Answer): Promise<unknown> {
  return fakeServer(() => answer)
    .client.components()
    .then(
      () => null,
      error => error
    );
}

describe('A request that is refused', () => {
  it('becomes an error in the words of the server', async () => {
    const error = await failure({
      status: 404,
      json: {
        error: { code: 'unknown-run', message: 'no such run', where: 'r9' }
      }
    });
    expect(error).toBeInstanceOf(ClaimedError);
    expect(error).toMatchObject({
      code: 'unknown-run',
      message: 'no such run',
      where: 'r9',
      isRefusal: true
    });
    expect(messageOf(error)).toBe('no such run (r9)');
  });

  it("reads Jupyter's own errors", async () => {
    const error = await failure({
      status: 403,
      json: { message: 'Forbidden' }
    });
    expect(error).toMatchObject({ message: 'Forbidden', isRefusal: false });
  });

  it("never shows a proxy's page", async () => {
    const error = await failure({ status: 502, text: '<html>Bad gateway' });
    expect(messageOf(error)).toMatch(/^The server answered 502/);
  });

  it('says it in one line when nobody answers', async () => {
    expect(messageOf(await failure('no network'))).toMatch(/does not answer/);
  });
});

describe('A request', () => {
  it('goes below the base URL, with names of any kind', async () => {
    const { client, requests } = fakeServer(() => ({ json: { runs: [] } }));
    await client.output('r 1', 'tr/ain', 'größe');
    await client.runs({ path: 'a b/c&d.pipeline', limit: 1 });
    expect(requests.map(r => r.path)).toEqual([
      'runs/r%201/tasks/tr%2Fain/outputs/gr%C3%B6%C3%9Fe',
      'runs?path=a%20b%2Fc%26d.pipeline&limit=1'
    ]);
  });

  it('sends the text of a document that was not saved', async () => {
    const { client, requests } = fakeServer(() => ({}));
    await client.describe('a.pipeline', '{}');
    expect(requests[0]).toEqual({
      method: 'POST',
      path: 'pipelines/describe',
      body: { path: 'a.pipeline', source: '{}' }
    });
  });
});
