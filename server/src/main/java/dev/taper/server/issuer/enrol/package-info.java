/**
 * How agents' keys become known: by a short code that a person confirms, or by the token of a
 * workload; and the names that are published.
 */
@NullMarked
package dev.taper.server.issuer.enrol;

import org.jspecify.annotations.NullMarked;
