package dev.weir.websocket.events;

import dev.weir.streams.AbortSignal;
import org.jspecify.annotations.Nullable;

/** One listener, or event handler, of one target. Thread-safe. */
final class Registration {
  private final EventType<?> type;

  /** As much of it as tells most types apart. */
  private final short typeLength;

  private final boolean handler;
  private final boolean capture;
  private final boolean once;
  private final boolean passive;

  /** Of a handler it may change; of a listener it stays. */
  private volatile EventListener<?> listener;

  /** Written under the target's lock. */
  private volatile boolean removed;

  private volatile AbortSignal.@Nullable Registration atSignal;

  Registration(
      EventType<?> type, EventListener<?> listener, ListenerOptions options, boolean handler) {
    this.type = type;
    this.typeLength = (short) type.name().length();
    this.listener = listener;
    this.handler = handler;
    this.capture = options.capture();
    this.once = options.once();
    this.passive = options.passive();
  }

  boolean isListener(String name, EventListener<?> wanted, boolean capturing) {
    return !handler && listener == wanted && capture == capturing && type.name().equals(name);
  }

  boolean isSameListenerAs(Registration other) {
    return other.isListener(type.name(), listener, capture);
  }

  boolean isHandler(String name) {
    return handler && type.name().equals(name);
  }

  /** Whether it can be for events of this type; a quick look, after which to ask further. */
  boolean mayBeFor(String eventType) {
    return typeLength == (short) eventType.length();
  }

  boolean isFor(Event event) {
    return type.isTypeOf(event) && !removed;
  }

  boolean isCapturing() {
    return capture;
  }

  boolean isOnce() {
    return once;
  }

  boolean isPassive() {
    return passive;
  }

  EventListener<?> listener() {
    return listener;
  }

  void changeTo(EventListener<?> other) {
    listener = other;
  }

  /**
   * Calls the listener.
   *
   * @param frequent whether by the call that is kept for frequent events, as {@link
   *     EventTarget#fireFrequent} says
   */
  @SuppressWarnings({
    "unchecked", // the event is of the class that the listener was added for
    "DuplicateBranches" // that is their purpose
  })
  void call(Event event, boolean frequent) throws Exception {
    var called = (EventListener<Event>) listener;
    if (frequent) {
      called.handleEvent(event);
    } else {
      called.handleEvent(event);
    }
  }

  /** Watches the signal that removes it, if there is one, without leaving a trace there. */
  void watchSignal(@Nullable AbortSignal signal, Runnable remove) {
    if (signal != null) {
      AbortSignal.Registration watch = signal.onAbort(reason -> remove.run());
      atSignal = watch;
      if (removed) {
        watch.remove();
      }
    }
  }

  void removed() {
    removed = true;
    AbortSignal.Registration watch = atSignal;
    if (watch != null) {
      watch.remove();
    }
  }
}
