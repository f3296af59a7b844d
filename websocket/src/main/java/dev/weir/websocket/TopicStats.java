package dev.weir.websocket;

/**
 * What has happened to a topic's messages so far, and what waits now. Immutable; its figures are
 * read one after the other, so they may be from slightly different moments while messages flow.
 *
 * <p>Once nothing is queued or under way, {@code delivered + dropped} is the number of all messages
 * times the members that each was meant for.
 *
 * @param members connections that are subscribed now
 * @param published messages that were published, refused ones not included
 * @param refused messages that were not published, since too many bytes of others were under way
 * @param delivered messages given to the network, each counted for each member
 * @param dropped messages that a member did not get: dropped as its queue was full, or not sent yet
 *     when its connection was closed or ended; each counted for each member
 * @param closed members that were closed since they did not keep up
 * @param queuedBytes what waits in the queues of all members now, as {@link SlowConsumers} counts
 */
public record TopicStats(
    int members,
    long published,
    long refused,
    long delivered,
    long dropped,
    long closed,
    long queuedBytes) {}
