// The HTTP API as a program uses it, beside the browser.

import { expect } from "@playwright/test";
import type { Person } from "./people.ts";
import type { Server } from "./server.ts";

/** The tokens of a session. */
export interface Tokens {
  access: string;
  refresh: string;
}

/** Opens a session, as the program whose `User-Agent` is `agent`, and which calls itself `client` at its login. */
export async function openSession(server: Server, person: Person, agent?: string, client?: string): Promise<Tokens> {
  const login = { username: person.name, password: person.password, client };
  const answer = await post(server, "/api/token/", login, agent);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Tokens;
}

/** Presents a refresh token; answers whatever the server says. */
export function presentRefresh(server: Server, refresh: string, agent?: string): Promise<Response> {
  return post(server, "/api/token/refresh/", { refresh }, agent);
}

/** Renews a session; answers its new tokens. */
export async function renew(server: Server, tokens: Tokens): Promise<Tokens> {
  const answer = await presentRefresh(server, tokens.refresh);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Tokens;
}

/** Blacklists the refresh token of a session, and so ends it. */
export async function signOut(server: Server, tokens: Tokens): Promise<void> {
  const answer = await post(server, "/api/token/blacklist/", { refresh: tokens.refresh });
  expect(answer.status).toBe(200);
}

/** Asks for the protected list with an access token. */
export function askForUsers(server: Server, access: string): Promise<Response> {
  return fetch(`${server.url}/api/users/`, { headers: { authorization: `Bearer ${access}` } });
}

/** The API token of somebody: the same every time, until it is reset. */
export async function apiToken(server: Server, person: Person): Promise<string> {
  const answer = await post(server, "/api/get-auth-token/", { username: person.name, password: person.password });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { token: string }).token;
}

/** Asks for the protected list with an API token. */
export function askWithApiToken(server: Server, key: string): Promise<Response> {
  return fetch(`${server.url}/api/users/`, { headers: { authorization: `Token ${key}` } });
}

/** The claims of a token: its payload, not verified. */
export function claims(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Record<string, unknown>;
}

function post(server: Server, path: string, body: object, agent?: string): Promise<Response> {
  return fetch(server.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...(agent && { "user-agent": agent }) },
    body: JSON.stringify(body),
  });
}
