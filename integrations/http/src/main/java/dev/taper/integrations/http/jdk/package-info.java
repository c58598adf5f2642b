/** A filter for the JDK's own HTTP server. */
@NullMarked
package dev.taper.integrations.http.jdk;

import org.jspecify.annotations.NullMarked;
