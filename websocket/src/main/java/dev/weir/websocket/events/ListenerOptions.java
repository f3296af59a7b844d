package dev.weir.websocket.events;

import dev.weir.streams.AbortSignal;
import org.jspecify.annotations.Nullable;

/**
 * How a listener is added. Immutable: each method returns a changed copy.
 *
 * @param capture whether it is called before those without this option
 * @param once whether it is removed when it is called
 * @param passive whether its {@link Event#preventDefault} has no effect
 * @param signal removes it when it aborts; one that has aborted keeps it from being added
 * @see <a href="https://dom.spec.whatwg.org/#dictdef-addeventlisteneroptions">DOM,
 *     AddEventListenerOptions</a>
 */
public record ListenerOptions(
    boolean capture, boolean once, boolean passive, @Nullable AbortSignal signal) {
  /** None of the options. */
  public static final ListenerOptions DEFAULT = new ListenerOptions(false, false, false, null);

  /** Called before listeners without this option. */
  public ListenerOptions withCapture() {
    return new ListenerOptions(true, once, passive, signal);
  }

  /** Removed when it is called. */
  public ListenerOptions withOnce() {
    return new ListenerOptions(capture, true, passive, signal);
  }

  /** Can not prevent the default. */
  public ListenerOptions withPassive() {
    return new ListenerOptions(capture, once, true, signal);
  }

  /** Removed when this signal aborts. */
  public ListenerOptions withSignal(AbortSignal removing) {
    return new ListenerOptions(capture, once, passive, removing);
  }
}
