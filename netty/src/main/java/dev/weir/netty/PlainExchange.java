package dev.weir.netty;

import static io.netty.handler.codec.http.HttpVersion.HTTP_1_1;

import dev.weir.protocol.handshake.PlainRequest;
import dev.weir.websocket.spi.PlainRequestHandler;
import dev.weir.websocket.spi.PlainResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One request that asks for no WebSocket, and its answer: on a virtual thread, which reads the
 * content no faster than the client takes it. Not thread-safe: for that thread.
 */
final class PlainExchange {
  private static final Logger LOGGER = System.getLogger(PlainExchange.class.getName());

  /** Held in memory for each answer under way; the next is read once the last has gone out. */
  private static final int CHUNK_BYTES = 64 * 1024;

  private final ServerConnection connection;
  private final PlainRequestHandler handler;
  private final PlainRequest request;
  private final Duration patience;
  private boolean ended;

  private PlainExchange(
      ServerConnection connection,
      PlainRequestHandler handler,
      PlainRequest request,
      Duration patience) {
    this.connection = connection;
    this.handler = handler;
    this.request = request;
    this.patience = patience;
  }

  /**
   * Answers the request.
   *
   * @param patience after which a client is cut that has not taken a chunk of the content
   */
  static void start(
      ServerConnection connection,
      PlainRequestHandler handler,
      PlainRequest request,
      Duration patience) {
    var exchange = new PlainExchange(connection, handler, request, patience);
    Thread.ofVirtual().name("weir-plain").start(exchange::run);
  }

  private void run() {
    try (PlainResponse response = handler.respond(request)) {
      answer(response);
    } catch (EOFException shrunk) {
      LOGGER.log(Level.DEBUG, "A file has become shorter while it was sent", shrunk);
      tellFailed();
    } catch (ExecutionException | TimeoutException gone) {
      // So has the connection, or its loop: there is no one to tell.
      LOGGER.log(Level.TRACE, "A client went before it had its answer", gone);
    } catch (Exception e) {
      LOGGER.log(Level.WARNING, "The answer to a plain request failed", e);
      tellFailed();
    }
  }

  private void tellFailed() {
    // What fails after the last part was handed over may be another request's time.
    if (!ended) {
      connection.loop().execute(connection::plainFailed);
    }
  }

  private void answer(PlainResponse response)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    long length = isHead() || response.isNotModified() ? 0 : response.length();
    if (length == 0) {
      end(setFields(new DefaultFullHttpResponse(HTTP_1_1, status(response)), response));
    } else {
      write(setFields(new DefaultHttpResponse(HTTP_1_1, status(response)), response));
      stream(response.content(), length);
    }
  }

  private boolean isHead() {
    return request.method().equals("HEAD");
  }

  private static HttpResponseStatus status(PlainResponse response) {
    return HttpResponseStatus.valueOf(response.status());
  }

  private HttpResponse setFields(HttpResponse head, PlainResponse response) {
    response.headers().forEach(field -> head.headers().add(field.name(), field.value()));
    if (!response.isNotModified()) {
      head.headers().add("Content-Length", response.length());
    }
    if (request.asksToClose()) {
      head.headers().add("Connection", "close");
    }
    return head;
  }

  private void stream(InputStream content, long length)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, length)];
    long left = length;
    while (left > 0) {
      int count = content.readNBytes(chunk, 0, (int) Math.min(chunk.length, left));
      if (count == 0) {
        throw new EOFException("expected " + left + " more bytes but was the end");
      }
      left -= count;
      ByteBuf bytes = Unpooled.wrappedBuffer(chunk, 0, count);
      if (left == 0) {
        end(new DefaultLastHttpContent(bytes));
      } else {
        write(new DefaultHttpContent(bytes));
      }
    }
  }

  /** Writes and waits until it has gone out: the chunk is free again then. */
  private void write(HttpObject part)
      throws InterruptedException, ExecutionException, TimeoutException {
    CompletableFuture<Void> written = new CompletableFuture<>();
    connection.loop().execute(() -> connection.writePlain(part, patience, written));
    // The connection's timer comes first, unless its loop has ended.
    written.get(2 * patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * Writes the last part. The connection goes on by itself: what this thread told it after a client
   * has all that it asked for could come after the server's end.
   */
  private void end(HttpObject last) {
    ended = true;
    CompletableFuture<Void> written = new CompletableFuture<>();
    written.thenRun(() -> connection.plainEnded(request.asksToClose()));
    connection.loop().execute(() -> connection.writePlain(last, patience, written));
  }
}
