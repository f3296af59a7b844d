/**
 * The events of the DOM Standard, as far as a target without a tree has them: {@link
 * dev.weir.websocket.events.EventTarget}, {@link dev.weir.websocket.events.Event} and the options
 * of listeners.
 *
 * @see <a href="https://dom.spec.whatwg.org/#events">DOM, events</a>
 */
package dev.weir.websocket.events;
