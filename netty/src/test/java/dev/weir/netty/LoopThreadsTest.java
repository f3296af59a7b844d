package dev.weir.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.websocket.spi.EventLoopThread;
import org.junit.jupiter.api.Test;

/** The threads that event loops run on. */
final class LoopThreadsTest {
  @Test
  void areMarkedSoThatBlockingCallsRefuseThem() {
    Thread thread = new LoopThreads("weir-test", true).newThread(() -> {});
    assertThat(thread).isInstanceOf(EventLoopThread.class);
    assertThat(thread.getName()).isEqualTo("weir-test-1");
    assertThat(thread.isDaemon()).isTrue();
  }
}
