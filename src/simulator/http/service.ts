import { answer, apiHash, type Call, unknownEndpoint } from "../api/answer";
import { describe, isAnonymous, openapi, version } from "../api/description";
import type { Reply } from "../api/handler";
import { route } from "../api/routes";
import type { Region, Store } from "../model/store";
import { type NewsByRack, reportAll } from "../resources/node/racks";
import type { UserRow } from "../resources/user";
import { ADMIN, PLAIN_USER } from "../seed/default-region";
import type { MaasVersion } from "../versions";
import { type ApiKey, Authenticator, unauthorized } from "./auth";
import type { Faults } from "./faults";
import { type CallRecord, RequestLog } from "./logs";

export interface ServiceOptions {
  readonly version: MaasVersion;
  readonly adminKey: ApiKey;
  readonly userKey: ApiKey;
  readonly faults: Faults;
  /** Makes the region as it is after a reset. */
  readonly seed: () => Store;
  /** The region to begin with, when it is not the seed. */
  readonly initial?: Store | undefined;
  readonly onCall?: ((record: CallRecord) => void) | undefined;
  readonly onChange?: (() => void) | undefined;
}

/** One region: its store, its keys, its faults and the log of its calls. */
export class Service {
  store: Store;
  readonly log = new RequestLog();
  readonly faults: Faults;
  readonly version: MaasVersion;
  readonly apiHash: string;
  private readonly authenticator: Authenticator;

  constructor(private readonly options: ServiceOptions) {
    this.store = options.initial ?? options.seed();
    this.version = options.version;
    this.faults = options.faults;
    this.apiHash = apiHash(options.version.text);
    this.authenticator = new Authenticator([
      { key: options.adminKey, username: ADMIN },
      { key: options.userKey, username: PLAIN_USER },
    ]);
  }

  /** Back to the seed. Keys, faults and the log stay. */
  reset(): void {
    this.store = this.options.seed();
    this.options.onChange?.();
  }

  /**
   * Lets every rack report, as a real rack does when something changes on its host.
   * @throws RackNewsError for news of what the region does not have
   */
  reportRacks(news: NewsByRack = {}): void {
    this.store.transaction(() => {
      reportAll(this.regionOf(this.userRow(ADMIN), new Date()), news);
    });
    this.options.onChange?.();
  }

  /** @throws MaasError, which the caller turns into a reply */
  answer(call: Call, authorization: string | undefined, baseUrl: string): Reply {
    const { features } = this.version;
    if (isAnonymous(call, features)) return this.answerAnonymous(call, baseUrl);
    if (route(call.path, features) === undefined) return unknownEndpoint(call.path);
    const now = new Date();
    const username = this.authenticator.authenticate(authorization, Math.floor(now.getTime() / 1000));
    const user = this.store.users.by("username", username)[0];
    // A user's keys go with the user.
    if (user === undefined) throw unauthorized("Invalid API key.");
    const reply = answer(this.regionOf(user, now), call, this.authenticator.keysOf(username));
    if (call.method !== "GET") this.options.onChange?.();
    return reply;
  }

  record(record: CallRecord): void {
    const { body: _body, ...entry } = record;
    this.log.add({ time: new Date().toISOString(), ...entry });
    this.options.onCall?.(record);
  }

  /** The header that goes with a 409 or 503, which old releases did not send with a 409. */
  retryAfter(seconds: string | undefined): string | undefined {
    return seconds === "5" && !this.version.features.retryAfter ? undefined : seconds;
  }

  private regionOf(user: UserRow, at: Date): Region {
    const moment = at.toISOString().slice(0, -1);
    return { store: this.store, version: this.version, user, now: () => moment };
  }

  private userRow(username: string): UserRow {
    const row = this.store.users.by("username", username)[0];
    if (row === undefined) throw new Error(`the region has no user ${username}`);
    return row;
  }

  private answerAnonymous(call: Call, baseUrl: string): Reply {
    switch (call.path) {
      case "version/":
        return version(this.version);
      case "describe/":
        return describe(this.version, this.apiHash, baseUrl);
      default:
        return openapi(this.version, baseUrl);
    }
  }
}
