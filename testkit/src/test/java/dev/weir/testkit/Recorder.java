package dev.weir.testkit;

import dev.weir.protocol.handshake.Agreement;
import dev.weir.websocket.opening.HandshakeResponse;
import dev.weir.websocket.spi.ChannelEvents;
import dev.weir.websocket.spi.OpeningEvents;
import dev.weir.websocket.spi.WebSocketChannel;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The owner of a channel that writes down what it is told. */
final class Recorder implements ChannelEvents, OpeningEvents {
  final List<String> events = new ArrayList<>();
  final List<Integer> pieces = new ArrayList<>();
  final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  @Nullable WebSocketChannel channel;
  @Nullable Agreement agreement;
  @Nullable HandshakeResponse response;
  @Nullable Throwable failure;
  private int ends;

  @Override
  public void opened(WebSocketChannel open, Agreement agreed, HandshakeResponse answer) {
    channel = open;
    agreement = agreed;
    response = answer;
    open.start(this);
    ends++;
  }

  @Override
  public void failed(Throwable cause) {
    failure = cause;
    ends++;
  }

  /** How often the opening was reported to have ended. */
  int ends() {
    return ends;
  }

  WebSocketChannel channel() {
    if (channel == null) {
      throw new AssertionError("expected an open channel but was " + failure);
    }
    return channel;
  }

  /** Lays down text in the channel's buffer; in a task of the loop. */
  void commit(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    channel().reserve(utf8.length).put(utf8);
    channel().commit(utf8.length);
  }

  void write(String text) {
    commit(text);
    channel().flush();
  }

  String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void received(ByteBuffer piece) {
    byte[] copy = new byte[piece.remaining()];
    piece.get(copy);
    bytes.writeBytes(copy);
    pieces.add(copy.length);
  }

  @Override
  public void readComplete() {
    events.add("readComplete");
  }

  @Override
  public void writable() {
    events.add("writable");
  }

  @Override
  public void flushed() {
    events.add("flushed");
  }

  @Override
  public void inputEnding() {
    events.add("inputEnding");
  }

  @Override
  public void inputShut() {
    events.add("inputShut");
  }

  @Override
  public void closed(@Nullable Throwable cause) {
    events.add("closed" + (cause == null ? "" : " by " + cause.getMessage()));
  }
}
