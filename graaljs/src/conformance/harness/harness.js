// The harness of the conformance cases: plain script, no DOM, nothing but what the platform has.
// The runner sets `conformance` before, loads one file of cases after it, and calls `runCases()`,
// which resolves to a JSON array of {name, rules, pass, detail, millis}.
//
// `conformance` holds base URLs without a slash at their end: `peer` (scripted TCP server),
// `echo` (Weir's server), `tls` (a TLS server with a certificate that nobody trusts), `closed` (a
// port where nobody listens), and `control` (the URL that scripts the peers); `page` is the URL
// that relative URLs resolve against, and `notRun` names cases that this engine does not survive.
// `gc()` collects garbage.
(function () {
  'use strict';

  const { Failed, equal, show, truthy } = expectations;

  const CASE_LIMIT_MILLIS = 15000;
  const REPORT_LIMIT_TASKS = 50;
  const cases = [];
  const reported = [];

  /** The connection that scripts the peers; one for all cases. */
  let control;
  const answers = [];

  function openControl() {
    if (control === undefined) {
      control = new Promise((resolve, reject) => {
        const socket = new WebSocket(conformance.control);
        socket.onopen = () => resolve(socket);
        socket.onmessage = ({ data }) => answers.shift()(JSON.parse(data));
        socket.onclose = ({ code }) => {
          reject(new Error(`the control connection ended with ${code}`));
          answers.splice(0).forEach((answer) => answer({}));
        };
      });
    }
    return control;
  }

  async function ask(question) {
    const socket = await openControl();
    return new Promise((resolve) => {
      answers.push(resolve);
      socket.send(JSON.stringify(question));
    });
  }

  /** What a case is given. */
  class Case {
    constructor() {
      this.ends = [];
    }

    /**
     * A server that does these steps with the next connection to its URL, such as
     * ['accept'], ['text', 'hello'], ['close', 1000, 'bye']; ConformancePeer.java has them all.
     */
    async peer(...steps) {
      const { id } = await ask({ script: steps });
      this.ends.push(() => ask({ drop: id }));
      return {
        url: `${conformance.peer}/${id}`,
        /** Lets the step ['go'] pass. */
        go: () => ask({ go: id }),
        /** What it saw, once it is done: {header, frames: [{opcode, ...}], ended}. */
        seen: () => ask({ seen: id }),
        /** How many connections came until now. */
        connections: async () => (await ask({ connections: id })).connections,
      };
    }

    /** A question to the server and back, after which everything sent before has arrived. */
    async roundTrip() {
      await ask({});
    }

    /** A WebSocket that is closed when the case ends. */
    socket(...parameters) {
      const socket = new WebSocket(...parameters);
      this.ends.push(() => socket.close());
      return socket;
    }

    /** A WebSocketStream that is closed when the case ends, unless its signal did that. */
    stream(url, options, ...more) {
      const stream = new WebSocketStream(url, options, ...more);
      stream.opened.catch(() => {});
      stream.closed.catch(() => {});
      this.ends.push(() => options?.signal?.aborted || stream.close());
      return stream;
    }

    /** A WebSocket to a peer with these steps after the 101, with its events. */
    async opened(...steps) {
      const peer = await this.peer(['accept'], ...steps);
      const socket = this.socket(peer.url);
      const events = new Events(socket);
      await events.next('open');
      return { peer, socket, events };
    }

    /** A WebSocketStream to a peer with these steps after the 101, and what it opened to. */
    async openedStream(...steps) {
      const peer = await this.peer(['accept'], ...steps);
      const stream = this.stream(peer.url);
      return { peer, stream, ...(await stream.opened) };
    }

    events(socket) {
      return new Events(socket);
    }

    /** Whether the promise is settled, as far as one more turn of the event loop tells. */
    async isSettled(promise) {
      let settled = false;
      const settle = () => {
        settled = true;
      };
      promise.then(settle, settle);
      await this.roundTrip();
      await this.nextTask();
      return settled;
    }

    /** Collects garbage, so that what nobody refers to any more is gone; `gc` is the runner's. */
    async collectGarbage() {
      for (let round = 0; round < 3; round++) {
        gc();
        await this.nextTask();
      }
    }

    /** The next task of the event loop. */
    nextTask() {
      return new Promise((resolve) => setTimeout(resolve, 0));
    }

    /** What was reported as uncaught since the case began, once there is one. */
    async reported() {
      for (let turn = 0; reported.length === 0 && turn < REPORT_LIMIT_TASKS; turn++) {
        await this.nextTask();
      }
      truthy(reported.length > 0, 'an error to be reported but there was none');
      return reported.splice(0);
    }

    /** Expects that nothing was reported. */
    async nothingReported() {
      await this.roundTrip();
      await this.nextTask();
      equal(reported.map(show), [], 'reported');
    }

    async end() {
      for (const end of this.ends.reverse()) {
        try {
          await end();
        } catch {
          // The case has its result.
        }
      }
    }
  }

  /** The events of a socket in their order. */
  class Events {
    constructor(socket) {
      this.all = [];
      this.taken = 0;
      this.waiting = [];
      for (const type of ['open', 'message', 'error', 'close']) {
        socket.addEventListener(type, (event) => {
          this.all.push(event);
          this.wake();
        });
      }
    }

    wake() {
      while (this.waiting.length > 0 && this.taken < this.all.length) {
        this.waiting.shift()(this.all[this.taken++]);
      }
    }

    /** The next event, which has to be of this type. */
    async next(type) {
      const event = await new Promise((resolve) => {
        this.waiting.push(resolve);
        this.wake();
      });
      equal(event.type, type, 'type of the next event');
      return event;
    }

    /** Waits for the close event and gives the types of all events. */
    async types() {
      while (!this.all.some(({ type }) => type === 'close')) {
        await new Promise((resolve) => {
          this.waiting.push(resolve);
          this.wake();
        });
      }
      return this.all.map(({ type }) => type);
    }

    /** Expects a failure: error, then close with 1006, not clean. */
    async failure() {
      await this.next('error');
      const { code, reason, wasClean } = await this.next('close');
      equal({ code, reason, wasClean }, { code: 1006, reason: '', wasClean: false }, 'close event');
    }

    /** Expects a close event with this code and reason, clean. */
    async clean(code, reason) {
      const event = await this.next('close');
      equal(
        { code: event.code, reason: event.reason, wasClean: event.wasClean },
        { code, reason, wasClean: true },
        'close event',
      );
    }
  }

  /** Adds a case; `rules` are the numbers of docs/platform.md that it shows, with spaces between. */
  function test(rules, name, body) {
    if (cases.some((other) => other.name === name)) {
      throw new Error(`two cases are called ${name}`);
    }
    cases.push({ rules: rules.split(' ').filter((rule) => rule !== ''), name, body });
  }

  async function run({ rules, name, body }) {
    const t = new Case();
    const begun = Date.now();
    if (conformance.notRun.includes(name)) {
      return { name, rules, pass: false, detail: 'not run', millis: 0 };
    }
    let timer;
    reported.length = 0;
    try {
      const limit = new Promise((_, reject) => {
        timer = setTimeout(
          () => reject(new Failed(`expected an end within ${CASE_LIMIT_MILLIS} ms`)),
          CASE_LIMIT_MILLIS,
        );
      });
      await Promise.race([body(t), limit]);
      return { name, rules, pass: true, detail: '', millis: Date.now() - begun };
    } catch (error) {
      const detail =
        error instanceof Failed ? error.message : `${show(error)}\n${error && error.stack}`;
      return { name, rules, pass: false, detail, millis: Date.now() - begun };
    } finally {
      clearTimeout(timer);
      await t.end();
    }
  }

  // What the engine reports as uncaught: errors of listeners, rejections without a handler.
  addEventListener('error', (event) => {
    event.preventDefault();
    reported.push(event.error);
  });
  addEventListener('unhandledrejection', (event) => {
    event.preventDefault();
    reported.push(event.reason);
  });

  async function runCases() {
    const results = [];
    for (const each of cases) {
      results.push(await run(each));
    }
    if (control !== undefined) {
      (await control).close();
    }
    return JSON.stringify(results);
  }

  Object.assign(globalThis, { test, runCases });
})();
