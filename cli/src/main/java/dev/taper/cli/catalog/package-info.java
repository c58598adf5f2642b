/** {@code taper catalog}: what the tools of a service are, and what a call of them means. */
@NullMarked
package dev.taper.cli.catalog;

import org.jspecify.annotations.NullMarked;
