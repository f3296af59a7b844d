package dev.weir.websocket.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.conformance.Rule;
import dev.weir.streams.AbortController;
import dev.weir.streams.InvalidStateError;
import dev.weir.websocket.CloseEvent;
import dev.weir.websocket.Message;
import dev.weir.websocket.MessageEvent;
import dev.weir.websocket.WebSocket;
import dev.weir.websocket.WebSocketEvents;
import dev.weir.websocket.events.Event;
import dev.weir.websocket.events.EventListener;
import dev.weir.websocket.events.EventTarget;
import dev.weir.websocket.events.ListenerOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

/** Listeners: how they are added and removed, and what a dispatch does. */
@Rule("W6")
class EventTargetTest {
  private static final ListenerOptions OPTIONS = ListenerOptions.DEFAULT;

  private final EventTarget target = new EventTarget();
  private final List<String> seen = new ArrayList<>();

  private EventListener<Event> says(String what) {
    return event -> seen.add(what);
  }

  private List<String> dispatched(String type) {
    seen.clear();
    target.dispatchEvent(new Event(type));
    return List.copyOf(seen);
  }

  @Test
  void callsTheListenersOfItsTypeInTheOrderTheyWereAdded() {
    target.addEventListener("a", says("1"));
    target.addEventListener("b", says("other"));
    target.addEventListener("a", says("2"));
    target.addEventListener("a", null);
    assertThat(dispatched("a")).containsExactly("1", "2");
    assertThat(dispatched("A")).isEmpty();
  }

  @Test
  void addsTheSameListenerOnlyOncePerTypeAndCapture() {
    EventListener<Event> listener = says("x");
    target.addEventListener("a", listener);
    target.addEventListener("a", listener, OPTIONS.withOnce());
    target.addEventListener("a", listener, OPTIONS.withCapture());
    target.addEventListener("b", listener);
    assertThat(dispatched("a")).hasSize(2);
    assertThat(dispatched("a")).as("the second addition did not make it once").hasSize(2);
    target.removeEventListener("a", listener);
    assertThat(dispatched("a")).hasSize(1);
    target.removeEventListener("a", listener, OPTIONS.withCapture().withPassive());
    assertThat(dispatched("a")).isEmpty();
    assertThat(dispatched("b")).hasSize(1);
    target.removeEventListener("b", null);
    target.removeEventListener("c", listener);
    assertThat(dispatched("b")).hasSize(1);
  }

  @Test
  void callsCapturingListenersFirst() {
    target.addEventListener("a", says("late"));
    target.addEventListener("a", says("early"), OPTIONS.withCapture());
    assertThat(dispatched("a")).containsExactly("early", "late");
  }

  @Test
  void removesAListenerOnceItHasBeenCalledBeforeItIsCalled() {
    target.addEventListener(
        "a",
        event -> {
          seen.add("outer");
          target.dispatchEvent(new Event("a"));
        },
        OPTIONS.withOnce());
    assertThat(dispatched("a")).containsExactly("outer");
    assertThat(dispatched("a")).isEmpty();
  }

  @Test
  void doesNotCallWhatIsAddedOrRemovedDuringTheDispatch() {
    EventListener<Event> removed = says("removed");
    target.addEventListener(
        "a",
        event -> {
          target.removeEventListener("a", removed);
          target.addEventListener("a", says("added"), OPTIONS.withOnce());
        },
        OPTIONS.withOnce());
    target.addEventListener("a", removed);
    assertThat(dispatched("a")).isEmpty();
    assertThat(dispatched("a")).containsExactly("added");
  }

  @Test
  void removesAListenerThatRemovesItself() {
    var self = new ArrayList<EventListener<Event>>();
    self.add(
        event -> {
          seen.add("self");
          target.removeEventListener("a", self.get(0));
        });
    target.addEventListener("a", self.get(0));
    target.addEventListener("a", says("next"));
    assertThat(dispatched("a")).containsExactly("self", "next");
    assertThat(dispatched("a")).containsExactly("next");
  }

