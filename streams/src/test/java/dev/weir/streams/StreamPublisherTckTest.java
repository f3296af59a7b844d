package dev.weir.streams;

import java.io.IOException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.stream.LongStream;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/** A readable stream keeps the rules of a Reactive Streams publisher. */
public class StreamPublisherTckTest extends FlowPublisherVerification<Long> {
  public StreamPublisherTckTest() {
    super(new TestEnvironment(1000, 100));
  }

  @Override
  public Flow.Publisher<Long> createFlowPublisher(long elements) {
    return ReadableStream.from(LongStream.range(0, elements).boxed()).publisher();
  }

  @Override
  public Flow.Publisher<Long> createFailedFlowPublisher() {
    return new ReadableStream<>(
            new UnderlyingSource<Long>() {
              @Override
              public CompletionStage<?> start(ReadableStreamDefaultController<Long> controller) {
                controller.error(new IOException("broken from the start"));
                return null;
              }
            })
        .publisher();
  }
}
