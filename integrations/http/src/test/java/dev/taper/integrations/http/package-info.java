/** Tests of the HTTP binding, against real servers. */
@NullMarked
package dev.taper.integrations.http;

import org.jspecify.annotations.NullMarked;
