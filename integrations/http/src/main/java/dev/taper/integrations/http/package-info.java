/** The HTTP binding without a framework: what comes with a request, and what is answered. */
@NullMarked
package dev.taper.integrations.http;

import org.jspecify.annotations.NullMarked;
