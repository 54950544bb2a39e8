import type { Family, Front } from "./front";

/** Something that is wrong with a region, or with the way to it, from one call on until it ends. */
export interface Condition {
  readonly name: string;
  readonly begin: (this: void, front: Front) => void;
  readonly end: (this: void, front: Front) => void | Promise<void>;
  /** Milliseconds after which it ends by itself. Absent = {@link BRIEF_MS} where it does not last. */
  readonly ms?: number;
  /** Whether the run has to come to its end all the same: also where it lasts, or where it ends soon. */
  readonly survived?: "always" | "once";
}

/** How long a condition that does not last goes on, in milliseconds. */
export const BRIEF_MS = 700;

const certificate = (name: Parameters<Front["show"]>[0]): Condition => ({
  name: `certificate ${name}`,
  begin: (front) => {
    front.show(name);
    front.cut();
  },
  end: (front) => front.show("right"),
});

const dns = (name: string, answers: NonNullable<Front["zone"]>["answers"]): Condition => ({
  name: `DNS: ${name}`,
  begin: (front) => {
    if (front.zone !== undefined) front.zone.answers = answers;
    front.cut();
  },
  end: ({ zone }) => {
    if (zone !== undefined) zone.answers = "NOERROR";
  },
  survived: "once",
});

const refused = (family: Family, words: string): Condition => ({
  name: `${words} refuses connections, the other family works`,
  begin: (front) => front.close(family),
  end: (front) => front.open(family),
  survived: "always",
});

/** An address that is routed nowhere. @see RFC 3849 */
const UNREACHABLE = "2001:db8::1";

/** What goes wrong with a connection to a region that has a name and speaks TLS. */
export const CONNECTION_FAULTS: readonly Condition[] = [
  ...(["expired", "not valid yet", "of another host", "of an unknown authority"] as const).map(certificate),
  dns("no such name", "NXDOMAIN"),
  dns("the server fails", "SERVFAIL"),
  dns("the server does not answer", "silence"),
  refused("v6", "IPv6"),
  refused("v4", "IPv4"),
  {
    name: "IPv6 address without a route, IPv4 works",
    begin: (front) => {
      if (front.zone !== undefined) front.zone.addresses = [UNREACHABLE, "127.0.0.1"];
      front.cut();
    },
    end: ({ zone }) => {
      if (zone !== undefined) zone.addresses = ["127.0.0.1", "::1"];
    },
    survived: "always",
  },
];

/** A page of a proxy whose region is down. */
/** A proxy that answers in the region's place. */
const proxyAnswers = (status: 502 | 503): Pick<Condition, "begin" | "end"> => ({
  begin: (front) => {
    front.instead = (_request, response) => {
      const type = { "content-type": "text/html" };
      response.writeHead(status, type).end(`<html><head><title>${status}</title></head></html>`);
    };
    front.cut();
  },
  end: (front) => {
    front.instead = undefined;
  },
});

/** The ways in which a region that restarts is seen: directly, and through the proxies that stand before MAAS. */
const DOWN: Readonly<Record<string, Pick<Condition, "begin" | "end">>> = {
  "connections are refused": {
    begin: (front) => front.close("v4"),
    end: (front) => front.open("v4"),
  },
  "a proxy answers 502": proxyAnswers(502),
  "a proxy answers 503": proxyAnswers(503),
};

/** A region that restarts. @param seconds how long it is down. @param retrySeconds how long the programs wait for it */
export const restarts = (seconds: readonly number[], retrySeconds: number): readonly Condition[] =>
  seconds.flatMap((time) =>
    Object.entries(DOWN).map(([words, part]): Condition => ({
      ...part,
      name: `down for ${time} s, ${words}`,
      ms: time * 1000,
      ...(time < retrySeconds && { survived: "always" as const }),
    })),
  );
