package dev.weir.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.websocket.Message;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One connection's share, with a clock and a peer in the test's hands. */
class ExchangeTest {
  private static final long MILLIS = 1_000_000;

  private final FakeRun run = new FakeRun();
  private final FakeLink link = new FakeLink();

  private Exchange open(Load load) {
    return open(load, Long.MAX_VALUE);
  }

  private Exchange open(Load load, long quota) {
    run.load = load;
    run.payloads = Payloads.of(load.payload(), load.size(), load.inFlight());
    var exchange = new Exchange(0, quota, run);
    run.now += 7 * MILLIS;
    exchange.opened(link);
    run.pacer = new Pacer(load.isPaced() ? load.rate() : 1, load.connections(), run.now);
    run.sending = true;
    exchange.send();
    return exchange;
  }

  private static Load flatOut(int inFlight) {
    return load(Load.Work.ECHO, inFlight, 0);
  }

  private static Load paced(double rate, int inFlight) {
    return load(Load.Work.ECHO, inFlight, rate);
  }

  private static Load load(Load.Work work, int inFlight, double rate) {
    return new Load(
        "ws://test/", work, 1, inFlight, Load.Payload.TEXT, 8, rate, 0, 0, Duration.ZERO, null, 1);
  }

  @Test
  void itTellsHowLongOpeningTook() {
    open(flatOut(1));
    assertThat(run.settled).containsExactly("open after 7 ms");
  }

  @Test
  void flatOutItKeepsItsWindowFull() {
    Exchange exchange = open(flatOut(3));
    assertThat(link.sent).hasSize(3);
    exchange.received(link.sent.poll());
    assertThat(link.sent).hasSize(3);
    assertThat(run.meters.messages()).isEqualTo(1);
    assertThat(run.meters.bytes()).isEqualTo(8);
  }

  @Test
  void flatOutLatencyCountsFromSending() {
    Exchange exchange = open(flatOut(1));
    run.now += 5 * MILLIS;
    exchange.received(link.sent.poll());
    run.now += 2 * MILLIS;
    exchange.received(link.sent.poll());
    Histogram latency = run.meters.latencyInterval();
    assertThat(latency.getTotalCount()).isEqualTo(2);
    assertMillis(latency.getMinValue(), 2);
    assertMillis(latency.getMaxValue(), 5);
  }

  @Test
  void pacedItSendsWhatIsDueAndNoMore() {
    Exchange exchange = open(paced(100, 50));
    assertThat(link.sent).hasSize(1);
    run.now += 35 * MILLIS;
    exchange.send();
    assertThat(link.sent).hasSize(4);
    run.now += 5 * MILLIS;
    exchange.send();
    assertThat(link.sent).hasSize(5);
  }

  @Test
  void pacedLatencyCountsFromWhenAMessageWasDueAlsoIfItCouldNotGoOut() {
    Exchange exchange = open(paced(100, 1));
    run.now += 50 * MILLIS;
    exchange.send();
    assertThat(link.sent).hasSize(1);
    // The peer stalled for 50 ms: the first was due at 0, the second at 10, the third at 20.
    exchange.received(link.sent.poll());
    exchange.received(link.sent.poll());
    exchange.received(link.sent.poll());
    Histogram latency = run.meters.latencyInterval();
    assertThat(latency.getTotalCount()).isEqualTo(3);
    assertMillis(latency.getMaxValue(), 50);
    assertMillis(latency.getValueAtPercentile(50), 40);
    assertMillis(latency.getMinValue(), 30);
  }

  @Test
  void aWrongEchoIsAnError() {
    Exchange exchange = open(flatOut(1));
    exchange.received(Message.of("not that"));
    assertThat(run.mishaps.errors()).containsOnlyKeys(Mishaps.WRONG_ECHO);
    assertThat(run.meters.messages()).isZero();
  }

  @Test
  void echoesThatOvertookEachOtherAreErrors() {
    Exchange exchange = open(flatOut(2));
    Message first = link.sent.poll();
    Message second = link.sent.poll();
    exchange.received(second);
    exchange.received(first);
    assertThat(run.mishaps.errors()).containsEntry(Mishaps.OUT_OF_ORDER, 2L).hasSize(1);
  }

