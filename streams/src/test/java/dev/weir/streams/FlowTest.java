package dev.weir.streams;

import static dev.weir.streams.Recorded.failure;
import static dev.weir.streams.Recorded.pending;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams as publishers and subscribers, beyond what the rules of Reactive Streams say. */
@Timeout(30)
class FlowTest {
  private final IOException broken = new IOException("broken");

  /** Writes down what it is told. */
  private static final class Subscriber implements Flow.Subscriber<String> {
    final List<Object> heard = new ArrayList<>();
    Flow.Subscription subscription;

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
    }

    @Override
    public void onNext(String item) {
      heard.add(item);
    }

    @Override
    public void onError(Throwable failure) {
      heard.add(failure);
    }

    @Override
    public void onComplete() {
      heard.add("complete");
    }
  }

  /** Writes down what is requested of it. */
  private static final class Publisher implements Flow.Publisher<String>, Flow.Subscription {
    final List<Object> asked = new ArrayList<>();
    Flow.Subscriber<? super String> subscriber;

    @Override
    public void subscribe(Flow.Subscriber<? super String> subscriber) {
      this.subscriber = subscriber;
      subscriber.onSubscribe(this);
    }

    @Override
    public void request(long n) {
      asked.add(n);
    }

    @Override
    public void cancel() {
      asked.add("cancel");
    }
  }

  @Nested
  class ReadableAsPublisher {
    private final Recorded.Source<String> source = new Recorded.Source<>();
    private final ReadableStream<String> stream =
        new ReadableStream<>(source, new CountQueuingStrategy(10));
    private final Subscriber subscriber = new Subscriber();

    @Test
    void givesNoMoreThanIsRequested() {
      stream.publisher().subscribe(subscriber);
      source.controller.enqueue("a");
      source.controller.enqueue("b");
      assertThat(subscriber.heard).isEmpty();
      subscriber.subscription.request(1);
      assertThat(subscriber.heard).containsExactly("a");
      assertThat(source.controller.queuedSize()).isEqualTo(1);
      subscriber.subscription.request(5);
      source.controller.enqueue("c");
      source.controller.close();
      assertThat(subscriber.heard).containsExactly("a", "b", "c", "complete");
      assertThat(stream.locked()).isFalse();
    }

    @Test
    void passesOnTheErrorItself() {
      stream.publisher().subscribe(subscriber);
      source.controller.error(broken);
      assertThat(subscriber.heard).containsExactly(broken);
    }

    @Test
    void cancelsTheStreamWithTheSubscription() {
      stream.publisher().subscribe(subscriber);
      subscriber.subscription.request(1);
      subscriber.subscription.cancel();
      assertThat(source.calls).contains("cancel null");
      assertThat(stream.locked()).isFalse();
    }

    @Test
    void refusesASecondSubscriber() {
      var publisher = stream.publisher();
      publisher.subscribe(new Subscriber());
      publisher.subscribe(subscriber);
      assertThat(subscriber.heard).singleElement().isInstanceOf(StreamStateException.class);
    }

    @Test
    void failsAndCancelsWhenARequestIsNotPositive() {
      stream.publisher().subscribe(subscriber);
      subscriber.subscription.request(0);
      assertThat(subscriber.heard).singleElement().isInstanceOf(IllegalArgumentException.class);
      assertThat(source.calls).contains("cancel null");
    }
  }

  @Nested
  class ReadableFromPublisher {
    private final Publisher publisher = new Publisher();

    @Test
    void requestsOneElementForEachRead() {
      var reader = ReadableStream.<String>from(publisher).getReader();
      assertThat(publisher.asked).isEmpty();
      var read = reader.read();
      assertThat(publisher.asked).containsExactly(1L);
      publisher.subscriber.onNext("a");
      assertThat(Recorded.chunk(read)).isEqualTo("a");
      assertThat(publisher.asked).containsExactly(1L);
    }

    @Test
    void requestsAheadWhatItMayPrefetch() throws Exception {
      var reader = ReadableStream.<String>from(publisher, 3).getReader();
      assertThat(publisher.asked).containsExactly(3L);
      publisher.subscriber.onNext("a");
      assertThat(publisher.asked).containsExactly(3L);
      assertThat(reader.readBlocking()).isEqualTo("a");
      assertThat(publisher.asked).containsExactly(3L, 1L);
    }

    @Test
    void readsWhatWasPublishedBeforeAFailure() throws Exception {
      var reader = ReadableStream.<String>from(publisher, 3).getReader();
      publisher.subscriber.onNext("a");
      publisher.subscriber.onError(broken);
      assertThat(reader.readBlocking()).isEqualTo("a");
      assertThat(failure(reader.read())).isSameAs(broken);
    }

    @Test
    void endsWithThePublisher() {
      var stream = ReadableStream.<String>from(publisher, 3);
      publisher.subscriber.onNext("a");
      publisher.subscriber.onComplete();
      assertThat(Recorded.list(stream)).containsExactly("a");
    }

    @Test
    void cancelsTheSubscriptionWithTheStream() {
      ReadableStream.<String>from(publisher).cancel().join();
      assertThat(publisher.asked).containsExactly("cancel");
      publisher.subscriber.onNext("late");
      publisher.subscriber.onComplete();
    }
  }

  @Nested
  class WritableAsSubscriber {
    private final Recorded.Sink<String> sink = new Recorded.Sink<>();
    private final WritableStream<String> stream =
        new WritableStream<>(sink, new CountQueuingStrategy(2));
    private final Publisher publisher = new Publisher();

    @Test
    void requestsWhatThereIsRoomFor() {
      CompletableFuture<Void> answer = pending();
      sink.writeAnswer = answer;
      publisher.subscribe(stream.subscriber());
      assertThat(publisher.asked).containsExactly(2L);
      publisher.subscriber.onNext("a");
      publisher.subscriber.onNext("b");
      assertThat(publisher.asked).containsExactly(2L);
      sink.writeAnswer = null;
      answer.complete(null);
      assertThat(publisher.asked.size()).isEqualTo(2);
      assertThat(sink.calls).containsExactly("start", "write a", "write b");
    }

    @Test
    void closesAtTheEndAndUnlocks() {
      publisher.subscribe(stream.subscriber());
      publisher.subscriber.onNext("a");
      publisher.subscriber.onComplete();
      assertThat(sink.calls).containsExactly("start", "write a", "close");
      assertThat(stream.locked()).isFalse();
    }

    @Test
    void abortsOnAFailure() {
      publisher.subscribe(stream.subscriber());
      publisher.subscriber.onError(broken);
      assertThat(sink.calls).containsExactly("start", "abort broken");
    }

    @Test
    void cancelsTheSubscriptionWhenTheStreamErrors() {
      publisher.subscribe(stream.subscriber());
      sink.controller.error(broken);
      assertThat(publisher.asked).containsExactly(2L, "cancel");
      publisher.subscriber.onNext("late");
    }
  }
}
