package dev.weir.websocket.events;

import dev.weir.streams.AbortSignal;
import org.jspecify.annotations.Nullable;

/** One listener, or event handler, of one target. Thread-safe. */
final class Registration {
  private final EventType<?> type;
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

  @SuppressWarnings("unchecked") // the event is of the class that the listener was added for
  void call(Event event) throws Exception {
    ((EventListener<Event>) listener).handleEvent(event);
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
