package dev.weir.websocket.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.websocket.Message;
import dev.weir.websocket.MessageEvent;
import dev.weir.websocket.WebSocketEvents;
import dev.weir.websocket.events.Event;
import dev.weir.websocket.events.EventListener;
import dev.weir.websocket.events.EventTarget;
import dev.weir.websocket.events.ListenerOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Messages reach their listeners by a way of their own, which makes no difference to these. */
@Rule({"W4", "W6"})
class FrequentEventsTest {
  /** Of the same length as "message", and of another. */
  private static final List<String> TYPES = List.of("message", "message", "massage", "open");

  private static final class Target extends EventTarget {
    private final boolean frequent;
    private final List<String> seen = new ArrayList<>();

    Target(boolean frequent) {
      this.frequent = frequent;
      onListenerError((event, thrown) -> seen.add(event.type() + " failed: " + thrown));
    }

    boolean tell(Event event) {
      return frequent ? fireFrequent(event) : fire(event);
    }
  }

  private static Target withRandomListeners(long seed, boolean frequent) {
    Random random = new Random(seed);
    Target target = new Target(frequent);
    List<EventListener<Event>> added = new ArrayList<>();
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      ListenerOptions options = ListenerOptions.DEFAULT;
      options = random.nextInt(4) == 0 ? options.withCapture() : options;
      options = random.nextInt(4) == 0 ? options.withOnce() : options;
      options = random.nextInt(4) == 0 ? options.withPassive() : options;
      String type = TYPES.get(random.nextInt(TYPES.size()));
      int does = random.nextInt(8);
      int number = i;
      EventListener<Event> listener =
          event -> {
            target.seen.add(
                number
                    + " "
                    + event.type()
                    + " in phase "
                    + event.eventPhase()
                    + (event.isTrusted() ? " trusted" : "")
                    + (event.currentTarget() == target ? " here" : " elsewhere"));
            event.preventDefault();
            switch (does) {
              case 0 -> event.stopImmediatePropagation();
              case 1 -> event.stopPropagation();
              case 2 -> throw new IllegalStateException("by listener " + number);
              case 3 -> added.forEach(other -> target.removeEventListener(type, other));
              case 4 -> target.addEventListener(type, late -> target.seen.add("late"));
              default -> {}
            }
          };
      added.add(listener);
      if (random.nextBoolean() && type.equals("message")) {
        target.addEventListener(WebSocketEvents.MESSAGE, listener, options);
      } else {
        target.addEventListener(type, listener, options);
      }
    }
    return target;
  }

  @Test
  void anyListenersAreCalledAsForRareEvents() {
    for (long seed = 0; seed < 5_000; seed++) {
      Target rare = withRandomListeners(seed, false);
      Target frequent = withRandomListeners(seed, true);
      for (int i = 0; i < 3; i++) {
        boolean expected = rare.tell(event(seed));
        assertThat(frequent.tell(event(seed))).as("result, seed %d", seed).isEqualTo(expected);
        assertThat(frequent.seen).as("calls, seed %d", seed).isEqualTo(rare.seen);
      }
    }
  }

  /** Mostly a message; an event of that name and another class; one that can be cancelled. */
  private static Event event(long seed) {
    return switch ((int) (seed % 5)) {
      case 0 -> new Event("message");
      case 1 -> new Event("message", true);
      default -> new MessageEvent(Message.of("a"));
    };
  }
}
