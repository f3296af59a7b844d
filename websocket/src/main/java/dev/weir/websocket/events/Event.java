package dev.weir.websocket.events;

import dev.weir.streams.InvalidStateError;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened, on its way to the listeners of its target. Not thread-safe: it belongs
 * to the thread that dispatches it.
 *
 * <p>As targets here have no tree, an event does not bubble. It carries no time, since reading the
 * clock would be a notable part of the cost of a small message.
 *
 * @see <a href="https://dom.spec.whatwg.org/#interface-event">DOM, Event</a>
 */
public class Event {
  /** The phase of an event that is not being dispatched. */
  public static final int NONE = 0;

  /** A phase of events in trees, which does not occur here. */
  public static final int CAPTURING_PHASE = 1;

  /** The phase of an event whose listeners are being called. */
  public static final int AT_TARGET = 2;

  /** A phase of events in trees, which does not occur here. */
  public static final int BUBBLING_PHASE = 3;

  private final String type;
  private final boolean cancelable;
  private @Nullable EventTarget target;

  // While it is dispatched.
  private boolean dispatched;
  private boolean trusted;
  private boolean stopped;
  private boolean stoppedImmediately;
  private boolean inPassiveListener;

  private boolean canceled;

  /** An event that can not be cancelled. */
  public Event(String type) {
    this(type, false);
  }

  /** An event of this type. */
  public Event(String type, boolean cancelable) {
    this.type = Objects.requireNonNull(type, "type");
    this.cancelable = cancelable;
  }

  /** The name of its kind, such as "close". */
  public final String type() {
    return type;
  }

  /** Where it is or was dispatched, null if it never was. */
  public final @Nullable EventTarget target() {
    return target;
  }

  /** Whose listeners are being called now, null if none are. */
  public final @Nullable EventTarget currentTarget() {
    return dispatched ? target : null;
  }

  /** {@link #AT_TARGET} while listeners are called, else {@link #NONE}. */
  public final int eventPhase() {
    return dispatched ? AT_TARGET : NONE;
  }

  /** Whether the target itself dispatched it, and not {@link EventTarget#dispatchEvent}. */
  public final boolean isTrusted() {
    return trusted;
  }

  /** Whether {@link #preventDefault} has an effect. */
  public final boolean cancelable() {
    return cancelable;
  }

  /** Whether {@link #preventDefault} was called with effect. */
  public final boolean defaultPrevented() {
    return canceled;
  }

  /** Cancels the event if it is cancelable and the listener is not passive. */
  public final void preventDefault() {
    if (cancelable && !inPassiveListener) {
      canceled = true;
    }
  }

  /** Keeps the event from listeners without the capture option, when called by one with it. */
  public final void stopPropagation() {
    stopped = true;
  }

  /** Keeps the event from all listeners that have not been called yet. */
  public final void stopImmediatePropagation() {
    stopped = true;
    stoppedImmediately = true;
  }

  final void dispatchBegins(EventTarget at, boolean byItself) {
    if (dispatched) {
      throw new InvalidStateError(
          "expected an event that is not being dispatched but \"" + type + "\" is");
    }
    dispatched = true;
    target = at;
    trusted = byItself;
  }

  final void dispatchEnds() {
    dispatched = false;
    stopped = false;
    stoppedImmediately = false;
  }

  final boolean isStopped() {
    return stopped;
  }

  final boolean isStoppedImmediately() {
    return stoppedImmediately;
  }

  final void inPassiveListener(boolean passive) {
    inPassiveListener = passive;
  }

  /** Its class and type. */
  @Override
  public String toString() {
    return getClass().getSimpleName() + " " + type;
  }
}
