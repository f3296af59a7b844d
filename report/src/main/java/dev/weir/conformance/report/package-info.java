/** Ties the rules to the tests that show them and writes the page that says so. */
@NullMarked
package dev.weir.conformance.report;

import org.jspecify.annotations.NullMarked;
