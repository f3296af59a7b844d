package dev.weir.streams;

import java.util.concurrent.Flow;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;

/** A writable stream keeps the rules of a Reactive Streams subscriber. */
public class WritableSubscriberTckTest extends FlowSubscriberBlackboxVerification<Integer> {
  public WritableSubscriberTckTest() {
    super(new TestEnvironment(1000, 100));
  }

  @Override
  public Flow.Subscriber<Integer> createFlowSubscriber() {
    return new WritableStream<Integer>((chunk, controller) -> null).subscriber();
  }

  @Override
  public Integer createElement(int element) {
    return element;
  }
}
