/** What ties the tests to the rules that they show. */
@NullMarked
package dev.weir.conformance;

import org.jspecify.annotations.NullMarked;