  @Test
  void removesAListenerWhenItsSignalAborts() {
    AbortController controller = new AbortController();
    target.addEventListener("a", says("x"), OPTIONS.withSignal(controller.signal()));
    target.addEventListener("b", says("y"), OPTIONS.withSignal(controller.signal()));
    target.addEventListener("a", says("z"));
    assertThat(dispatched("a")).containsExactly("x", "z");
    controller.abort();
    assertThat(dispatched("a")).containsExactly("z");
    assertThat(dispatched("b")).isEmpty();
    target.addEventListener("b", says("late"), OPTIONS.withSignal(controller.signal()));
    assertThat(dispatched("b")).as("an aborted signal adds nothing").isEmpty();
  }

  @Test
  void doesNotCallAListenerWhoseSignalAbortsDuringTheDispatch() {
    AbortController controller = new AbortController();
    target.addEventListener("a", event -> controller.abort());
    target.addEventListener("a", says("x"), OPTIONS.withSignal(controller.signal()));
    assertThat(dispatched("a")).isEmpty();
  }

  @Test
  void reportsWhatAListenerThrowsAndCallsTheOthers() {
    List<String> reported = new ArrayList<>();
    target.onListenerError((event, thrown) -> reported.add(event.type() + " " + thrown));
    target.addEventListener(
        "a",
        event -> {
          throw new Exception("checked");
        });
    target.addEventListener(
        "a",
        event -> {
          throw new AssertionError("error");
        });
    target.addEventListener("a", says("after"));
    assertThat(dispatched("a")).containsExactly("after");
    assertThat(reported)
        .containsExactly("a java.lang.Exception: checked", "a java.lang.AssertionError: error");
  }

  @Test
  void logsWhatListenersThrowUnlessToldOtherwise() {
    target.addEventListener(
        "a",
        event -> {
          throw new IllegalStateException("mine");
        });
    try (LogRecords logged = LogRecords.record()) {
      dispatched("a");
      assertThat(logged.all())
          .singleElement()
          .satisfies(
              logRecord -> {
                assertThat(logRecord.getLevel()).isEqualTo(Level.WARNING);
                assertThat(logRecord.getThrown()).hasMessage("mine");
              });
      target.onListenerError(
          (event, thrown) -> {
            throw new IllegalStateException("the reporter's");
          });
      target.addEventListener("a", says("after"));
      assertThat(dispatched("a")).containsExactly("after");
      assertThat(logged.all()).hasSize(2);
      assertThat(logged.all().get(1).getThrown())
          .hasMessage("the reporter's")
          .hasSuppressedException(new IllegalStateException("mine"));
    }
  }

  @Test
  void stopsWhereAListenerSaysSo() {
    target.addEventListener("a", Event::stopImmediatePropagation);
    target.addEventListener("a", says("not reached"));
    assertThat(dispatched("a")).isEmpty();

    target.addEventListener(
        "b",
        event -> {
          seen.add("first");
          event.stopPropagation();
        },
        OPTIONS.withCapture());
    target.addEventListener("b", says("capturing"), OPTIONS.withCapture());
    target.addEventListener("b", says("not reached"));
    assertThat(dispatched("b")).containsExactly("first", "capturing");
    assertThat(dispatched("b")).as("a new event begins anew").hasSize(2);
  }

  @Test
  void tellsWhetherAListenerHasCancelledIt() {
    Event plain = new Event("a");
    Event cancelable = new Event("a", true);
    Event watched = new Event("passive", true);
    target.addEventListener("a", Event::preventDefault);
    target.addEventListener("passive", Event::preventDefault, OPTIONS.withPassive());
    assertThat(target.dispatchEvent(plain)).isTrue();
    assertThat(plain.defaultPrevented()).isFalse();
    assertThat(target.dispatchEvent(cancelable)).isFalse();
    assertThat(cancelable.defaultPrevented()).isTrue();
    assertThat(target.dispatchEvent(watched)).as("passive").isTrue();
    assertThat(watched.defaultPrevented()).isFalse();
    watched.preventDefault();
    assertThat(watched.defaultPrevented()).as("outside of the listener").isTrue();
  }

  @Test
  void showsTargetAndPhaseWhileItIsDispatched() {
    Event event = new Event("a");
    assertThat(event.target()).isNull();
    assertThat(event.eventPhase()).isEqualTo(Event.NONE);
    target.addEventListener(
        "a",
        now -> {
          seen.add(String.valueOf(now.currentTarget() == target));
          seen.add(String.valueOf(now.eventPhase() == Event.AT_TARGET));
          seen.add(String.valueOf(now.isTrusted()));
        });
    target.dispatchEvent(event);
    assertThat(seen).containsExactly("true", "true", "false");
    assertThat(event.target()).isSameAs(target);
    assertThat(event.currentTarget()).isNull();
    assertThat(event.eventPhase()).isEqualTo(Event.NONE);
  }

