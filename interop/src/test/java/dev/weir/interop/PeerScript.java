package dev.weir.interop;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.weir.protocol.handshake.AcceptKey;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What a server does with one connection, as a conformance case in JavaScript tells it, and what it
 * sees meanwhile. Runs on one thread; {@link #go}, {@link #drop} and {@link #seen} may be called by
 * others.
 *
 * <p>The steps, each an array: {@code accept} with header lines to add; {@code acceptDeflate},
 * which agrees to permessage-deflate if that is offered; {@code answer} with the literal text of a
 * response, in which {@code %ACCEPT%} stands for the right Sec-WebSocket-Accept; {@code text},
 * {@code binary}, {@code ping} (hexadecimal payload), {@code close} (code and reason, or nothing),
 * {@code hex} (literal bytes), {@code numbers} (so many text messages, from 0), {@code read} (so
 * many frames), {@code readClose} (frames up to a Close), {@code answerClose} (the same, and echo
 * it), {@code go} (waits until the case says so), {@code end} (closes TCP), {@code reset}. What is
 * written up to the next step that waits goes out in one piece. After the last step a Close is
 * awaited and answered, if that has not been done, and TCP is closed.
 */
final class PeerScript {
  private static final HexFormat HEX = HexFormat.of();
  private static final int SHOWN_BYTES = 256;
  private static final long SECONDS = 20;

  private final JsonArray steps;
  private final Semaphore gos = new Semaphore(0);
  private final CompletableFuture<JsonObject> seen = new CompletableFuture<>();
  private volatile int connections;
  private volatile RawPeer peer;
  private volatile boolean dropped;

  // Guarded by the thread that runs the script.
  private final ByteArrayOutputStream unsent = new ByteArrayOutputStream();
  private final List<JsonElement> frames = new ArrayList<>();
  private String header = "";
  private boolean closeSent;
  private boolean closeRead;
  private boolean ended;

  PeerScript(JsonArray steps) {
    this.steps = steps;
  }

  /** Does the steps with this connection, whose request's header has been read. */
  void run(RawPeer connection, String request) {
    connections += 1;
    if (connections > 1) {
      return;
    }
    peer = connection;
    header = request;
    String end = "closed";
    try {
      if (dropped) {
        throw new SocketException("dropped");
      }
      for (JsonElement step : steps) {
        run(step.getAsJsonArray());
      }
      finish();
    } catch (EOFException e) {
      end = "end of input";
    } catch (IOException e) {
      end = e.toString();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      seen.complete(report(end));
    }
  }

  private void run(JsonArray step) throws IOException, InterruptedException {
    switch (text(step, 0)) {
      case "accept" -> accept(step);
      case "acceptDeflate" -> acceptDeflate();
      case "answer" -> put(text(step, 1).replace("%ACCEPT%", acceptKey()));
      case "text" -> put(RawPeer.TEXT, text(step, 1).getBytes(StandardCharsets.UTF_8));
      case "binary" -> put(RawPeer.BINARY, HEX.parseHex(text(step, 1)));
      case "ping" -> put(RawPeer.PING, HEX.parseHex(text(step, 1)));
      case "hex" -> unsent.writeBytes(HEX.parseHex(text(step, 1).replace(" ", "")));
      case "close" -> putClose(step);
      case "numbers" -> {
        for (int i = 0; i < step.get(1).getAsInt(); i++) {
          put(RawPeer.TEXT, Integer.toString(i).getBytes(StandardCharsets.UTF_8));
        }
      }
      case "read" -> {
        for (int i = 0; i < step.get(1).getAsInt(); i++) {
          read();
        }
      }
      case "readClose" -> readClose();
      case "answerClose" -> answerClose();
      case "go" -> {
        flush();
        if (!gos.tryAcquire(SECONDS, TimeUnit.SECONDS)) {
          throw new SocketException("expected to be told to go on but was not");
        }
      }
      case "end" -> {
        flush();
        ended = true;
        peer.close();
      }
      case "reset" -> {
        flush();
        ended = true;
        peer.reset();
      }
      default -> throw new IllegalArgumentException("expected a step but was " + step);
    }
  }

  private void finish() throws IOException {
    if (!ended) {
      if (closeSent && !closeRead) {
        readClose();
      } else if (!closeSent) {
        answerClose();
      }
      peer.close();
    }
  }

  private void accept(JsonArray step) {
    var lines = new StringBuilder("HTTP/1.1 101 Switching Protocols\r\n");
    lines.append("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ");
    lines.append(acceptKey()).append("\r\n");
    for (int i = 1; i < step.size(); i++) {
      lines.append(text(step, i)).append("\r\n");
    }
    put(lines.append("\r\n").toString());
  }

  /** Agrees to permessage-deflate where that is offered. */
  private void acceptDeflate() {
    var step = new JsonArray();
    step.add("accept");
    if (header.contains("permessage-deflate")) {
      step.add("Sec-WebSocket-Extensions: permessage-deflate");
    }
    accept(step);
  }

  private String acceptKey() {
    return AcceptKey.acceptFor(RawPeer.field(header, "Sec-WebSocket-Key"));
  }

  private void putClose(JsonArray step) {
    closeSent = true;
    if (step.size() == 1) {
      put(RawPeer.CLOSE, new byte[0]);
      return;
    }
    byte[] reason = step.size() < 3 ? new byte[0] : text(step, 2).getBytes(StandardCharsets.UTF_8);
    put(
        RawPeer.CLOSE,
        ByteBuffer.allocate(2 + reason.length)
            .putShort((short) step.get(1).getAsInt())
            .put(reason)
            .array());
  }

  private void put(String latin1) {
    unsent.writeBytes(latin1.getBytes(StandardCharsets.ISO_8859_1));
  }

  private void put(int first, byte[] payload) {
    unsent.writeBytes(RawPeer.frame(first, payload, false));
  }

  private void flush() throws IOException {
    if (unsent.size() > 0) {
      peer.write(unsent.toByteArray());
      unsent.reset();
    }
  }

  private RawPeer.Frame read() throws IOException {
    flush();
    RawPeer.Frame frame = peer.readFrame();
    closeRead |= (frame.first() & 0x0F) == 8;
    frames.add(show(frame));
    return frame;
  }

  private RawPeer.Frame readClose() throws IOException {
    flush();
    while (true) {
      RawPeer.Frame frame = read();
      if (closeRead) {
        return frame;
      }
    }
  }

  private void answerClose() throws IOException {
    byte[] payload = readClose().payload();
    closeSent = true;
    put(RawPeer.CLOSE, payload);
    flush();
  }

  private static JsonObject show(RawPeer.Frame frame) {
    var shown = new JsonObject();
    shown.addProperty("opcode", frame.first() & 0x0F);
    shown.addProperty("masked", frame.masked());
    shown.addProperty("length", frame.payload().length);
    if (frame.payload().length <= SHOWN_BYTES) {
      shown.addProperty("hex", HEX.formatHex(frame.payload()));
    }
    if ((frame.first() & 0x0F) == 1) {
      shown.addProperty("text", frame.text());
    }
    if ((frame.first() & 0x0F) == 8) {
      shown.addProperty("code", frame.closeCode());
      shown.addProperty("reason", frame.closeReason());
    }
    return shown;
  }

  private JsonObject report(String end) {
    var report = new JsonObject();
    report.addProperty("header", header);
    report.addProperty("ended", end);
    var list = new JsonArray();
    frames.forEach(list::add);
    report.add("frames", list);
    return report;
  }

  private static String text(JsonArray step, int index) {
    return step.get(index).getAsString();
  }

  void go() {
    gos.release();
  }

  /** What it saw, once its connection is over. */
  CompletableFuture<JsonObject> seen() {
    return seen;
  }

  /** How many connections came. */
  int connections() {
    return connections;
  }

  /** Cuts its connection, if there is one. */
  void drop() throws IOException {
    dropped = true;
    gos.release(1000);
    RawPeer connection = peer;
    if (connection != null) {
      connection.close();
    }
  }
}
