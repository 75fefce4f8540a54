/** What the phone sends and in whose name, and what of a session is kept where the phone is full. */

import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { describe, test } from "node:test";

import { Counting } from "../phone/counting.ts";
import { Heads } from "../phone/heads.ts";
import type { Login } from "../phone/linking.ts";
import { LiveLink, type LiveState } from "../phone/live.ts";
import type { Model } from "../phone/model.ts";
import { Outbox, type Outcome } from "../phone/outbox.ts";
import type { Chunk, KeptHead, KeptSession } from "../phone/records.ts";
import { Server } from "../phone/server.ts";
import type { Store } from "../phone/store.ts";
import { type Listeners, NOTHING_SEEN, Training } from "../phone/training.ts";
import type { SetEnded } from "../src/index.ts";

const ADDRESS = new URL("http://server/api/v1/");
const FULL = "the phone is full";
const locks = { request: (_: string, work: () => unknown) => work() };
const document = { documentElement: { lang: "zh-CN" } };
Object.defineProperty(globalThis, "navigator", { value: { locks } });
Object.assign(globalThis, { document, window: new EventTarget() });

const kept = (id: string, athlete: string, isLinked?: boolean) =>
  ({ id, athlete, isLinked, state: "kept", sets: [], movements: [] }) as unknown as KeptSession;

/** An outbox of these sessions, the newest first, and what it sent. */
function outboxOf(sessions: KeptSession[], answer: (id: string) => Outcome): [Outbox, string[]] {
  const sent: string[] = [];
  const store = {
    sessions: async () => [...sessions],
    chunks: async () => [{}],
    markSession: async (id: string, state: KeptSession["state"]) => {
      const at = sessions.findIndex((one) => one.id === id);
      sessions[at] = { ...sessions[at]!, state };
    },
  } as unknown as Store;
  const send = async ({ id }: KeptSession) => {
    sent.push(id);
    return answer(id);
  };
  return [new Outbox(store, { send }), sent];
}

describe("sessions that wait", () => {
  test("go out in the name of their own athlete, and only with a server's model", async () => {
    const sessions = [kept("3", "ben", true), kept("2", "ann"), kept("1", "ben", false)];
    const [outbox, sent] = outboxOf(sessions, () => "sent");
    equal(await outbox.send("ben", true), "sent");
    deepEqual(sent, ["3"]);
    deepEqual(
      sessions.map(({ state }) => state),
      ["sent", "kept", "kept"],
    );
    equal(await outbox.send("ann", false), "sent");
    deepEqual(sent, ["3", "2"]);
  });

  test("are sent again by themselves unless the server has refused them", async () => {
    const told = { text: "too long", lang: "en" };
    const [outbox, sent] = outboxOf([kept("2", "ann"), kept("1", "ann")], (id) =>
      id === "1" ? told : "offline",
    );
    equal(await outbox.send("ann", false), "offline");
    deepEqual(sent, ["1", "2"]);
    await outbox.send("ann", false);
    deepEqual(sent, ["1", "2", "2"]);
    await outbox.send("ann", true);
    deepEqual(sent, ["1", "2", "2", "1", "2"]);
  });
});

describe("the server's answer to a session", () => {
  const refusal = { error: { kind: "too_large", message: "此训练太长。" } };
  const said = { text: "此训练太长。", lang: "zh-CN" };

  /** Null: it does not come. */
  async function outcomeOf(status: number | null): Promise<Outcome> {
    globalThis.fetch = async (_, init) => {
      const headers = new Headers(init?.headers);
      equal(headers.get("Accept-Language"), "zh-CN", "in the page's language");
      equal(headers.get("Idempotency-Key"), "1");
      if (status === null) throw new TypeError("no network");
      return Response.json(refusal, { status, headers: { "Content-Language": "zh-CN" } });
    };
    return new Server(ADDRESS).send(kept("1", "ann"), []);
  }

  for (const [status, outcome] of [
    [201, "sent"],
    [409, "sent"],
    [null, "offline"],
    [429, "offline"],
    [500, "offline"],
    [503, "offline"],
    [507, "offline"],
    [401, "logged_out"],
    [403, "logged_out"],
    [413, said],
    [422, said],
  ] as const) {
    test(`${status ?? "none"}`, async () => deepEqual(await outcomeOf(status), outcome));
  }

  test("a refusal without a sentence is told by its number", async () => {
    globalThis.fetch = async () => new Response("<html>", { status: 413 });
    const outcome = await new Server(ADDRESS).send(kept("1", "ann"), []);
    deepEqual(outcome, { text: "413", lang: "en" });
  });
});

test("a network's own page is no account", async () => {
  globalThis.fetch = async () => new Response("<html>");
  equal(await new Server(ADDRESS).account(), "offline");
});

