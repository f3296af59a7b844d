package dev.weir.websocket;

import dev.weir.websocket.events.Event;
import java.util.Objects;

/**
 * A message that came. Not thread-safe, but its message may be passed on.
 *
 * <pre>{@code
 * socket.onMessage(
 *     event -> {
 *       switch (event.message()) {
 *         case Message.Text(String text) -> System.out.println(text);
 *         case Message.Binary(byte[] bytes) -> System.out.println(bytes.length + " bytes");
 *       }
 *     });
 * }</pre>
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/comms.html#messageevent">HTML,
 *     MessageEvent</a>
 */
public final class MessageEvent extends Event {
  private final Message message;
  private final String origin;
  private final BinaryType binaryType;

  /** A "message" event with this message, from no origin. */
  public MessageEvent(Message message) {
    this(message, "", BinaryType.BYTES);
  }

  /**
   * A "message" event.
   *
   * @param origin whence it comes
   * @param binaryType what {@link #data} makes of a binary message
   */
  public MessageEvent(Message message, String origin, BinaryType binaryType) {
    super("message");
    this.message = Objects.requireNonNull(message, "message");
    this.origin = Objects.requireNonNull(origin, "origin");
    this.binaryType = Objects.requireNonNull(binaryType, "binaryType");
  }

  /** The message. */
  public Message message() {
    return message;
  }

  /**
   * The message as the platform has it: a {@link String}, or for a binary one what the socket's
   * {@link WebSocket#binaryType()} said when it was delivered.
   */
  public Object data() {
    return switch (message) {
      case Message.Text(String text) -> text;
      case Message.Binary(byte[] bytes) -> binaryType.dataOf(bytes);
    };
  }

  /**
   * The text of a text message.
   *
   * @throws IllegalStateException if it is a binary message
   */
  public String text() {
    return switch (message) {
      case Message.Text(String text) -> text;
      case Message.Binary(byte[] bytes) ->
          throw new IllegalStateException(
              "expected a text message but was a binary one of " + bytes.length + " bytes");
    };
  }

  /** The serialized origin of the WebSocket's URL, such as {@code wss://example.com}. */
  public String origin() {
    return origin;
  }

  /** Empty: WebSockets have none. */
  public String lastEventId() {
    return "";
  }
}
