// WebSocketStream (https://github.com/whatwg/websockets/pull/48).
(weir) => {
  'use strict';

  const { host, idl } = weir;
  const { defineInterface, dictionary, interfaceType, isBufferSource } = idl;
  const { rangeOf, requireArguments, sequence, uncurry, USVString } = idl;
  const { ReadableStream, WritableStream } = weir;
  const OriginalPromise = Promise;
  const reject = OriginalPromise.reject.bind(OriginalPromise);
  const then = uncurry(OriginalPromise.prototype.then);
  const nothing = () => {};

  const options = dictionary('WebSocketStreamOptions', {
    protocols: { type: sequence(USVString), default: () => [] },
    signal: { type: (value, where) => interfaceType('AbortSignal', weir.isAbortSignal)(value, where) },
  });

  /** A promise that is never reported as unhandled, and how to settle it. */
  const deferred = () => {
    const result = { __proto__: null, promise: null, resolve: null, reject: null };
    result.promise = new OriginalPromise((resolve, rejectWith) => {
      result.resolve = resolve;
      result.reject = rejectWith;
    });
    then(result.promise, undefined, nothing);
    return result;
  };

  /** The readable: one message is taken from the connection for each read that waits. */
  const readableOf = (state) => {
    const { connection } = state;
    let controller;
    let over = false;
    const readable = new ReadableStream(
      {
        __proto__: null,
        start(started) {
          controller = started;
        },
        pull() {
          return new OriginalPromise((resolve) => {
            connection.read((data, isBinary) => {
              if (data !== undefined && !over) {
                controller.enqueue(isBinary ? weir.receiveBytes(data) : data);
              }
              resolve();
            });
          });
        },
        cancel(reason) {
          over = true;
          const [closeCode, text] = weir.closeArgumentsOf(reason);
          connection.cancel(closeCode, text);
        },
      },
      { __proto__: null, highWaterMark: 0 },
    );
    /** All messages have been taken, and the connection is closed. */
    const end = (failure) => {
      if (over) {
        return;
      }
      over = true;
      if (failure === null) {
        controller.close();
      } else {
        controller.error(failure);
      }
    };
    return { readable, end };
  };

  /** The writable: a write is done when the connection has room for more. */
  const writableOf = (state) => {
    const { connection } = state;
    let controller;
    const send = (chunk, callback) => {
      if (isBufferSource(chunk)) {
        const { buffer, byteOffset, byteLength } = rangeOf(idl.bufferSource(chunk));
        return connection.sendBytes(buffer, byteOffset, byteLength, callback);
      }
      return connection.sendText(USVString(chunk), callback);
    };
    let isClosed = false;
    /**
     * Asked for each chunk as it is written: one that would have to wait behind a write that is
     * stalled must not wait for the end of the connection only to be rejected then.
     */
    const size = () => {
      if (!isClosed && connection.isClosing()) {
        throw weir.createDOMException(
          'The connection is closing: the message is not sent.',
          'InvalidStateError',
        );
      }
      return 1;
    };
    const closeFor = (reason) => {
      const [closeCode, text] = weir.closeArgumentsOf(reason);
      connection.close(closeCode, text);
    };
    const writable = new WritableStream(
      {
        __proto__: null,
        start(started) {
          controller = started;
          // At once: the stream calls abort() only when the write that is under way has ended.
          weir.onAbort(controller.signal, () => closeFor(weir.abortReason(controller.signal)));
        },
        write(chunk) {
          let settle;
          const done = send(chunk, (failure) => settle(failure));
          if (done) {
            return undefined;
          }
          return new OriginalPromise((resolve, rejectWith) => {
            settle = (failure) =>
              failure === undefined
                ? resolve()
                : rejectWith(weir.createDOMException(failure, 'InvalidStateError'));
          });
        },
        close() {
          isClosed = true;
          connection.close(null, '');
          return state.closed.promise;
        },
      },
      { __proto__: null, highWaterMark: 1, size },
    );
    const end = (failure) => {
      controller.error(
        failure ?? weir.createDOMException('The connection is closed.', 'InvalidStateError'),
      );
    };
    return { writable, end };
  };

  /** What the Java side tells, each in a task of its own. */
  const eventsOf = (state) => {
    let failure = null;
    let readable = null;
    let writable = null;
    const failureOf = (closeCode, reason, message) =>
      (failure ??= weir.createWebSocketError(message, closeCode, reason));
    return {
      __proto__: null,
      opened(protocol, extensions) {
        if (state.isSettled) {
          return;
        }
        state.forgetSignal();
        readable = readableOf(state);
        writable = writableOf(state);
        state.opened.resolve({
          extensions,
          protocol,
          readable: readable.readable,
          writable: writable.writable,
        });
      },
      readableEnded(closeCode, reason, message) {
        readable?.end(closeCode === undefined ? null : failureOf(closeCode, reason, message));
      },
      closed(closeCode, reason) {
        state.isSettled = true;
        writable?.end(null);
        state.closed.resolve({ closeCode, reason });
      },
      failed(closeCode, reason, message) {
        if (state.isSettled) {
          return;
        }
        const error = failureOf(closeCode, reason, message);
        state.forgetSignal();
        state.fail(error);
        writable?.end(error);
      },
    };
  };

  class WebSocketStream {
    #state;

    constructor(url, init = undefined) {
      const where = "Failed to construct 'WebSocketStream'";
      requireArguments(1, arguments.length, where);
      const address = USVString(url);
      const { protocols, signal } = options(init, `${where}: parameter 2`);
      const state = {
        __proto__: null,
        opened: deferred(),
        closed: deferred(),
        isSettled: false,
        connection: null,
        forgetSignal: nothing,
        fail: (error) => {
          state.isSettled = true;
          state.opened.reject(error);
          state.closed.reject(error);
        },
      };
      const isAborted = signal !== undefined && weir.isAborted(signal);
      state.connection = host.openStream(address, protocols, isAborted, eventsOf(state));
      this.#state = state;
      if (isAborted) {
        state.fail(weir.abortReason(signal));
      } else if (signal !== undefined) {
        const aborted = () => {
          state.fail(weir.abortReason(signal));
          state.connection.abort();
        };
        weir.onAbort(signal, aborted);
        state.forgetSignal = () => weir.removeOnAbort(signal, aborted);
      }
    }

    get url() {
      return this.#state.connection.url;
    }

    // An attribute that is a promise does not throw (Web IDL 3.7.6).
    get opened() {
      try {
        return this.#state.opened.promise;
      } catch (error) {
        return reject(error);
      }
    }

    get closed() {
      try {
        return this.#state.closed.promise;
      } catch (error) {
        return reject(error);
      }
    }

    close(closeInfo = undefined) {
      const state = this.#state;
      const { closeCode = null, reason } = weir.closeInfo(
        closeInfo,
        "Failed to execute 'close' on 'WebSocketStream': parameter 1",
      );
      state.connection.close(closeCode, reason);
    }
  }
  defineInterface(WebSocketStream);
}