test("a head whose number the server has given to another is asked for by it no more", async () => {
  const heads = [1, 2, null].map((version, at) => {
    return { id: at + 1, athlete: "ann", version } as KeptHead;
  });
  const numbers = () => heads.map(({ version }) => version);
  let told: unknown = 2;
  let current = heads[2]!;
  const store = {
    heads: async () => heads.toReversed(),
    keepHead: async (head: KeptHead) => {
      heads[head.id! - 1] = head;
    },
    choose: async (_: string, value: unknown) => {
      told = value;
    },
    choice: async () => told,
  } as unknown as Store;
  const asked: number[] = [];
  let versions = 0; // the coach has removed all
  const server = {
    sendHead: async () => {
      versions += 1;
      return versions;
    },
    useHead: async (to: number) => asked.push(to) > 0,
  } as unknown as Server;
  const model = {
    athlete: "ann",
    student: { bundle: {} },
    of: async () => ({ current: heads[current.id! - 1] }),
  } as unknown as Model;
  const all = new Heads(store, server);
  await all.tell(model);
  deepEqual([numbers(), asked], [[null, null, 1], []]);
  current = heads[0]!; // the athlete goes back to the first
  await all.tell(model);
  deepEqual([numbers(), asked], [[2, 3, 1], [2]]);
});

class Socket {
  static readonly opened: Socket[] = [];
  onclose: (() => void) | null = null;

  constructor() {
    Socket.opened.push(this);
  }

  close(): void {
    setTimeout(() => this.onclose?.());
  }
}

describe("a session seen live", () => {
  /** What is told, and how many connections there are, when it ends soon after it began. */
  async function ended(login: Login): Promise<[LiveState[], number]> {
    Object.assign(globalThis, { WebSocket: Socket });
    Socket.opened.length = 0;
    const told: LiveState[] = [];
    const asked = async () => login;
    const link = new LiveLink(ADDRESS, kept("1", "ann"), {} as Store, asked, (state) => {
      told.push(state);
    });
    await link.open();
    equal(await link.end(), false);
    await new Promise((waited) => setTimeout(waited, 5));
    return [told, Socket.opened.length];
  }

  test("is told nothing of when it ends before it is connected", async () => {
    deepEqual(await ended("own"), [[], 1]);
  });

  test("is shown in nobody else's name", async () => {
    deepEqual(await ended("other"), [["refused"], 0]);
  });

  test("waits where nobody can say who is logged in", async () => {
    deepEqual(await ended("offline"), [["waiting"], 0]);
  });
});

describe("on a phone that is full", () => {
  const set = { event: "set_ended", number: 1, movement: "squat", repetitions: 8 } as SetEnded;
  let isFull = true;
  const chunks: Chunk[] = [];
  const refuse = async () => {
    if (isFull) throw new Error(FULL);
  };
  const store = {
    keepChunk: async (_: KeptSession, chunk: Chunk) => {
      await refuse();
      chunks.push(chunk);
    },
    templates: async () => [],
    keepTemplate: refuse,
    forgetTemplate: refuse,
  } as unknown as Store;

  async function training(link: LiveLink | null = null): Promise<Training> {
    const channels = ["wrist_acc_x", "wrist_acc_y", "wrist_acc_z"];
    const student = { predictor: { spec: { channels } } };
    const model = { athlete: "ann", movements: ["squat"], student } as unknown as Model;
    const listeners = {
      stream: { flush: async () => [set], spec: { hopS: 1 } },
      counting: await Counting.of(model, 50, null, store),
      guide: { push: (events: unknown) => events },
    } as unknown as Listeners;
    const session = { ...kept("1", "ann"), durationS: 3, state: "running" } as const;
    return new Training(session, listeners, store, "label", link);
  }

  test("the end is kept once there is room, and who watches sees it over before", async () => {
    const told: string[] = [];
    const link = {
      open: () => told.push("opened"),
      keep: (count: number) => told.push(`kept ${count}`),
      end: async () => false,
      close: () => told.push("closed"),
    } as unknown as LiveLink;
    isFull = true;
    const session = await training(link);
    await rejects(session.end(), { message: FULL });
    deepEqual(told, ["opened", "closed"]);
    isFull = false;
    await session.end();
    deepEqual(
      chunks.map(({ events }) => events),
      [[set]],
      "once",
    );
    equal(session.session.state, "kept");
  });

  test("the athlete's count holds, also where it cannot be learnt from", async () => {
    isFull = true;
    const session = await training();
    session.seen = { ...NOTHING_SEEN, set };
    await rejects(session.correct(7), { message: FULL });
    deepEqual(session.session.sets, [{ number: 1, movement: "squat", repetitions: 7 }]);
    ok(session.seen.set?.repetitions === 7);
  });
});
