package dev.weir.websocket.events;

import dev.weir.streams.AbortSignal;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What events are dispatched at, and listened to. Thread-safe: listeners may be added and removed
 * on any thread, and are called on the one that dispatches.
 *
 * <p>A listener that throws stops neither the others nor the target: what it threw goes to {@link
 * #onListenerError}.
 *
 * @see <a href="https://dom.spec.whatwg.org/#interface-eventtarget">DOM, EventTarget</a>
 */
public class EventTarget {
  private static final Logger LOG = System.getLogger("dev.weir.websocket.events");
  private static final Registration[] NONE = {};

  /** One for all targets: there may be very many, and it is held while an array is copied. */
  private static final ReentrantLock REGISTERING = new ReentrantLock();

  /** Written under the lock, read without it: an array never changes, so a dispatch sees one. */
  private volatile Registration[] registrations = NONE;

  /** Whether a listener ever had the capture option; written before the array that has it. */
  private boolean capturing;

  private volatile BiConsumer<? super Event, ? super Throwable> listenerErrors = EventTarget::log;

  /** A target without listeners. */
  public EventTarget() {}

  /** Adds a listener with no options, as {@link #addEventListener(String, EventListener)} does. */
  public final <E extends Event> void addEventListener(
      EventType<E> type, @Nullable EventListener<? super E> listener) {
    addEventListener(type, listener, ListenerOptions.DEFAULT);
  }

  /**
   * Adds a listener for events of this type and class, as {@link #addEventListener(String,
   * EventListener, ListenerOptions)} does.
   */
  public final <E extends Event> void addEventListener(
      EventType<E> type, @Nullable EventListener<? super E> listener, ListenerOptions options) {
    if (listener != null) {
      add(new Registration(type, listener, options, false), options.signal());
    }
  }

  /** Adds a listener with no options. */
  public final void addEventListener(String type, @Nullable EventListener<? super Event> listener) {
    addEventListener(type, listener, ListenerOptions.DEFAULT);
  }

  /**
   * Adds a listener behind those that are there. Without effect if there is no listener, or if the
   * same one was added before with the same type and capture option. One that is added while an
   * event is dispatched is not called for that event.
   */
  public final void addEventListener(
      String type, @Nullable EventListener<? super Event> listener, ListenerOptions options) {
    addEventListener(new EventType<>(type, Event.class), listener, options);
  }

  private void add(Registration added, @Nullable AbortSignal signal) {
    if (signal != null && signal.aborted()) {
      return;
    }
    REGISTERING.lock();
    try {
      for (Registration present : registrations) {
        if (added.isSameListenerAs(present)) {
          return;
        }
      }
      append(added);
    } finally {
      REGISTERING.unlock();
    }
    added.watchSignal(signal, () -> removeIf(present -> present == added));
  }

  private void append(Registration added) {
    Registration[] more = Arrays.copyOf(registrations, registrations.length + 1);
    more[more.length - 1] = added;
    capturing |= added.isCapturing();
    registrations = more;
  }

  /** Removes a listener that was added without the capture option. */
  public final void removeEventListener(EventType<?> type, @Nullable EventListener<?> listener) {
    removeEventListener(type.name(), listener, ListenerOptions.DEFAULT);
  }

  /** Removes a listener that was added with the same capture option. */
  public final void removeEventListener(
      EventType<?> type, @Nullable EventListener<?> listener, ListenerOptions options) {
    removeEventListener(type.name(), listener, options);
  }

  /** Removes a listener that was added without the capture option. */
  public final void removeEventListener(String type, @Nullable EventListener<?> listener) {
    removeEventListener(type, listener, ListenerOptions.DEFAULT);
  }

  /**
   * Removes a listener that was added with this type and the same capture option, if there is one.
   * It is not called any more, not even for an event that is being dispatched on this thread.
   */
  public final void removeEventListener(
      String type, @Nullable EventListener<?> listener, ListenerOptions options) {
    if (listener != null) {
      removeIf(present -> present.isListener(type, listener, options.capture()));
    }
  }

  /** Removes the one that is meant, and tells whether it was there. */
  private boolean removeIf(Predicate<Registration> meant) {
    REGISTERING.lock();
    try {
      Registration[] present = registrations;
      for (int i = 0; i < present.length; i++) {
        if (meant.test(present[i])) {
          Registration[] fewer = new Registration[present.length - 1];
          System.arraycopy(present, 0, fewer, 0, i);
          System.arraycopy(present, i + 1, fewer, i, fewer.length - i);
          registrations = fewer;
          present[i].removed();
          return true;
        }
      }
      return false;
    } finally {
      REGISTERING.unlock();
    }
  }

  /**
   * Calls the listeners for this event now, on this thread.
   *
   * @return whether no listener has cancelled it
   * @throws dev.weir.streams.InvalidStateError if it is being dispatched already
   */
  public final boolean dispatchEvent(Event event) {
    return dispatch(event, false);
  }

  /** Dispatches an event of this target's own, a trusted one, on this thread. */
  protected final boolean fire(Event event) {
    return dispatch(event, true);
  }

  /**
   * Dispatches an event of this target's own that is one of very many.
   *
   * <p>It does what {@link #fire} does, by branches and calls of its own: compilers look at each
   * for itself. Those of rare events meet several classes of listeners, and events that nobody
   * listens to; with these alone, and small enough to become part of the caller, an event whose
   * listener does not keep it need not be allocated.
   */
  protected final boolean fireFrequent(Event event) {
    event.dispatchBegins(this, true);
    Registration[] present = registrations;
    Registration only = onlyCandidate(present, event.type());
    if (only != null && only.isFor(event)) {
      boolean unused = invoke(only, event, true);
    } else {
      invokeAll(present, event);
    }
    event.dispatchEnds();
    return !event.defaultPrevented();
  }

  /** The only one that may be for events of this type, or null if there are several or none. */
  private static @Nullable Registration onlyCandidate(Registration[] present, String type) {
    Registration found = null;
    for (Registration registration : present) {
      if (registration.mayBeFor(type)) {
        if (found != null) {
          return null;
        }
        found = registration;
      }
    }
    return found;
  }

  private boolean dispatch(Event event, boolean byItself) {
    event.dispatchBegins(this, byItself);
    invokeAll(registrations, event);
    event.dispatchEnds();
    return !event.defaultPrevented();
  }

  private void invokeAll(Registration[] present, Event event) {
    if (capturing) {
      invoke(present, event, true);
    }
    if (!event.isStopped()) {
      invoke(present, event, false);
    }
  }

  private void invoke(Registration[] present, Event event, boolean ofCapturing) {
    for (Registration registration : present) {
      if (registration.isFor(event)
          && registration.isCapturing() == ofCapturing
          && !invoke(registration, event, false)) {
        return;
      }
    }
  }

  /** Calls a listener, and tells whether the next may be called. */
  private boolean invoke(Registration registration, Event event, boolean frequent) {
    if (registration.isOnce() && !removeIf(other -> other == registration)) {
      return true;
    }
    event.inPassiveListener(registration.isPassive());
    try {
      registration.call(event, frequent);
    } catch (Throwable thrown) {
      report(event, thrown);
    }
    return !event.isStoppedImmediately();
  }

  private void report(Event event, Throwable thrown) {
    try {
      listenerErrors.accept(event, thrown);
    } catch (Throwable another) {
      another.addSuppressed(thrown);
      log(event, another);
    }
  }

  private static void log(Event event, Throwable thrown) {
    LOG.log(Level.WARNING, "a listener of " + event + " failed", thrown);
  }

  /**
   * Says where the exceptions of listeners go, each with the event that it was called for. They are
   * logged as warnings of {@code dev.weir.websocket.events} unless this is set.
   */
  public final void onListenerError(BiConsumer<? super Event, ? super Throwable> reporter) {
    listenerErrors = Objects.requireNonNull(reporter, "reporter");
  }

  /** The event handler of this type, null if there is none. */
  @SuppressWarnings("unchecked") // it was set with the same type
  protected final <E extends Event> @Nullable EventListener<? super E> handler(EventType<E> type) {
    for (Registration present : registrations) {
      if (present.isHandler(type.name())) {
        return (EventListener<? super E>) present.listener();
      }
    }
    return null;
  }

  /**
   * Sets the event handler of this type. It has its turn among the listeners by when it was set
   * where there was none; to set it to null takes it away.
   *
   * @see <a
   *     href="https://html.spec.whatwg.org/multipage/webappapis.html#event-handler-attributes">HTML,
   *     event handlers</a>
   */
  protected final <E extends Event> void handler(
      EventType<E> type, @Nullable EventListener<? super E> wanted) {
    if (wanted == null) {
      removeIf(present -> present.isHandler(type.name()));
      return;
    }
    REGISTERING.lock();
    try {
      for (Registration present : registrations) {
        if (present.isHandler(type.name())) {
          present.changeTo(wanted);
          return;
        }
      }
      append(new Registration(type, wanted, ListenerOptions.DEFAULT, true));
    } finally {
      REGISTERING.unlock();
    }
  }
}
