// A real server per test file or test: its own port, its own data directory, the settings it is given.
//
//   const server = await Server.start({ JOTWARD_ACCESS_TOKEN_LIFETIME: "5s" });
//   await server.addUser("ada", "correct horse", "--staff");
//   ...
//   await server.end();

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** The binary under test. */
export const BINARY = resolve(process.env.JOTWARD_BIN ?? join(import.meta.dirname, "../../target/debug/jotward"));

// Hashing a password is slow on purpose, and so is logging in again and again; tests are not.
const QUICK = { JOTWARD_ARGON2_MEMORY: "1024", JOTWARD_ARGON2_ITERATIONS: "1", JOTWARD_THROTTLE: "off" };

/** Settings of the server: `JOTWARD_*` variables. */
export type Settings = Record<string, string>;

// What still runs when a worker is stopped in the middle of a test ends with it.
const running = new Set<ChildProcess>();
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));

/** A running `jotward serve`. */
export class Server {
  private child?: ChildProcess;
  private log = "";

  private constructor(
    /** Where it answers, without a slash at the end. */
    readonly url: string,
    private readonly directory: string,
    private readonly settings: Settings,
    private readonly binary: string,
  ) {}

  /** Starts a server with an empty database and waits until it answers. */
  static async start(settings: Settings = {}, binary = BINARY): Promise<Server> {
    const address = `127.0.0.1:${await freePort()}`;
    const directory = mkdtempSync(join(tmpdir(), "jotward-e2e-"));
    const server = new Server(
      `http://${address}`,
      directory,
      { ...QUICK, ...settings, JOTWARD_LISTEN: address },
      binary,
    );
    try {
      await server.resume();
      return server;
    } catch (error) {
      await server.end();
      throw error;
    }
  }

  /** Makes a user as an operator would. `options` as in `jotward user add --help`. */
  addUser(name: string, password: string, ...options: string[]): void {
    this.command(["user", "add", name, "--password-stdin", ...options], password);
  }

  /** Runs another command of the binary on the same data, and answers what it printed. */
  command(args: string[], input = ""): string {
    return execFileSync(this.binary, args, { env: this.environment(), input, encoding: "utf8", timeout: 20_000 });
  }

  /** Starts the process again after `stop`: same address, same data. */
  async resume(settings: Settings = {}): Promise<void> {
    Object.assign(this.settings, settings);
    const child = spawn(this.binary, ["serve"], { env: this.environment(), cwd: this.directory, stdio: ["ignore", "pipe", "pipe"] });
    this.child = child;
    running.add(child);
    child.once("exit", () => running.delete(child));
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => (this.log += chunk.toString()));
    }
    const failed = once(child, "error").then(([error]) => Promise.reject(error as Error));
    await Promise.race([this.ready(child), failed]);
  }

  /** Ends the process as an operator would; its data stays. */
  async stop(): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (!child || hasEnded(child)) return;
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    const impatience = setTimeout(() => child.kill("SIGKILL"), 5_000);
    await ended;
    clearTimeout(impatience);
  }

  /** Ends the process and deletes its data. */
  async end(): Promise<void> {
    await this.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** What the server wrote so far, for messages of failed tests. */
  output(): string {
    return this.log;
  }

  private async ready(child: ChildProcess): Promise<void> {
    const deadline = Date.now() + 15_000;
    while (Date.now() < deadline && !hasEnded(child)) {
      const answer = await fetch(`${this.url}/healthz`).catch(() => undefined);
      if (answer?.ok) return;
      await sleep(30);
    }
    child.kill("SIGKILL");
    throw new Error(`the server did not start:\n${this.log}`);
  }

  private environment(): NodeJS.ProcessEnv {
    return { PATH: process.env.PATH, JOTWARD_DATA_DIR: this.directory, ...this.settings };
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

// A port nobody listens on now: the system picks one, and it is given back.
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
