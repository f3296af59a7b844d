package dev.weir.testkit;

/**
 * One connection in memory between a client and a server: two {@link Direction}s with the faults of
 * a network. Not thread-safe: for the thread that drives the loop.
 */
public final class Link {
  private final Direction toServer;
  private final Direction toClient;
  private final MemorySocket client;
  private final MemorySocket server;
  private final String name;

  Link(ManualEventLoop loop, String name) {
    this.name = name;
    toServer = new Direction(loop, "toServer");
    toClient = new Direction(loop, "toClient");
    client = new MemorySocket(loop, toServer, toClient);
    server = new MemorySocket(loop, toClient, toServer);
    toServer.join(toClient, client, server);
    toClient.join(toServer, server, client);
  }

  /** From the client to the server. */
  public Direction toServer() {
    return toServer;
  }

  /** From the server to the client. */
  public Direction toClient() {
    return toClient;
  }

  /** Cuts the bytes of both directions at places that follow from the seed. */
  public Link chunked(long seed) {
    toServer.chunking(Chunking.seeded(seed));
    toClient.chunking(Chunking.seeded(~seed));
    return this;
  }

  /** Stalls both directions: the link is dead and no one is told. */
  public void stall() {
    toServer.stall();
    toClient.stall();
  }

  /** Whether both ends have closed. */
  public boolean isClosed() {
    return client.isGone() && server.isGone();
  }

  MemorySocket clientEnd() {
    return client;
  }

  MemorySocket serverEnd() {
    return server;
  }

  @Override
  public String toString() {
    return name + " " + toServer + " " + toClient;
  }
}
