/** Reading, testing, checking, formatting and explaining policies. */
@NullMarked
package dev.taper.cli.policy;

import org.jspecify.annotations.NullMarked;