  @Test
  void aMessageThatAnswersNothingIsAnError() {
    Exchange exchange = open(flatOut(1), 1);
    Message echo = link.sent.poll();
    exchange.received(echo);
    exchange.received(echo);
    assertThat(run.mishaps.errors()).containsEntry(Mishaps.UNASKED, 1L).hasSize(1);
  }

  @Test
  void itSendsNoMoreThanItsShareAndTellsWhenItIsThrough() {
    Exchange exchange = open(flatOut(4), 6);
    assertThat(link.sent).hasSize(4);
    int answered = 0;
    while (!link.sent.isEmpty()) {
      assertThat(run.completed).isZero();
      exchange.received(link.sent.poll());
      answered++;
    }
    assertThat(answered).isEqualTo(6);
    assertThat(run.completed).isEqualTo(1);
    exchange.ended(1000, true, null);
    assertThat(run.completed).isEqualTo(1);
    assertThat(run.gone).isEqualTo(1);
  }

  @Test
  void itSendsNothingMoreOnceTheRunIsOver() {
    Exchange exchange = open(flatOut(1));
    run.sending = false;
    exchange.received(link.sent.poll());
    assertThat(link.sent).isEmpty();
  }

  @Test
  void aCloseBeforeTheEndIsAnErrorAndOneAtTheEndIsNot() {
    open(flatOut(1)).ended(1001, true, null);
    assertThat(run.mishaps.errors()).containsOnlyKeys(Mishaps.CLOSED_EARLY);
    run.ending = true;
    open(flatOut(1)).ended(1000, true, null);
    open(flatOut(1)).ended(1006, false, new IllegalStateException("cut"));
    assertThat(run.mishaps.errors()).containsOnlyKeys(Mishaps.CLOSED_EARLY, Mishaps.LOST);
    assertThat(run.mishaps.closeCodes()).containsOnlyKeys(1000, 1001, 1006);
  }

  @Test
  void aReceiverCountsWhatComesAndSendsNothing() {
    Exchange exchange = open(load(Load.Work.RECEIVE, 1, 0));
    exchange.received(Message.of("grüße"));
    exchange.received(Message.of(new byte[3]));
    assertThat(link.sent).isEmpty();
    assertThat(run.meters.messages()).isEqualTo(2);
    assertThat(run.meters.bytes()).isEqualTo(10);
    assertThat(run.meters.latencyInterval().getTotalCount()).isZero();
  }

  @Test
  void aReceiverCountsNoMoreThanItsShare() {
    Exchange exchange = open(load(Load.Work.RECEIVE, 1, 0), 2);
    for (int i = 0; i < 5; i++) {
      exchange.received(Message.of(new byte[3]));
    }
    assertThat(run.meters.messages()).isEqualTo(2);
    assertThat(run.completed).isEqualTo(1);
  }

  private static void assertMillis(long nanos, int millis) {
    assertThat(nanos / (double) MILLIS)
        .isCloseTo(millis, org.assertj.core.api.Assertions.within(0.05));
  }

  private static final class FakeLink implements Driver.Link {
    final ArrayDeque<Message> sent = new ArrayDeque<>();

    @Override
    public void send(Message message) {
      sent.add(message);
    }

    @Override
    public void request(long count) {}

    @Override
    public void close() {}
  }

  private static final class FakeRun implements Exchange.Run {
    @Nullable Load load;
    @Nullable Payloads payloads;
    @Nullable Pacer pacer;
    final Meters meters = new Meters();
    final Mishaps mishaps = new Mishaps();
    final List<String> settled = new ArrayList<>();
    long now = 42;
    boolean sending;
    boolean ending;
    int completed;
    int gone;

    @Override
    public Load load() {
      return load == null ? flatOut(1) : load;
    }

    @Override
    public Payloads payloads() {
      return payloads;
    }

    @Override
    public Meters meters() {
      return meters;
    }

    @Override
    public Mishaps mishaps() {
      return mishaps;
    }

    @Override
    public Pacer pacer() {
      return pacer;
    }

    @Override
    public boolean isSending() {
      return sending;
    }

    @Override
    public boolean isEnding() {
      return ending;
    }

    @Override
    public long now() {
      return now;
    }

    @Override
    public void settled(Exchange exchange, boolean open, long nanos) {
      settled.add((open ? "open after " : "failed after ") + nanos / MILLIS + " ms");
    }

    @Override
    public void completed() {
      completed++;
    }

    @Override
    public void gone() {
      gone++;
    }
  }
}
