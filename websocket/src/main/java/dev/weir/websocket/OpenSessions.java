package dev.weir.websocket;

import dev.weir.protocol.close.CloseStatus;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one client or server that have not ended, so that they can be closed together.
 * Thread-safe.
 */
final class OpenSessions {
  private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
  private volatile @Nullable CloseStatus closedWith;

  /** Remembers a session until it ends; one that comes after {@link #close} is closed likewise. */
  void add(Session session) {
    sessions.add(session);
    session.closed().whenComplete((info, error) -> sessions.remove(session));
    CloseStatus status = closedWith;
    if (status != null) {
      session.close(status);
    }
  }

  int size() {
    return sessions.size();
  }

  /** Closes all; the future completes when all that were open have ended, however they did. */
  CompletableFuture<Void> close(CloseStatus status) {
    closedWith = status;
    CompletableFuture<?>[] ends =
        sessions.stream()
            .map(
                session -> {
                  session.close(status);
                  return session.closed().handle((info, error) -> null);
                })
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(ends);
  }
}
