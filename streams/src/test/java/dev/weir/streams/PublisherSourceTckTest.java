package dev.weir.streams;

import java.util.concurrent.Flow;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;

/**
 * A readable stream that is fed by a publisher keeps the rules of a Reactive Streams subscriber.
 */
public class PublisherSourceTckTest extends FlowSubscriberBlackboxVerification<Integer> {
  public PublisherSourceTckTest() {
    super(new TestEnvironment(1000, 100));
  }

  @Override
  public Flow.Subscriber<Integer> createFlowSubscriber() {
    PublisherSource<Integer> source = new PublisherSource<>();
    var stream = new ReadableStream<>(source, new CountQueuingStrategy(3));
    var unused = stream.pipeTo(new WritableStream<>((chunk, controller) -> null));
    return source;
  }

  @Override
  public Integer createElement(int element) {
    return element;
  }
}
