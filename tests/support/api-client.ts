/** Someone signed in to the API. */
export type ApiClient = {
  get<T>(path: string): Promise<T>;
  send(
    method: 'GET' | 'PUT' | 'POST' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: unknown }>;
};

/** Signs in as a browser does. @throws when the answer is not a success */
export async function signInTo(url: string, user: string, password: string): Promise<ApiClient> {
  let cookie = '';
  const request = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${url}/api/v1/${path}`, {
      method,
      headers: {
        ...(cookie !== '' && { cookie }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        origin: url,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { response, status: response.status, body: text === '' ? null : (JSON.parse(text) as unknown) };
  };
  const signedIn = await request('POST', 'session', { user, password });
  if (!signedIn.response.ok)
    throw new Error(`sign-in of ${user}: ${signedIn.status} ${JSON.stringify(signedIn.body)}`);
  cookie = signedIn.response.headers
    .getSetCookie()
    .map((c) => c.split(';')[0])
    .join('; ');
  return {
    async get<T>(path: string) {
      const { status, body } = await request('GET', path);
      if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
      return body as T;
    },
    send: async (method, path, body) => {
      const answer = await request(method, path, body);
      return { status: answer.status, body: answer.body };
    },
  };
}
