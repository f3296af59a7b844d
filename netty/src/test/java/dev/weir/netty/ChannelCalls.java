package dev.weir.netty;

import dev.weir.websocket.spi.WebSocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Calls a channel on its event loop from a test's thread. Thread-safe. */
final class ChannelCalls {
  private ChannelCalls() {}

  interface Action {
    void run() throws Exception;
  }

  static <T> T get(WebSocketChannel channel, Callable<T> call) throws Exception {
    CompletableFuture<T> result = new CompletableFuture<>();
    channel
        .eventLoop()
        .execute(
            () -> {
              try {
                result.complete(call.call());
              } catch (Throwable e) {
                result.completeExceptionally(e);
              }
            });
    return result.get(Recorder.PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  static void run(WebSocketChannel channel, Action action) throws Exception {
    get(
        channel,
        () -> {
          action.run();
          return true;
        });
  }

  /** Lays down bytes without a flush. On the event loop. */
  static void put(WebSocketChannel channel, byte[] bytes) {
    channel.reserve(bytes.length).put(bytes);
    channel.commit(bytes.length);
  }

  static void send(WebSocketChannel channel, String text) throws Exception {
    run(
        channel,
        () -> {
          put(channel, text.getBytes(StandardCharsets.ISO_8859_1));
          channel.flush();
        });
  }

  static Recorder start(WebSocketChannel channel) throws Exception {
    Recorder recorder = new Recorder();
    run(channel, () -> channel.start(recorder));
    return recorder;
  }
}
