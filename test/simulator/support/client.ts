import { randomUUID } from "node:crypto";
import { MaasSimulator, type SimulatorOptions } from "../../../src/simulator";

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; undefined when it is no JSON. */
  readonly json: unknown;
}

export interface Signature {
  readonly key: string;
  readonly nonce?: string;
  readonly timestamp?: number;
}

/** A header as MAAS's own client makes it. */
export function authorization({ key, nonce, timestamp }: Signature): string {
  const [consumer, token, secret] = key.split(":");
  const seconds = timestamp ?? Math.floor(Date.now() / 1000);
  return `OAuth oauth_version="1.0", oauth_signature_method="PLAINTEXT", oauth_consumer_key="${consumer}", oauth_token="${token}", oauth_signature="%26${secret}", oauth_nonce="${nonce ?? randomUUID()}", oauth_timestamp="${seconds}"`;
}

export type Form = Readonly<Record<string, string | number | readonly string[]>>;

const encode = (form: Form) => {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(form)) {
    for (const item of Array.isArray(value) ? (value as readonly string[]) : [String(value)]) {
      pairs.append(name, item);
    }
  }
  return pairs;
};

/** Calls one region as one user. */
export class Client {
  constructor(
    readonly url: string,
    readonly key: string,
  ) {}

  async send(method: string, path: string, form?: Form): Promise<Answer> {
    const headers = { authorization: authorization({ key: this.key }) };
    return read(
      await fetch(`${this.url}/api/2.0/${path}`, {
        method,
        headers,
        ...(form === undefined ? {} : { body: encode(form) }),
      }),
    );
  }

  /** The parsed body of a call that must succeed. */
  async ok<T = Record<string, unknown>>(method: string, path: string, form?: Form): Promise<T> {
    const answer = await this.send(method, path, form);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.json as T;
  }

  get<T = Record<string, unknown>>(path: string): Promise<T> {
    return this.ok<T>("GET", path);
  }

  post<T = { id: number }>(path: string, form: Form = {}): Promise<T> {
    return this.ok<T>("POST", path, form);
  }

  put<T = Record<string, unknown>>(path: string, form: Form): Promise<T> {
    return this.ok<T>("PUT", path, form);
  }
}

export async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  const type = (response.headers.get("content-type") ?? "").split(";")[0] ?? "";
  return { status: response.status, type, headers: response.headers, text, json: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export interface TestRegion {
  readonly simulator: MaasSimulator;
  readonly admin: Client;
  readonly user: Client;
}

/** Starts a region for one test file, and stops it after the last test. Each test begins with the seed. */
export function region(options: SimulatorOptions = {}): TestRegion {
  const started: { -readonly [K in keyof TestRegion]?: TestRegion[K] } = {};
  beforeAll(async () => {
    const simulator = await MaasSimulator.start(options);
    started.simulator = simulator;
    started.admin = new Client(simulator.url, simulator.apiKey);
    started.user = new Client(simulator.url, simulator.userApiKey);
  });
  beforeEach(() => {
    started.simulator?.reset();
  });
  afterAll(async () => {
    await started.simulator?.stop();
  });
  return started as TestRegion;
}
