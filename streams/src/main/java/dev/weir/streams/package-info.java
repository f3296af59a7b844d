/**
 * The WHATWG Streams Standard and AbortSignal for Java: streams whose consumers slow their
 * producers. All public classes are thread-safe.
 *
 * <p>What a promise is in the standard is a {@link java.util.concurrent.CompletableFuture} here.
 * Completing or cancelling a future that a stream returned has no effect on the stream, nor on what
 * others see of that future. Where the standard throws a TypeError because an object is in the
 * wrong state (a locked stream, a released reader), {@link StreamStateException} is thrown or the
 * future fails with it; a RangeError is an {@link IllegalArgumentException}.
 *
 * <p><b>Threads.</b> Any thread may call anything. The platform runs promise reactions as
 * microtasks; here they run on the thread that completes the future, before the call that completed
 * it returns, and never while a stream's lock is held. Methods of a source, sink or transformer are
 * called on the thread whose call made them necessary: {@code pull} mostly on the reader's, {@code
 * write} mostly on the writer's. They return {@code null} when their work is done on return, which
 * is the fast way, or a stage that completes later. {@code pull} calls never overlap one another,
 * and neither do {@code write}, {@code close} and {@code abort} of one sink; but {@code cancel} may
 * be called while {@code pull} runs on another thread.
 *
 * <p><b>Sizes.</b> As in the standard, sizes and high-water marks are doubles, and a high-water
 * mark may be infinite. Where the standard answers {@code null} for the desired size of an errored
 * stream, the answer here is {@link java.lang.Double#NaN}, which is neither greater nor less than
 * zero.
 *
 * <p><b>Chunks</b> are never null. The reason of a {@code cancel} or {@code abort} is a {@link
 * java.lang.Throwable} or null.
 *
 * <p><b>Not here.</b> Readable byte streams (BYOB readers), transferable streams and the text
 * encoding streams are out of scope.
 *
 * @see <a href="https://streams.spec.whatwg.org/">Streams Standard</a>
 */
@NullMarked
package dev.weir.streams;

import org.jspecify.annotations.NullMarked;
