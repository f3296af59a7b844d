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

  // Flags.
  private static final int CANCELABLE = 1;
  private static final int CANCELED = 1 << 1;
  private static final int DISPATCHED = 1 << 2;
  private static final int TRUSTED = 1 << 3;
  private static final int STOPPED = 1 << 4;
  private static final int STOPPED_IMMEDIATELY = 1 << 5;
  private static final int IN_PASSIVE_LISTENER = 1 << 6;

  private final String type;
  private @Nullable EventTarget target;

  /** All in one byte, since there is an event for each message. */
  private byte flags;

  /** An event that can not be cancelled. */
  public Event(String type) {
    this(type, false);
  }

  /** An event of this type. */
  public Event(String type, boolean cancelable) {
    this.type = Objects.requireNonNull(type, "type");
    this.flags = (byte) (cancelable ? CANCELABLE : 0);
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
    return is(DISPATCHED) ? target : null;
  }

  /** {@link #AT_TARGET} while listeners are called, else {@link #NONE}. */
  public final int eventPhase() {
    return is(DISPATCHED) ? AT_TARGET : NONE;
  }

  /** Whether the target itself dispatched it, and not {@link EventTarget#dispatchEvent}. */
  public final boolean isTrusted() {
    return is(TRUSTED);
  }

  /** Whether {@link #preventDefault} has an effect. */
  public final boolean cancelable() {
    return is(CANCELABLE);
  }

  /** Whether {@link #preventDefault} was called with effect. */
  public final boolean defaultPrevented() {
    return is(CANCELED);
  }

  /** Cancels the event if it is cancelable and the listener is not passive. */
  public final void preventDefault() {
    if (is(CANCELABLE) && !is(IN_PASSIVE_LISTENER)) {
      set(CANCELED);
    }
  }

  /** Keeps the event from listeners without the capture option, when called by one with it. */
  public final void stopPropagation() {
    set(STOPPED);
  }

  /** Keeps the event from all listeners that have not been called yet. */
  public final void stopImmediatePropagation() {
    set(STOPPED | STOPPED_IMMEDIATELY);
  }

  final void dispatchBegins(EventTarget at, boolean byItself) {
    if (is(DISPATCHED)) {
      throw new InvalidStateError(
          "expected an event that is not being dispatched but \"" + type + "\" is");
    }
    target = at;
    flags = (byte) ((flags & ~TRUSTED) | DISPATCHED | (byItself ? TRUSTED : 0));
  }

  final void dispatchEnds() {
    flags &= CANCELABLE | CANCELED | TRUSTED;
  }

  final boolean isStopped() {
    return is(STOPPED);
  }

  final boolean isStoppedImmediately() {
    return is(STOPPED_IMMEDIATELY);
  }

  final void inPassiveListener(boolean passive) {
    if (passive) {
      set(IN_PASSIVE_LISTENER);
    } else {
      flags &= ~IN_PASSIVE_LISTENER;
    }
  }

  private boolean is(int flag) {
    return (flags & flag) != 0;
  }

  private void set(int some) {
    flags |= (byte) some;
  }

  /** Its class and type. */
  @Override
  public String toString() {
    return getClass().getSimpleName() + " " + type;
  }
}
