/** Asks STS for a session with a web identity token, as a server does; keys as the tools read them. */

export interface SessionKeys {
  readonly AWS_ACCESS_KEY_ID: string
  readonly AWS_SECRET_ACCESS_KEY: string
  readonly AWS_SESSION_TOKEN: string
}

export async function askSts(
  url: string,
  fields: { readonly [name: string]: string },
): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: new URLSearchParams({ Version: '2011-06-15', ...fields }).toString(),
  })
  return { status: response.status, text: await response.text() }
}

export async function takeRole(
  url: string,
  fields: { readonly [name: string]: string },
  policy: string | null,
): Promise<SessionKeys> {
  const { status, text } = await askSts(url, {
    Action: 'AssumeRoleWithWebIdentity',
    RoleSessionName: 'test',
    ...fields,
    ...(policy === null ? {} : { Policy: policy }),
  })
  if (status !== 200) throw new Error(text)
  return keysIn(text)
}

export function keysIn(text: string): SessionKeys {
  const tag = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? ''
  return {
    AWS_ACCESS_KEY_ID: tag('AccessKeyId'),
    AWS_SECRET_ACCESS_KEY: tag('SecretAccessKey'),
    AWS_SESSION_TOKEN: tag('SessionToken'),
  }
}