  @Test
  void refusesAnEventThatIsBeingDispatched() {
    List<Throwable> reported = new ArrayList<>();
    target.onListenerError((event, thrown) -> reported.add(thrown));
    target.addEventListener("a", target::dispatchEvent);
    target.dispatchEvent(new Event("a"));
    assertThat(reported).singleElement().isInstanceOf(InvalidStateError.class);
  }

  @Test
  void callsTypedListenersWithEventsOfTheirClassOnly() {
    target.addEventListener(WebSocketEvents.CLOSE, event -> seen.add("close " + event.code()));
    target.addEventListener("close", says("any"));
    assertThat(dispatched("close")).containsExactly("any");
    seen.clear();
    target.dispatchEvent(new CloseEvent("close", 4000, "", true));
    assertThat(seen).containsExactly("close 4000", "any");
  }

  @Test
  void removesTypedListenersByTypeOrName() {
    EventListener<MessageEvent> listener = event -> seen.add(event.text());
    target.addEventListener(WebSocketEvents.MESSAGE, listener);
    target.removeEventListener("message", listener);
    target.addEventListener(WebSocketEvents.MESSAGE, listener, OPTIONS.withCapture());
    target.removeEventListener(WebSocketEvents.MESSAGE, listener);
    target.dispatchEvent(new MessageEvent(Message.of("x")));
    assertThat(seen).containsExactly("x");
    target.removeEventListener(WebSocketEvents.MESSAGE, listener, OPTIONS.withCapture());
    target.dispatchEvent(new MessageEvent(Message.of("y")));
    assertThat(seen).containsExactly("x");
  }

  // Event handlers, on a socket.

  private final EventClient client = new EventClient();

  private WebSocket socket() {
    WebSocket socket = client.connect(EventClient.DEFAULT);
    client.base.transport.nextOpening().refuse(403, "");
    return socket;
  }

  @Test
  void runsAHandlerInTheTurnInWhichItWasFirstSet() {
    WebSocket socket = socket();
    socket.addEventListener("close", says("before"));
    socket.onClose(event -> seen.add("replaced"));
    socket.addEventListener("close", says("after"));
    EventListener<Event> handler = says("handler");
    socket.onClose(handler);
    assertThat((Object) socket.onClose()).isSameAs(handler);
    client.run();
    assertThat(seen).containsExactly("before", "handler", "after");
  }

  @Test
  void losesItsTurnWhenItIsSetToNull() {
    WebSocket socket = socket();
    socket.onClose(says("first")).onError(says("error"));
    socket.addEventListener("close", says("listener"));
    socket.onClose(null).onError(null);
    assertThat((Object) socket.onClose()).isNull();
    assertThat((Object) socket.onOpen()).isNull();
    assertThat((Object) socket.onMessage()).isNull();
    assertThat((Object) socket.onError()).isNull();
    socket.onClose(says("again"));
    client.run();
    assertThat(seen).containsExactly("listener", "again");
  }

  @Test
  void isAHandlerBesideTheSameListener() {
    WebSocket socket = socket();
    EventListener<Event> listener = says("x");
    socket.onClose(listener);
    socket.addEventListener("close", listener);
    client.run();
    assertThat(seen).containsExactly("x", "x");
    socket.removeEventListener("close", listener);
    assertThat((Object) socket.onClose()).as("the handler stays").isSameAs(listener);
  }

  @Test
  void callsAHandlerThatAnEarlierListenerHasChanged() {
    WebSocket socket = socket();
    socket.addEventListener("close", event -> socket.onClose(says("changed")));
    socket.onClose(says("unchanged"));
    client.run();
    assertThat(seen).containsExactly("changed");
  }

  @Test
  void refusesAListenerThatIsNoneOnlyWhereItMatters() {
    assertThatThrownBy(() -> new Event(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> target.onListenerError(null)).isInstanceOf(NullPointerException.class);
  }
}
