// Where the tokens are: every tab of this browser reads them here.
const load = () => JSON.parse(localStorage.getItem("tokens")) ?? fail("Signed out: to the login");
const keep = (tokens) => localStorage.setItem("tokens", JSON.stringify({ ...tokens, at: Date.now() }));
const forget = () => localStorage.removeItem("tokens");

const fail = (why) => {
  throw new Error(why);
};
const post = (path, body) =>
  fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });

async function signIn(username, password) {
  const answer = await post("/api/token/", { username, password });
  if (!answer.ok) fail(`Sign in: ${answer.status}`);
  keep(await answer.json());
}

// One at a time, in this tab and in all others.
const alone = (task) => navigator.locks.request("tokens", task);

const signOut = () =>
  alone(async () => {
    const { refresh } = load();
    forget();
    await post("/api/token/blacklist/", { refresh });
  });

// Old is what has 10 seconds left, or a fifth of its life if that is less. The life stands in the token;
// its age is measured from when it came, by one clock, so that a wrong clock does no harm.
function isOld({ access, at }) {
  const payload = access.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
  const { iat, exp } = JSON.parse(atob(payload));
  const age = (Date.now() - at) / 1000;
  return age < 0 || age > exp - iat - Math.min(10, (exp - iat) / 5);
}

// Who had to wait for another's refresh finds the new tokens, and asks for nothing.
const refresh = (old) =>
  alone(async () => {
    const { access, refresh } = load();
    if (access !== old) return;
    const answer = await post("/api/token/refresh/", { refresh });
    if (answer.status === 401) forget(); // the session is over
    if (!answer.ok) fail(`Refresh: ${answer.status}`); // anything but 401: try later, sign nobody out
    keep({ refresh, ...(await answer.json()) }); // a server that does not rotate answers no refresh token
  });

// What the application uses in place of fetch.
async function call(path, { headers, ...options } = {}) {
  const send = () =>
    fetch(path, { ...options, headers: { ...headers, Authorization: `Bearer ${load().access}` } });
  // Ahead of time it may fail: the token is good for a moment yet.
  if (isOld(load())) await refresh(load().access).catch(() => {});
  const { access } = load();
  const answer = await send();
  if (answer.status !== 401) return answer;
  await refresh(access);
  return send(); // once: a second 401 is an answer
}
