package dev.weir.benchmarks.peers.load;

import java.time.LocalDate;

/** The page docs/performance.md around a run's tables. Stateless. */
final class Page {
  private Page() {}

  /**
   * The page.
   *
   * @param notes what to say of the figures, in Markdown; {@code docs/performance/notes.md}
   */
  static String of(LocalDate day, String tables, String notes) {
    return """
      # Performance

      Measured by `benchmarks/compare` on %s, which rewrites this page; edit `Page.java` and [performance/notes.md](performance/notes.md) instead.

      Each figure is **processor time of the process under test per message**, user and system together, in one process pinned to one core; what drives it is pinned to another. Messages per second would say more about the load generator. The median of all rounds stands beside the least and the most. All of them are measured in one run, round by round, each in its turn, since absolute figures drift with the machine; ratios are taken within a round.

      - The **load for the servers** is one lean client on plain sockets, the same for all, with nothing of Weir in it: it keeps so many messages in flight on each connection and answers all replies of one read with one write. The **server for the clients** is as lean.
      - `tcp` is plain TCP on Netty that sends back the same bytes: the floor. Bytes have to be received and sent, whatever they mean.
      - `weir-event`, `weir-stream` and `weir-blocking` are Weir by events (`WebSocket`), by futures (`WebSocketStream`, `pipeTo`) and blocking on virtual threads.
      - Every peer is used as its documentation has it, on one event loop where it lets one choose, with compression only where it says so. Clients whose `send` never waits are asked how much they have queued.
      - **s/GB**: processor seconds per 10⁹ bytes of payload, each of which goes in and out once.
      - **Idle connections**: what lives on the heap after a full collection with all of them open, less what lived there before, and the growth of resident memory beside it. The heap is all there from the start, so the latter is native memory, of which what a Java process has freed is given back before. It is measured three times (once by `--quick`), since the compiler's memory may be in one of them, and the median counts.
      - **Slow consumer**: the most that the heap held at any moment, garbage included, while the server sends as fast as it may.
      - `weir-no-takeover` is Weir as a server compresses by default, so that an idle connection keeps no window; `weir-event` in the same table is told to take the context over.
      - *not measured yet* stands where Weir has not got that far, or where the run left it out.

      """
            .formatted(day)
        + notes
        + (notes.isEmpty() ? "" : "\n")
        + tables;
  }
}
