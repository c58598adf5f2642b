/** Decisions and the health of verifiers as metrics of Micrometer and spans of OpenTelemetry. */
@NullMarked
package dev.taper.integrations.telemetry;

import org.jspecify.annotations.NullMarked;
