/** A guarded HTTP service on the JDK's server. */
@NullMarked
package dev.taper.examples.http;

import org.jspecify.annotations.NullMarked;
